/// What a provider says of a person who signed in, the proven identity first. Everything else is only words: it makes a
/// new account's name, and never finds an old one.
public struct ExternalProfile: Sendable {
    public let identity: ExternalIdentity
    public let email: String?
    public let isEmailVerified: Bool?
    public let name: String?
    public let groups: [String]

    /// - Parameters:
    ///   - claims: of the ID token.
    ///   - userInfo: of the user info endpoint, which is asked where the token says too little.
    public init(_ identity: ExternalIdentity, claims: Claims, userInfo: Claims?, groupsClaim: String?) {
        let sources = [claims, userInfo].compactMap { $0 }
        self.identity = identity
        // The address and its verification are one statement, so they come from one place.
        let mailing = sources.first { $0.text("email") != nil }
        email = mailing?.text("email")
        isEmailVerified = mailing?.flag("email_verified")
        let names = ["name", "preferred_username"]
        name = names.lazy.flatMap { name in sources.compactMap { $0.text(name) } }.first { $0.isPresentable }
        groups = groupsClaim.flatMap { claim in sources.lazy.compactMap { $0.texts(claim) }.first } ?? []
    }

    /// Whether the token alone says too little of a person.
    public static func isIncomplete(_ claims: Claims, groupsClaim: String?) -> Bool {
        claims.text("email") == nil || claims.text("name") == nil
            || groupsClaim.map { claims[$0] == nil } ?? false
    }

    /// How the person is called where it is asked whether this is they.
    public var label: String {
        let text = email ?? name ?? identity.subject
        return text.isPresentable ? text : identity.subject
    }
}

extension String {
    /// Fit for a name as it is.
    fileprivate var isPresentable: Bool {
        (try? Names.checked(self, at: "")) != nil
    }
}

/// Somebody who signs in for the first time, as far as an account may be made of it.
public struct Newcomer: Hashable, Sendable {
    public let identity: ExternalIdentity
    /// Folded, so that look-alikes meet in one.
    public let handle: String
    public let email: String
    public let name: String
}

extension ExternalProfile {
    /// Whether, and as whom, this provider's word makes an account.
    ///
    /// With domains set, an address counts only when the provider says that it verified it: else anybody could claim
    /// one of yours at a provider that is open to all.
    public func newcomer(by provider: IdentityProvider) -> Result<Newcomer, SignOnFault> {
        guard provider.makesAccounts else { return .failure(.notAdmitted(.unknownPerson)) }
        guard let email, let mail = try? EmailAddress.checked(email, at: "") else {
            return .failure(.notAdmitted(.noMail))
        }
        let handle = mail.folded
        guard !handle.hasSuffix(Handle.ending) else { return .failure(.notAdmitted(.noMail)) }
        guard isEmailVerified != false else { return .failure(.notAdmitted(.unverifiedMail)) }
        if !provider.mailDomains.isEmpty {
            let domain = handle.split(separator: "@").last.map(String.init) ?? ""
            guard provider.mailDomains.contains(domain) else { return .failure(.notAdmitted(.foreignMail)) }
            guard isEmailVerified == true else { return .failure(.notAdmitted(.unverifiedMail)) }
        }
        return .success(
            Newcomer(identity: identity, handle: handle, email: mail, name: name?.trimmed ?? mail))
    }
}

extension User {
    /// Decides the account of a newcomer: a Member, and no more, whatever is claimed.
    public static func provision(
        _ person: Newcomer, from provider: IdentityProvider, id: ID<User>, by caller: Caller, at now: Timestamp
    ) -> (user: User, decision: Decision) {
        let user = User(
            id: id, type: .human, handle: person.handle, userName: person.email, email: person.email,
            name: person.name, role: .member, createdAt: now.wholeSecond, createdBy: nil)
        let event = AuditEvent(
            .create, .user, id.value,
            changes: .between([
                ("user_id", nil, .text(user.handle)), ("name", nil, .text(user.name)),
                ("role", nil, .text(user.role.rawValue)), ("identity_provider", nil, .text(provider.name)),
                ("subject", nil, .text(person.identity.subject)),
            ]), by: caller, at: now)
        let link = IdentityLink(identity: person.identity, user: id, linkedAt: now.wholeSecond, linkedBy: nil)
        return (user, Decision(event, [.insertUser(user), .signOn(.link(link))]))
    }

    /// Decides that an identity opens this account.
    public func link(
        _ identity: ExternalIdentity, opens other: ID<User>?, by caller: Caller, at now: Timestamp
    ) throws(Refusal) -> Decision? {
        guard type == .human else { throw .invalid("/user_id", "must be a person: service users never sign in") }
        guard isActive else { throw .conflict("This user is deactivated. Restore the user first.") }
        if other == id { return nil }
        guard other == nil else {
            throw .conflict("This identity opens another account already. Disconnect it there first.")
        }
        let link = IdentityLink(identity: identity, user: id, linkedAt: now.wholeSecond, linkedBy: caller.userID)
        let changes = [
            FieldChange("issuer", after: .text(identity.issuer)),
            FieldChange("subject", after: .text(identity.subject)),
        ]
        let event = AuditEvent(.link, .user, id.value, changes: changes, by: caller, at: now)
        return Decision(event, [.signOn(.link(link))])
    }

    /// Decides that an identity no longer opens this account; the sessions that came through it end.
    public func unlink(_ identity: ExternalIdentity, by caller: Caller, at now: Timestamp) -> Decision {
        let changes = [
            FieldChange("issuer", before: .text(identity.issuer)),
            FieldChange("subject", before: .text(identity.subject)),
        ]
        return Decision(
            AuditEvent(.unlink, .user, id.value, changes: changes, by: caller, at: now),
            [.signOn(.unlink(identity, from: id, at: now))])
    }

    /// The teams that a person's groups at the provider open and that they are not in yet; `nil` when there are none.
    public func joining(_ teams: [Team], by caller: Caller, at now: Timestamp) -> Decision? {
        let joined = teams.filter { !$0.isPublic }
        guard !joined.isEmpty else { return nil }
        let changes = joined.map { FieldChange("teams", after: .text($0.name)) }
        return Decision(
            AuditEvent(.update, .user, id.value, changes: changes, by: caller, at: now),
            joined.map { .addMember(id, to: $0.id) })
    }
}
