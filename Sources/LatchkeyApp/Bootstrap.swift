public import LatchkeyCore
import LatchkeyStore

/// What makes a first Admin: who, and the token of theirs.
public struct Bootstrapped: Sendable {
    public let user: UserSummary
    public let token: IssuedToken
}

/// The first Admin, made by somebody with the rights of the machine itself.
extension App {
    public static let bootstrapTokenName = "bootstrap"

    /// Makes an Admin and a personal token of theirs in one transaction; with a password they can sign in as well.
    ///
    /// Refused once an Admin exists, unless `isBreakGlass`: then it is the way back in, and the log says so.
    public func bootstrap(
        email: String, name: String?, isBreakGlass: Bool, password: Password? = nil
    ) async throws(Refusal) -> Bootstrapped {
        let caller = Caller(.host)
        try password?.check(for: [email, name ?? ""], at: "the password")
        let hash: PasswordHash? = if let password { try await passwords.hash(password) } else { nil }
        let now = ambient.now()
        let id = try await tokenIDs.next()
        let subject = email.trimmed.lowercased()
        let minted = try mint(id, subject: subject, use: .personal, lifetime: .usual, at: now)
        let (user, token) = try await commit(as: nil) { db throws(Refusal) in
            let admins = try db.activeAdminCount()
            guard isBreakGlass || admins == 0 else {
                throw .conflict(
                    "An Admin exists already. Ask them for access, or use --break-glass if nobody can get in.")
            }
            if try db.user(handle: subject) != nil {
                throw .conflict("There is a user \(subject) already. Use another mail address.")
            }
            let (user, decision) = try User.bootstrap(
                email: email, name: name, id: db.nextID(), isBreakGlass: isBreakGlass, by: caller, at: now)
            let request = NewToken(name: Self.bootstrapTokenName, lifetime: .usual)
            let (token, issue) = try Token.issue(
                request, minted.minting, to: user, teams: [], isNameTaken: false, by: caller)
            try db.apply(decision.and(issue))
            if let hash { try db.apply(user.settingPassword(hash, by: caller, at: now)) }
            return (try db.summary(of: user.id, at: now), try db.detail(of: token.id))
        }
        return Bootstrapped(user: user, token: IssuedToken(summary: token, secret: minted.secret))
    }

    /// A link by which a person who is there already chooses a password: the way in for an Admin who has only a token.
    public func passwordLink(email: String) async throws(Refusal) -> String {
        let handle = email.trimmed.lowercased()
        guard let user = try await store.read({ db throws(Refusal) in try db.user(handle: handle) }) else {
            throw .notFound("user")
        }
        return try await passwordLink(for: user.id, as: Caller(.host))
    }
}
