import LatchkeyCore
import LatchkeyStore
import LatchkeyTestSupport

/// Values that tests of the store put in and look for again.
enum Sample {
    static let now = HandClock.start

    static func user(
        _ id: ID<User>, _ handle: String, name: String? = nil, type: UserType = .service, role: Role = .member
    ) -> User {
        User(
            id: id, type: type, handle: handle, userName: handle, email: type == .human ? handle : nil,
            name: name ?? handle, role: role, createdAt: now, createdBy: nil)
    }

    static func token(
        _ id: Int64, owner: ID<User>, name: String? = nil, expiresAt: Timestamp? = nil, predecessor: ID<Token>? = nil
    ) -> Token {
        Token(
            id: ID(id), owner: owner, type: .service, isSCIMOnly: false, name: name ?? "token \(id)",
            digest: digest(id), hint: "wxyz", signedBy: "lkAAAAAAAA", createdAt: now, createdBy: nil,
            expiresAt: expiresAt, predecessor: predecessor)
    }

    static func digest(_ number: Int64, generation: Int = 1) -> TokenDigest {
        TokenDigest(bytes: CountingBytes(seed: UInt64(number)).bytes(32), generation: generation)
    }

    static func event(_ verb: Verb = .create, _ type: ObjectType = .user, _ id: Int64 = 1) -> AuditEvent {
        AuditEvent(verb, type, id, by: Caller(.host), at: now)
    }

    static func decision(_ changes: Change...) -> Decision {
        Decision(event(), changes)
    }
}

extension WriteTransaction {
    @discardableResult
    func givenUser(_ handle: String, name: String? = nil, type: UserType = .service, role: Role = .member)
        throws(Refusal) -> User
    {
        let user = Sample.user(try nextID(), handle, name: name, type: type, role: role)
        try apply(Sample.decision(.insertUser(user)))
        return user
    }

    @discardableResult
    func givenToken(
        owner: ID<User>, name: String? = nil, expiresAt: Timestamp? = nil, predecessor: ID<Token>? = nil
    ) throws(Refusal) -> Token {
        let id = try reserveIDs(1).lowerBound
        let token = Sample.token(id, owner: owner, name: name, expiresAt: expiresAt, predecessor: predecessor)
        try apply(Sample.decision(.insertToken(token)))
        return token
    }

    @discardableResult
    func givenTeam(_ name: String) throws(Refusal) -> Team {
        let team = Team(
            id: try nextID(), name: name, description: "", permission: .editor, createdAt: Sample.now, createdBy: nil)
        try apply(Sample.decision(.insertTeam(team)))
        return team
    }

    @discardableResult
    func givenResource(_ kind: String, _ name: String) throws(Refusal) -> Resource {
        let resource = Resource(
            id: try nextID(), kind: kind, name: name, externalID: nil, description: "", createdAt: Sample.now,
            createdBy: nil)
        try apply(Sample.decision(.insertResource(resource)))
        return resource
    }
}

/// The refusal that something throws, for a test to compare.
func refusal(_ attempt: () async throws(Refusal) -> Void) async -> Refusal? {
    do throws(Refusal) {
        try await attempt()
        return nil
    } catch {
        return error
    }
}

extension Refusal {
    var isConflict: Bool {
        if case .conflict = self { return true }
        return false
    }

    var isUnavailable: Bool {
        if case .unavailable = self { return true }
        return false
    }
}
