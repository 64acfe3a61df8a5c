public import LatchkeyCore

/// An account as verification and `GET /api/users/me` need it.
public final class Account: Sendable {
    public let id: ID<User>
    public let handle: String
    public let userName: String
    public let email: String?
    public let name: String
    public let type: UserType
    public let role: Role
    public let isActive: Bool

    public init(
        id: ID<User>, handle: String, userName: String, email: String?, name: String, type: UserType, role: Role,
        isActive: Bool
    ) {
        self.id = id
        self.handle = handle
        // Most are alike, and then share one string.
        self.userName = userName == handle ? handle : userName
        self.email = email == userName ? self.userName : email
        self.name = name
        self.type = type
        self.role = role
        self.isActive = isActive
    }
}

/// A set of teams as accounts hold it. Accounts with the same teams share one.
public final class Membership: Sendable {
    public let teams: Set<ID<Team>>
    /// `Public` first, then by name; parallel to `names`.
    public let ordered: [ID<Team>]
    public let names: [String]

    init(_ teams: [(id: ID<Team>, name: String)]) {
        self.teams = Set(teams.map(\.id))
        ordered = teams.map(\.id)
        names = teams.map(\.name)
    }

    static let none = Membership([])
}

/// What the index is told about an account.
struct AccountFacts: Sendable {
    let account: Account
    let teams: [ID<Team>]
}

/// Accounts by a small number of their own, which records hold, and their teams. Not safe for concurrent use.
struct AccountDirectory {
    private struct Entry {
        /// `nil` until the account itself is heard of.
        var account: Account?
        var membership: Int
    }

    private struct Circle {
        let key: [ID<Team>]
        var membership: Membership
        var users = 0
    }

    private var entries: [Entry] = []
    private var places: [ID<User>: UInt32] = [:]
    private var byHandle: [String: UInt32] = [:]
    private var shared: [Circle] = [Circle(key: [], membership: .none, users: 1)]
    private var free: [Int] = []
    private var sharedPlaces: [[ID<Team>]: Int] = [[]: 0]
    private var teams: [ID<Team>: (team: Team, order: String)] = [:]

    var count: Int { entries.count }

    subscript(place: UInt32) -> (account: Account?, membership: Membership) {
        let entry = entries[Int(place)]
        return (entry.account, shared[entry.membership].membership)
    }

    func find(_ id: ID<User>) -> (account: Account, membership: Membership)? {
        guard let place = places[id], let account = self[place].account else { return nil }
        return (account, self[place].membership)
    }

    func find(handle: String) -> (account: Account, membership: Membership)? {
        guard let place = byHandle[handle], let account = self[place].account else { return nil }
        return (account, self[place].membership)
    }

    func permission(of team: ID<Team>) -> TeamPermission? { teams[team]?.team.permission }

    /// The place of an account, made if need be: a token may be heard of before its account.
    mutating func place(of id: ID<User>) -> UInt32 {
        if let place = places[id] { return place }
        let place = UInt32(entries.count)
        entries.append(Entry(account: nil, membership: 0))
        places[id] = place
        return place
    }

    mutating func set(_ facts: AccountFacts) {
        let place = Int(place(of: facts.account.id))
        if let gone = entries[place].account?.handle, byHandle[gone] == UInt32(place) { byHandle[gone] = nil }
        byHandle[facts.account.handle] = UInt32(place)
        let old = entries[place].membership
        entries[place] = Entry(account: facts.account, membership: share(facts.teams.sorted()))
        release(old)
    }

    private mutating func share(_ key: [ID<Team>]) -> Int {
        if let place = sharedPlaces[key] {
            shared[place].users += 1
            return place
        }
        let new = Circle(key: key, membership: membership(key), users: 1)
        let place = free.popLast() ?? shared.count
        if place == shared.count { shared.append(new) } else { shared[place] = new }
        sharedPlaces[key] = place
        return place
    }

    private mutating func release(_ place: Int) {
        guard place != 0 else { return }
        shared[place].users -= 1
        guard shared[place].users == 0 else { return }
        sharedPlaces[shared[place].key] = nil
        shared[place] = Circle(key: [], membership: .none)
        free.append(place)
    }

    /// A team that is not known (any more) is left out: it opens nothing.
    private func membership(_ key: [ID<Team>]) -> Membership {
        func rank(_ known: (team: Team, order: String)) -> (Int, String, ID<Team>) {
            (known.team.isPublic ? 0 : 1, known.order, known.team.id)
        }
        let known = key.compactMap { teams[$0] }.sorted { rank($0) < rank($1) }
        return Membership(known.map { ($0.team.id, $0.team.name) })
    }

    mutating func set(_ changed: [Team]) {
        for team in changed { teams[team.id] = (team, team.name.folded) }
        rebuild(Set(changed.map(\.id)))
    }

    mutating func removeTeams(_ ids: [ID<Team>]) {
        for id in ids { teams[id] = nil }
        rebuild(Set(ids))
    }

    private mutating func rebuild(_ changed: Set<ID<Team>>) {
        for place in shared.indices where shared[place].key.contains(where: changed.contains) {
            shared[place].membership = membership(shared[place].key)
        }
    }
}
