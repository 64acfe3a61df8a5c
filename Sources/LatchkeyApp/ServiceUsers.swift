public import LatchkeyCore
import LatchkeyStore

/// The first token of a service user that is made together with it.
public struct FirstToken: Hashable, Sendable {
    public let name: String
    public let lifetime: Lifetime
    public let isSCIMOnly: Bool

    public init(name: String, lifetime: Lifetime, isSCIMOnly: Bool = false) {
        self.name = name
        self.lifetime = lifetime
        self.isSCIMOnly = isSCIMOnly
    }
}

/// What would become of a name.
public struct HandlePreview: Hashable, Sendable {
    /// `nil` when nothing of the name is left.
    public let handle: String?
    public let isTaken: Bool
    public let saysNothing: Bool
}

/// Making service users step by step.
extension App {
    /// Checks all that making it checks, and makes nothing.
    public func rehearseServiceUser(_ request: NewServiceUser, as caller: Caller) async throws(Refusal) {
        try caller.require(.manageUsers)
        let now = ambient.now()
        try await store.read { db throws(Refusal) in
            _ = try db.creation(of: request, id: ID(0), by: caller, at: now)
        }
    }

    /// Makes a service user and its first token in one transaction: both or neither. Flaws of the token are told below
    /// `/token`.
    public func createServiceUser(
        _ request: NewServiceUser, with first: FirstToken, as caller: Caller
    ) async throws(Refusal) -> IssuedToken {
        try caller.require(.manageUsers)
        try caller.require(.manageTokens)
        let now = ambient.now()
        let (handle, use) = (try request.handle(), first.isSCIMOnly ? TokenUse.scim : .service)
        _ = try Self.ofToken { () throws(Refusal) in try policy.expiry(of: first.lifetime, at: now) }
        let minted = try mint(
            try await tokenIDs.next(), subject: handle, use: use, lifetime: first.lifetime, at: now)
        let summary = try await commit(as: caller) { db throws(Refusal) in
            let (user, creation) = try db.creation(of: request, id: db.nextID(), by: caller, at: now)
            let asked = NewToken(
                name: first.name, owner: user.id, lifetime: first.lifetime, isSCIMOnly: first.isSCIMOnly)
            let (token, issue) = try Self.ofToken { () throws(Refusal) in
                try Token.issue(asked, minted.minting, to: user, teams: [], isNameTaken: false, by: caller)
            }
            try db.apply(creation)
            try db.apply(issue)
            return try db.detail(of: token.id)
        }
        return IssuedToken(summary: summary, secret: minted.secret)
    }

    private static func ofToken<Value>(_ body: () throws(Refusal) -> Value) throws(Refusal) -> Value {
        do throws(Refusal) {
            return try body()
        } catch .invalid(let flaws) {
            throw .invalid(flaws.map { Flaw(pointer: "/token" + $0.pointer, detail: $0.detail) })
        }
    }

    /// The handle that a name gives, as somebody types it.
    public func previewHandle(of name: String, as caller: Caller) async throws(Refusal) -> HandlePreview {
        try caller.require(.manageUsers)
        guard let handle = Handle.service(for: name) else {
            return HandlePreview(handle: nil, isTaken: false, saysNothing: false)
        }
        let isTaken = try await store.read { db throws(Refusal) in try db.user(handle: handle) != nil }
        return HandlePreview(handle: handle, isTaken: isTaken, saysNothing: Handle.saysNothing(handle))
    }
}

extension Transaction {
    /// What making a service user would write, or why it is refused.
    func creation(
        of request: NewServiceUser, id: ID<User>, by caller: Caller, at now: Timestamp
    ) throws(Refusal) -> (user: User, decision: Decision) {
        let handle = try request.handle()
        guard try user(handle: handle) == nil else {
            throw .conflict("The user_id \(handle) is taken. Choose a name that gives another one.")
        }
        let teams = try teams(named: request.teams)
        try requireOwner(request.owner)
        return try User.create(request, id: id, teams: teams, by: caller, at: now)
    }
}
