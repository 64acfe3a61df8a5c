import Crypto
public import LatchkeyCore
import LatchkeyStore

/// A request under an `Idempotency-Key` either goes ahead or was answered before.
public enum IdempotentStart: Sendable {
    case proceed(IdempotentRequest)
    /// The first reply, as it was kept.
    case replay([UInt8])
}

/// The same key and the same request within a day get the first reply. Replies hold tokens, so they are kept sealed.
extension App {
    static let repliesAreKeptFor = Duration.hours(24)

    /// `content` is all that makes the request what it is: method, path and body. The token counts as well: a reply
    /// may hold another token's value, which is not for every token of the same user.
    public func beginIdempotent(
        key: String, content: [UInt8], as caller: Caller
    ) async throws(Refusal) -> IdempotentStart {
        guard let credential = caller.credential else { throw .unauthenticated(credentialSent: false) }
        let user = credential.user
        let now = ambient.now()
        let request = IdempotentRequest(
            caller: user, key: key, fingerprint: Self.fingerprint(content, credential.token), at: now)
        let kept = try await store.write { db throws(Refusal) -> KeptReply? in
            try db.note(.forgetReplies(before: now - Self.repliesAreKeptFor))
            if let kept = try db.idempotentReply(caller: user, key: key) { return kept }
            try db.note(.beginReply(request))
            return nil
        }
        guard let kept else { return .proceed(request) }
        return .replay(try opened(kept, for: request))
    }

    private static func fingerprint(_ content: [UInt8], _ token: ID<Token>) -> [UInt8] {
        Array(SHA256.hash(data: Array("\(token)\n".utf8) + content))
    }

    private func opened(_ kept: KeptReply, for request: IdempotentRequest) throws(Refusal) -> [UInt8] {
        guard kept.request.fingerprint == request.fingerprint else {
            throw .invalid(
                "Idempotency-Key", "was used for another request within the last 24 hours; take a new key")
        }
        guard let sealed = kept.sealedReply else {
            throw .conflict(
                "The first request with this Idempotency-Key has not been answered. Try again in a moment; if this "
                    + "stays, it was cut off: look whether its change was made, and take a new key.")
        }
        guard let reply = keys.current.open(sealed, context: Self.context(of: request)) else {
            throw .conflict("The first reply under this Idempotency-Key can no longer be read. Take a new key.")
        }
        return reply
    }

    public func finishIdempotent(_ request: IdempotentRequest, reply: [UInt8]) async throws(Refusal) {
        let nonce = ambient.randomBytes(KeyRing.nonceByteCount)
        guard let sealed = keys.current.seal(reply, context: Self.context(of: request), nonce: nonce) else { return }
        try await store.write { db throws(Refusal) in
            try db.note(.finishReply(request, sealedReply: sealed))
        }
    }

    /// The request was refused, so that nothing happened: the key is free again.
    public func abandonIdempotent(_ request: IdempotentRequest) async throws(Refusal) {
        try await store.write { db throws(Refusal) in try db.note(.forgetReply(request)) }
    }

    private static func context(of request: IdempotentRequest) -> [UInt8] {
        Array("reply \(request.caller) \(request.key)".utf8)
    }
}
