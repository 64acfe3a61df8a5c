public import LatchkeyCore
import LatchkeyStore

/// Whether somebody who was let in may go on.
///
/// Between the door and a change lie the request's body, which its sender may hold back for seconds, and the line of
/// all writes. Whoever has lost their access meanwhile changes nothing any more: when a revocation is answered, what is
/// under way at the same server has either been done or will be refused.
extension App {
    static let cut = Refusal.forbidden(
        "Your rights were cut while this was under way, so nothing was done. Send it again.")

    /// Asked within the write, before anything is decided. A token costs no query: the index has taken in every
    /// revocation that was answered by this server. A session is a row or two.
    func requireStanding(of caller: Caller, in db: Transaction) throws(Refusal) {
        guard let person = caller.signedIn else { return try requireStanding(of: caller) }
        guard let session = try db.session(person.session), session.isLive(at: ambient.now()),
            let user = try db.user(session.user), user.id == person.user, user.isActive
        else { throw .unauthenticated(credentialSent: true) }
        guard user.role >= person.role else { throw Self.cut }
    }

    /// The same without a database, for a token.
    public func requireStanding(of caller: Caller) throws(Refusal) {
        guard let credential = caller.credential else { return }
        let verdict = verifier.standing(of: credential, from: caller.origin.address, at: ambient.now())
        guard let bearer = verdict.bearer, bearer.account.id == credential.user else {
            throw .unauthenticated(credentialSent: true)
        }
        let current = Caller(.bearer(bearer.credential))
        guard let role = current.asker.role, let admitted = caller.asker.role, role >= admitted,
            credential.teams.isSubset(of: current.teams)
        else { throw Self.cut }
    }
}
