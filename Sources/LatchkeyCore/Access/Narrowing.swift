import Foundation

/// Limits that a token carries beyond those of its account. `nil` means no limit in that respect;
/// an empty set means nothing at all.
public struct Narrowing: Hashable, Sendable {
    public var role: Role?
    public var teams: Set<ID<Team>>?
    public var actions: Set<String>?
    public var addresses: [AddressBlock]?

    public init(
        role: Role? = nil, teams: Set<ID<Team>>? = nil, actions: Set<String>? = nil, addresses: [AddressBlock]? = nil
    ) {
        self.role = role
        self.teams = teams
        self.actions = actions
        self.addresses = addresses
    }

    public static let none = Narrowing()

    public var isNone: Bool { self == .none }

    public func allows(_ address: Address?) -> Bool {
        guard let addresses else { return true }
        guard let address else { return false }
        return addresses.contains { $0.contains(address) }
    }

    public func allows(action: String) -> Bool {
        actions?.contains(action) ?? true
    }

    /// Both limits at once: what a token made through a narrowed token can at most be.
    public func within(_ outer: Narrowing) -> Narrowing {
        Narrowing(
            role: Self.both(role, outer.role) { min($0, $1) },
            teams: Self.both(teams, outer.teams) { $0.intersection($1) },
            actions: Self.both(actions, outer.actions) { $0.intersection($1) },
            addresses: Self.both(addresses, outer.addresses, Self.common))
    }

    /// Whether `self` opens nothing that `outer` does not.
    public func isWithin(_ outer: Narrowing) -> Bool {
        Self.isWithin(role, outer.role) { $0 <= $1 } && Self.isWithin(teams, outer.teams) { $0.isSubset(of: $1) }
            && Self.isWithin(actions, outer.actions) { $0.isSubset(of: $1) }
            && Self.isWithin(addresses, outer.addresses) { own, theirs in
                own.allSatisfy { block in theirs.contains { $0.contains(block) } }
            }
    }

    private static func isWithin<Limit>(_ own: Limit?, _ outer: Limit?, _ lies: (Limit, Limit) -> Bool) -> Bool {
        guard let outer else { return true }
        return own.map { lies($0, outer) } ?? false
    }

    private static func both<Limit>(_ one: Limit?, _ other: Limit?, _ combine: (Limit, Limit) -> Limit) -> Limit? {
        guard let one else { return other }
        guard let other else { return one }
        return combine(one, other)
    }

    /// Two blocks are either nested or apart, so the inner of each nested pair is the whole intersection.
    private static func common(_ one: [AddressBlock], _ other: [AddressBlock]) -> [AddressBlock] {
        one.filter { block in other.contains { $0.contains(block) } }
            + other.filter { block in one.contains { $0.contains(block) && $0 != block } }
    }
}

extension Narrowing {
    /// How a narrowing is kept in its column: a JSON object with the limits that are there.
    private struct Stored: Codable {
        var role: String?
        var teams: [Int64]?
        var actions: [String]?
        var addresses: [String]?
    }

    /// `nil` for no narrowing at all.
    public var stored: String? {
        guard !isNone else { return nil }
        let stored = Stored(
            role: role?.rawValue, teams: teams?.map(\.value).sorted(), actions: actions?.sorted(),
            addresses: addresses?.map(\.description))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(stored)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Reads what `stored` wrote. A text that cannot be read narrows to nothing at all: a fault must not widen a token.
    public init(stored: String?) {
        guard let stored else {
            self = .none
            return
        }
        guard let read = try? JSONDecoder().decode(Stored.self, from: Data(stored.utf8)) else {
            self.init(role: .member, teams: [], actions: [], addresses: [])
            return
        }
        self.init(
            role: read.role.map { Role(rawValue: $0) ?? .member },
            teams: read.teams.map { Set($0.map { ID<Team>($0) }) },
            actions: read.actions.map { Set($0) },
            addresses: read.addresses.map { $0.compactMap { AddressBlock($0) } })
    }
}
