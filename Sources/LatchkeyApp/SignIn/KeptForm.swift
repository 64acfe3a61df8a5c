public import LatchkeyCore
import LatchkeyStore

/// What somebody typed into a form that came when their session was over: sealed, to be put back into the form once the
/// same person has signed in. It opens nothing and changes nothing.
public struct KeptForm: Codable, Hashable, Sendable {
    /// As long as somebody may take to sign in again.
    public static let life = Duration.minutes(30)

    /// Where the form is shown.
    public let path: String
    /// Name and value of each, in order.
    public let fields: [[String]]
    let user: Int64
    /// Milliseconds.
    let until: Int64
}

extension App {
    private static let keptFormPurpose = "kept form"
    /// With name and attributes it fits into a cookie, of which browsers take 4,096 bytes (RFC 6265 §6.1).
    private static let longestKeptForm = 3900

    /// Whose cookie this was until its time ran out. A session that somebody has ended on purpose is nobody's.
    public func lapsedSession(_ cookie: Substring) async throws(Refusal) -> Session? {
        guard let secret = SessionSecret(presented: cookie) else { return nil }
        let digests = keys.current.digests(of: secret)
        let found = try await store.read { db throws(Refusal) in try db.session(digests: digests) }
        guard let found, let (account, _) = index.account(found.user), account.isActive else { return nil }
        return found
    }

    /// - Returns: `nil` when it is too long to be kept.
    public func keep(_ fields: [[String]], at path: String, for user: ID<User>) -> String? {
        let kept = KeptForm(
            path: path, fields: fields, user: user.value, until: (ambient.now() + KeptForm.life).milliseconds)
        let nonce = ambient.randomBytes(KeyRing.nonceByteCount)
        let text = keys.current.sealedText(kept, purpose: Self.keptFormPurpose, nonce: nonce)
        return text.flatMap { $0.utf8.count <= Self.longestKeptForm ? $0 : nil }
    }

    /// What this person typed there, while it is fresh.
    public func kept(_ text: String, at path: String, for user: ID<User>) -> KeptForm? {
        guard text.utf8.count <= Self.longestKeptForm,
            let kept = keys.current.opened(text, purpose: Self.keptFormPurpose, as: KeptForm.self),
            kept.user == user.value, kept.path == path, ambient.now().milliseconds < kept.until
        else { return nil }
        return kept
    }
}
