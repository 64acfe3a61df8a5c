/// What an Admin says of a new service user.
public struct NewServiceUser: Hashable, Sendable {
    public let name: String
    public let role: Role
    /// By name; `Public` may be left out.
    public let teams: [String]
    public let purpose: String?
    public let owner: ID<User>?

    public init(name: String, role: Role, teams: [String] = [], purpose: String? = nil, owner: ID<User>? = nil) {
        self.name = name
        self.role = role
        self.teams = teams
        self.purpose = purpose
        self.owner = owner
    }

    /// The handle that the name gives; refused when nothing of it is left.
    public func handle() throws(Refusal) -> String {
        let name = try Names.checked(name, at: "/name")
        guard let handle = Handle.service(for: name) else {
            throw .invalid("/name", "must hold at least one letter from a to z or a digit, for the user_id")
        }
        return handle
    }
}

extension User {
    /// Decides the creation of a service user whose handle is free and whose teams were found.
    public static func create(
        _ request: NewServiceUser, id: ID<User>, teams: [Team], by caller: Caller, at now: Timestamp
    ) throws(Refusal) -> (user: User, decision: Decision) {
        try caller.requireRole(atLeast: request.role, pointer: "role")
        let purpose = request.purpose
        let user = User(
            id: id, type: .service, handle: try request.handle(), userName: try request.handle(), email: nil,
            name: try Names.checked(request.name, at: "/name"), role: request.role,
            purpose: try purpose.map { text throws(Refusal) in try Names.checkedText(text, at: "/purpose") },
            owner: request.owner, createdAt: now.wholeSecond, createdBy: caller.userID)
        return (user, user.insertion(teams: teams, by: caller, at: now))
    }

    /// The first Admin, made at the machine itself; also the way back in when every other Admin is gone.
    public static func bootstrap(
        email: String, name: String?, id: ID<User>, isBreakGlass: Bool, by caller: Caller, at now: Timestamp
    ) throws(Refusal) -> (user: User, decision: Decision) {
        let email = try EmailAddress.checked(email, at: "--email")
        let user = User(
            id: id, type: .human, handle: email.lowercased(), userName: email, email: email,
            name: try Names.checked(name ?? email, at: "--name"), role: .admin, createdAt: now.wholeSecond,
            createdBy: nil, isBreakGlass: isBreakGlass)
        return (user, user.insertion(teams: [], by: caller, at: now))
    }

    func insertion(teams: [Team], by caller: Caller, at now: Timestamp) -> Decision {
        let stored = teams.filter { !$0.isPublic }
        let event = AuditEvent(
            .create, .user, id.value,
            changes: .between([
                ("user_id", nil, .text(handle)), ("name", nil, .text(name)), ("role", nil, .text(role.rawValue)),
                ("teams", nil, .list(stored.map(\.name))), ("purpose", nil, .optional(purpose)),
                ("owner_id", nil, .optional(owner)), ("break_glass", nil, isBreakGlass ? .flag(true) : nil),
            ]), by: caller, at: now)
        return Decision(event, [.insertUser(self)] + stored.map { .addMember(id, to: $0.id) })
    }
}

/// As much of RFC 5321 as tells an address from a slip of the pen.
enum EmailAddress {
    static func checked(_ text: String, at pointer: String) throws(Refusal) -> String {
        let text = text.trimmed
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        let isPlain = text.unicodeScalars.allSatisfy { !$0.properties.isWhitespace } && text.isPlainLine
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), isPlain, text.utf8.count <= 254 else {
            throw .invalid(pointer, "must be a mail address such as ada@example.com")
        }
        return text
    }
}
