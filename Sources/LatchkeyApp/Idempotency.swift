import Crypto
public import LatchkeyCore
import LatchkeyStore

/// How the reply to a change is made, for it to be kept in the change's own transaction: either both are there
/// afterwards or neither, however the program ends.
public struct ReplyKeeping<Outcome: Sendable>: Sendable {
    let request: IdempotentRequest
    /// Runs within the transaction, perhaps twice, and so has no effect of its own.
    let reply: @Sendable (Outcome) throws -> [UInt8]

    public init(_ request: IdempotentRequest, reply: @escaping @Sendable (Outcome) throws -> [UInt8]) {
        self.request = request
        self.reply = reply
    }
}

/// The same key and the same request within a day get the first reply. Replies hold tokens, so they are kept sealed.
extension App {
    static let repliesAreKeptFor = Duration.hours(24)

    /// `content` is all that makes the request what it is: method, path and body. The token counts as well: a reply
    /// may hold another token's value, which is not for every token of the same user.
    public func idempotentRequest(
        key: String, content: [UInt8], as caller: Caller
    ) throws(Refusal) -> IdempotentRequest {
        guard let credential = caller.credential else { throw .unauthenticated(credentialSent: false) }
        let token = Array("\(credential.token)\n".utf8) + (credential.access?.nonce ?? [])
        let fingerprint = Array(SHA256.hash(data: token + content))
        return IdempotentRequest(caller: credential.user, key: key, fingerprint: fingerprint, at: ambient.now())
    }

    /// The first reply, if this request has been answered before.
    public func keptReply(_ request: IdempotentRequest) async throws(Refusal) -> [UInt8]? {
        let kept = try await store.read { db throws(Refusal) in
            try db.idempotentReply(caller: request.caller, key: request.key, since: Self.start(of: request))
        }
        guard let kept else { return nil }
        guard kept.request.fingerprint == request.fingerprint else {
            throw .invalid(
                "Idempotency-Key", "was used for another request within the last 24 hours; take a new key")
        }
        guard let reply = keys.current.open(kept.sealedReply, context: Self.context(of: request)) else {
            throw .conflict("The first reply under this Idempotency-Key can no longer be read. Take a new key.")
        }
        return reply
    }

    /// Keeps a reply after its change, for what does not keep it along with it.
    public func keep(_ reply: [UInt8], for request: IdempotentRequest) async throws(Refusal) {
        let keeping = ReplyKeeping<Void>(request) { reply }
        try await commit(as: nil, keeping: keeping) { _ throws(Refusal) in () }
    }

    /// Of several at once with one key, the first wins; the others begin anew, and find its reply.
    func requireUnanswered(_ request: IdempotentRequest, _ db: WriteTransaction) throws(Refusal) {
        try db.note(.forgetReplies(before: Self.start(of: request)))
        let kept = try db.idempotentReply(caller: request.caller, key: request.key, since: Self.start(of: request))
        guard kept == nil else {
            throw .conflict("A request with this Idempotency-Key was answered at this moment. Send it again.")
        }
    }

    /// Replies are erased though nobody sends another request: a copy of the database must not hold them for longer.
    func forgetOldReplies() async throws(Refusal) {
        let start = ambient.now() - Self.repliesAreKeptFor
        try await store.write { db throws(Refusal) in try db.note(.forgetReplies(before: start)) }
    }

    /// The nonce is drawn here, because another run of the transaction may seal another reply.
    func keep<Outcome>(
        _ outcome: Outcome, _ keeping: ReplyKeeping<Outcome>, _ db: WriteTransaction
    ) throws(Refusal) {
        let request = keeping.request
        let nonce = ambient.randomBytes(KeyRing.nonceByteCount)
        guard let reply = try? keeping.reply(outcome),
            let sealed = keys.current.seal(reply, context: Self.context(of: request), nonce: nonce)
        else { throw .unavailable("The reply could not be kept, so nothing was done.", retryAfter: .seconds(5)) }
        try db.note(.keepReply(KeptReply(request: request, sealedReply: sealed)))
    }

    private static func start(of request: IdempotentRequest) -> Timestamp {
        request.at - repliesAreKeptFor
    }

    private static func context(of request: IdempotentRequest) -> [UInt8] {
        Array("reply \(request.caller) \(request.key)".utf8)
    }
}
