import LatchkeyCore

/// What one token did since the last batch.
///
/// Most tokens are used by one program on few routes, so that rows are few and looking through them is fast. Strings
/// are compared as they come: routes are the router's own, and share their storage.
struct UsageTally: Sendable {
    private struct Row: Sendable {
        let hour: Int64
        let method: String
        let route: String
        /// `nil` for an unknown one; rows under `other` have none either.
        let address: Address?
        let agent: String
        let outcome: UseOutcome
        let isOther: Bool
        var count: Int64
        var first: Timestamp
        var last: Timestamp
    }

    private var rows: [Row] = []
    private(set) var last: Use
    /// The family of `last`'s user agent.
    private var family: String

    init(_ use: Use) {
        last = use
        family = UserAgent.family(use.userAgent)
    }

    var rowCount: Int { rows.count }
    /// Whether a batch has been given the last use as it is now.
    var isLastUseTaken = false

    /// - Returns: how many rows were added, 0 or 1.
    mutating func add(_ use: Use, mostRows: Int) -> Int {
        if use.userAgent != last.userAgent { family = UserAgent.family(use.userAgent) }
        if use.at >= last.at { (last, isLastUseTaken) = (use, false) }
        let hour = use.at.hour
        var rowsOfHour = 0
        for place in rows.indices where rows[place].hour == hour {
            rowsOfHour += 1
            if isSame(place, use) {
                count(place, use)
                return 0
            }
        }
        // The rows under `other`, one for each outcome, are within the bound.
        let isOther = rowsOfHour + UseOutcome.allCases.count >= mostRows
        return addRow(use, hour: hour, isOther: isOther)
    }

    private func isSame(_ place: Int, _ use: Use) -> Bool {
        let row = rows[place]
        return !row.isOther && row.outcome == use.outcome && row.route == use.route && row.method == use.method
            && row.address == use.address && row.agent == family
    }

    private mutating func count(_ place: Int, _ use: Use) {
        rows[place].count += 1
        rows[place].first = min(rows[place].first, use.at)
        rows[place].last = max(rows[place].last, use.at)
    }

    private mutating func addRow(_ use: Use, hour: Int64, isOther: Bool) -> Int {
        if isOther,
            let place = rows.firstIndex(where: { $0.isOther && $0.hour == hour && $0.outcome == use.outcome })
        {
            count(place, use)
            return 0
        }
        let other = UsageKey.other
        rows.append(
            Row(
                hour: hour, method: isOther ? other : use.method, route: isOther ? other : use.route,
                address: isOther ? nil : use.address, agent: isOther ? other : family, outcome: use.outcome,
                isOther: isOther, count: 1, first: use.at, last: use.at))
        return 1
    }

    /// What came first, then what came after it.
    func followed(by later: UsageTally) -> UsageTally {
        var both = self
        both.rows += later.rows
        if later.last.at >= last.at {
            (both.last, both.family, both.isLastUseTaken) = (later.last, later.family, later.isLastUseTaken)
        }
        return both
    }

    func add(to counts: inout [UsageCount], of token: ID<Token>, _ words: inout UseWords) {
        for row in rows {
            let address = row.isOther ? UsageKey.other : row.address.map { words.text(of: $0) } ?? ""
            let key = UsageKey(
                token: token, hour: row.hour, method: row.method, route: row.route, address: address,
                agent: row.agent, outcome: row.outcome)
            counts.append(UsageCount(key: key, count: row.count, first: row.first, last: row.last))
        }
    }
}

extension Timestamp {
    /// Hours since 1970.
    fileprivate var hour: Int64 { seconds / 3600 }
}

/// Refused uses of one token for one reason within a minute.
struct RefusalTally: Sendable {
    private var last: Use
    private let owner: ID<User>?
    private var count: Int64 = 0

    init(_ use: Use, _ refused: RefusedUse) {
        last = use
        owner = refused.owner
    }

    mutating func add(_ use: Use) {
        count += 1
        if use.at >= last.at { last = use }
    }

    func followed(by later: RefusalTally) -> RefusalTally {
        var both = later
        both.count += count
        return both
    }

    func event(token: ID<Token>, reason: RefusedUse.Reason) -> AuditEvent {
        AuditEvent(
            at: last.at, origin: Origin(address: last.address, userAgent: last.userAgent.map { UserAgent.clipped($0) }),
            actor: AuditEvent.Actor(user: owner, handle: "anonymous", token: token), verb: .refuse,
            objectType: .token, objectID: token.value,
            changes: [
                FieldChange("reason", after: .text(reason.rawValue)), FieldChange("count", after: .number(count)),
                FieldChange("route", after: .text("\(last.method) \(last.route)")),
            ], outcome: .refused)
    }
}

/// What programs call themselves.
enum UserAgent {
    private static let longestFamily = 32
    private static let longest = 256

    /// The first product's name without its version (RFC 9110 §10.1.5): `python-requests` of `python-requests/2.31`.
    /// Empty when there is none.
    static func family(_ agent: String?) -> String {
        guard let agent else { return "" }
        let bytes = agent.utf8.prefix(longestFamily).prefix { byte in
            byte > 0x20 && byte < 0x7f && byte != UInt8(ascii: "/") && byte != UInt8(ascii: "(")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func clipped(_ agent: String) -> String { agent.clipped(to: longest) }
}

extension String {
    /// What is longer loses its end.
    func clipped(to byteCount: Int) -> String {
        utf8.count <= byteCount ? self : String(decoding: utf8.prefix(byteCount), as: UTF8.self)
    }
}
