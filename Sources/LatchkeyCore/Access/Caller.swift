/// Who asks, and from where. Made once a request, by the door; every use case takes one.
public struct Caller: Sendable {
    public let identity: Identity
    public let origin: Origin

    public init(_ identity: Identity, origin: Origin = Origin()) {
        self.identity = identity
        self.origin = origin
    }

    public enum Identity: Sendable {
        case anonymous
        case bearer(Credential)
        case session(SignedIn)
        /// Somebody with the rights of the machine itself: `latchkey admin bootstrap`, `latchkey keys rotate`.
        case host
        /// The program's own work, by the name of the job.
        case job(String)
    }

    /// A verified token with the rights that it has now.
    public struct Credential: Sendable {
        public let user: ID<User>
        public let handle: String
        public let userType: UserType
        /// The lower of the account's role and the token's narrowing.
        public let role: Role
        public let token: ID<Token>
        public let scimOnly: Bool
        public let narrowing: Narrowing
        /// The account's teams that the narrowing leaves, `Public` included.
        public let teams: Set<ID<Team>>
        /// What was presented is an access token of ``token``'s.
        public let access: AccessGrant?

        public init(
            user: ID<User>, handle: String, userType: UserType, role: Role, token: ID<Token>, scimOnly: Bool,
            narrowing: Narrowing, teams: Set<ID<Team>>, access: AccessGrant? = nil
        ) {
            self.user = user
            self.handle = handle
            self.userType = userType
            self.role = role
            self.token = token
            self.scimOnly = scimOnly
            self.narrowing = narrowing
            self.teams = teams
            self.access = access
        }

        func acting(as role: Role) -> Credential {
            Credential(
                user: user, handle: handle, userType: userType, role: role, token: token, scimOnly: scimOnly,
                narrowing: narrowing, teams: teams, access: access)
        }
    }
}

extension Caller {
    /// A person in a browser, with the rights that they have now.
    public struct SignedIn: Sendable {
        public let user: ID<User>
        public let handle: String
        public let role: Role
        public let session: ID<Session>
        /// `Public` included.
        public let teams: Set<ID<Team>>

        public init(user: ID<User>, handle: String, role: Role, session: ID<Session>, teams: Set<ID<Team>>) {
            self.user = user
            self.handle = handle
            self.role = role
            self.session = session
            self.teams = teams
        }
    }
}

/// Where a request came from, as the audit log keeps it.
public struct Origin: Hashable, Sendable {
    public let requestID: String?
    public let address: Address?
    public let userAgent: String?

    public init(requestID: String? = nil, address: Address? = nil, userAgent: String? = nil) {
        self.requestID = requestID
        self.address = address
        self.userAgent = userAgent
    }
}

extension Caller {
    public var credential: Credential? {
        guard case .bearer(let credential) = identity else { return nil }
        return credential
    }

    public var signedIn: SignedIn? {
        guard case .session(let person) = identity else { return nil }
        return person
    }

    public var handle: String? { credential?.handle ?? signedIn?.handle }

    /// Those of the account that this caller can use; none for a stranger.
    public var teams: Set<ID<Team>> { credential?.teams ?? signedIn?.teams ?? [] }

    public var userID: ID<User>? { credential?.user ?? signedIn?.user }

    /// The highest role through which this caller can act; `nil` for a stranger.
    public var role: Role? {
        switch identity {
        case .anonymous: nil
        case .bearer(let credential): credential.role
        case .session(let person): person.role
        case .host, .job: .admin
        }
    }

    /// The limits that everything made by this caller inherits.
    public var narrowing: Narrowing { credential?.narrowing ?? .none }

    public func isAllowed(_ permission: Permission) -> Bool {
        (try? require(permission)) != nil
    }

    /// The one question of right at this authority: ``Permission``'s table, asked as every policy is.
    public func require(_ permission: Permission) throws(Refusal) {
        guard let action = PolicyAction.own[permission] else { throw .forbidden("There is no such right.") }
        let ruling = action.ruling(for: asker)
        if ruling.reason == .noCredential { throw .unauthenticated(credentialSent: false) }
        guard ruling.isAllowed else { throw .forbidden(ruling.sentence(whose: subject)) }
    }

    /// This caller as a policy sees it.
    public var asker: Asker {
        guard let credential else { return Asker(role: role) }
        return Asker(
            of: credential.userType, role: credential.role, isSCIMOnly: credential.scimOnly, narrowing: narrowing)
    }

    private var subject: String { signedIn == nil ? "this token acts as" : "your role is" }

    /// A SCIM token, anywhere but at the SCIM endpoints.
    public static let notHere = Refusal.forbidden(
        "This token opens the SCIM endpoints and nothing else; use another token here.")

    /// This caller as directory sync acts: with an Admin's rights over what a directory can reach, and under its own
    /// name in the audit log.
    public func provisioning() throws(Refusal) -> Caller {
        try require(.provision)
        guard let credential else { return self }
        return Caller(.bearer(credential.acting(as: .admin)), origin: origin)
    }

    /// What an access token made would outlive it, and so would whoever stole it.
    func requireLasting() throws(Refusal) {
        guard credential?.access == nil else {
            throw .forbidden("An access token makes nothing that outlives it. Use the token that it came of.")
        }
    }

    /// Nobody reaches above their own role through what they make or change.
    public func requireRole(atLeast role: Role, pointer: String) throws(Refusal) {
        guard let own = self.role, own >= role else {
            throw .forbidden("\(pointer) asks for the role \(role.rawValue), which is above that of this token.")
        }
    }
}
