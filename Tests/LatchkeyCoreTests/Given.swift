import LatchkeyCore

/// Values that many tests of rules begin with.
enum Given {
    static let now = Timestamp(seconds: 1_800_000_000)

    static func caller(
        _ role: Role, id: Int64 = 1, type: UserType = .human, scimOnly: Bool = false, narrowing: Narrowing = .none
    ) -> Caller {
        Caller(
            .bearer(
                .init(
                    user: ID(id), handle: "ada@example.com", userType: type, role: role, token: ID(9),
                    scimOnly: scimOnly, narrowing: narrowing, teams: [])))
    }

    static func person(_ id: Int64 = 1, role: Role = .admin, deactivatedAt: Timestamp? = nil) -> User {
        User(
            id: ID(id), type: .human, handle: "ada@example.com", userName: "ada@example.com", email: "ada@example.com",
            name: "Ada", role: role, createdAt: now, createdBy: nil, deactivatedAt: deactivatedAt)
    }

    static func serviceUser(_ id: Int64 = 7, role: Role = .member, deactivatedAt: Timestamp? = nil) -> User {
        User(
            id: ID(id), type: .service, handle: "sync@service", userName: "sync@service", email: nil, name: "Sync",
            role: role, createdAt: now, createdBy: ID(1), deactivatedAt: deactivatedAt)
    }

    static func minting(_ id: Int64 = 100, expiresAt: Timestamp? = now + .days(30), at: Timestamp = now) -> Minting {
        Minting(
            id: ID(id), digest: TokenDigest(words: SIMD4(repeating: UInt64(id)), generation: 1), hint: "abcd",
            signedBy: "lkAAAAAAAA", expiresAt: expiresAt, at: at)
    }

    static func token(
        _ id: Int64 = 100, owner: User = serviceUser(), expiresAt: Timestamp? = now + .days(30),
        narrowing: Narrowing = .none, revocation: Revocation? = nil, rotation: Rotation? = nil
    ) -> Token {
        let minting = minting(id, expiresAt: expiresAt)
        return Token(
            id: minting.id, owner: owner.id, type: TokenType(for: owner.type), isSCIMOnly: false, name: "production",
            digest: minting.digest, hint: minting.hint, signedBy: minting.signedBy, createdAt: now, createdBy: ID(1),
            expiresAt: expiresAt, narrowing: narrowing, revocation: revocation, rotation: rotation)
    }

    static func team(_ id: Int64, _ name: String) -> Team {
        Team(
            id: ID(id), name: name, description: "", permission: .viewer, isPublic: name == Team.publicName,
            createdAt: now, createdBy: nil)
    }
}

extension Decision {
    /// The token as this decision leaves it; `nil` when its first change is another one.
    var changedToken: Token? {
        guard case .updateToken(let token)? = changes.first else { return nil }
        return token
    }
}

/// The refusal that a rule throws, for a test to compare.
func refusal(_ rule: () throws(Refusal) -> Void) -> Refusal? {
    do throws(Refusal) {
        try rule()
        return nil
    } catch {
        return error
    }
}
