/// A place kept for a person who is to come: the Admin hands them a link, and they choose their password.
public struct Invitation: Hashable, Sendable {
    public static let life = Duration.days(7)

    public let id: ID<Invitation>
    public let email: String
    public let name: String
    public let role: Role
    public let teams: [ID<Team>]
    public let createdAt: Timestamp
    public let createdBy: ID<User>?
    public let expiresAt: Timestamp
    public var acceptedAt: Timestamp?
    public var withdrawnAt: Timestamp?

    public init(
        id: ID<Invitation>, email: String, name: String, role: Role, teams: [ID<Team>], createdAt: Timestamp,
        createdBy: ID<User>?, expiresAt: Timestamp, acceptedAt: Timestamp? = nil, withdrawnAt: Timestamp? = nil
    ) {
        self.id = id
        self.email = email
        self.name = name
        self.role = role
        self.teams = teams
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.expiresAt = expiresAt
        self.acceptedAt = acceptedAt
        self.withdrawnAt = withdrawnAt
    }

    public func isOpen(at now: Timestamp) -> Bool {
        acceptedAt == nil && withdrawnAt == nil && now < expiresAt
    }
}

/// What an Admin says of somebody they invite.
public struct NewInvitation: Hashable, Sendable {
    public let email: String
    public let name: String
    public let role: Role
    /// By name; `Public` may be left out.
    public let teams: [String]

    public init(email: String, name: String, role: Role, teams: [String] = []) {
        self.email = email
        self.name = name
        self.role = role
        self.teams = teams
    }
}

extension Invitation {
    /// Decides an invitation to an address that no account has.
    public static func make(
        _ request: NewInvitation, id: ID<Invitation>, teams: [Team], digest: TokenDigest, by caller: Caller,
        at now: Timestamp
    ) throws(Refusal) -> (invitation: Invitation, decision: Decision) {
        try caller.requireRole(atLeast: request.role, pointer: "role")
        let stored = teams.filter { !$0.isPublic }
        let invitation = Invitation(
            id: id, email: try EmailAddress.checked(request.email, at: "/email"),
            name: try Names.checked(request.name, at: "/name"), role: request.role, teams: stored.map(\.id),
            createdAt: now.wholeSecond, createdBy: caller.userID, expiresAt: now.wholeSecond + life)
        let event = AuditEvent(
            .create, .invitation, id.value,
            changes: [
                FieldChange("email", after: .text(invitation.email)),
                FieldChange("role", after: .text(invitation.role.rawValue)),
                FieldChange("teams", after: .list(stored.map(\.name))),
            ], by: caller, at: now)
        return (invitation, Decision(event, [.signIn(.insertInvitation(invitation, digest))]))
    }

    /// Closes one whose time has passed, so that the address may be invited again.
    public func lapse(by caller: Caller, at now: Timestamp) throws(Refusal) -> Decision {
        var invitation = self
        invitation.withdrawnAt = now.wholeSecond
        return Decision(
            AuditEvent(.retire, .invitation, id.value, by: caller, at: now),
            [.signIn(.closeInvitation(invitation))])
    }

    public func withdraw(by caller: Caller, at now: Timestamp) throws(Refusal) -> Decision {
        guard isOpen(at: now) else {
            throw .conflict("This invitation is no longer open: it was accepted, withdrawn, or has expired.")
        }
        var invitation = self
        invitation.withdrawnAt = now.wholeSecond
        return Decision(
            AuditEvent(.revoke, .invitation, id.value, by: caller, at: now), [.signIn(.closeInvitation(invitation))])
    }

    /// Decides the account of who accepts. The link proves who they are, so they act as themselves from here on.
    public func accept(
        as user: User, teams: [Team], by origin: Origin, at now: Timestamp
    ) -> Decision {
        var invitation = self
        invitation.acceptedAt = now.wholeSecond
        let invited = Caller(.job("invitation"), origin: origin)
        return Decision(
            AuditEvent(.accept, .invitation, id.value, by: invited, at: now), [.signIn(.closeInvitation(invitation))]
        ).and(user.insertion(teams: teams, by: invited, at: now))
    }
}
