import HTTPTypes
import Hummingbird
import LatchkeyApp
import LatchkeyCore

/// A POST under an `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): the first reply that changed
/// something is kept and given again. A refusal changed nothing, so it is not kept: the request may be tried again.
struct IdempotentCall: Sendable {
    static let longestKey = 255

    let app: App
    let key: String
    let call: Call

    func answer(_ endpoint: Endpoint) async throws -> Reply {
        guard (1...Self.longestKey).contains(key.utf8.count), key.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else {
            throw Refusal.invalid("Idempotency-Key", "must have 1 to \(Self.longestKey) visible ASCII characters")
        }
        let content = Array("\(endpoint.method.rawValue) \(call.request.uri.string)\n".utf8) + call.body
        let request = try app.idempotentRequest(key: key, content: content, as: call.caller)
        if let reply = try await replay(request) { return reply }
        do {
            return try await proceed(request, endpoint)
        } catch let refusal as Refusal {
            // Another request with this key may have been answered meanwhile, and have brought about the conflict.
            guard case .conflict = refusal, let reply = try await replay(request) else { throw refusal }
            return reply
        }
    }

    /// What an endpoint did not keep with its change is kept now, as well as can be: a reply must not be lost to this.
    private func proceed(_ request: IdempotentRequest, _ endpoint: Endpoint) async throws -> Reply {
        var call = call
        call.idempotent = request
        let reply = try await endpoint.handler(call)
        if try await app.keptReply(request) == nil {
            try? await app.keep(try StreamEncoder.encode(KeptReplyBody(reply)), for: request)
        }
        return reply
    }

    private func replay(_ request: IdempotentRequest) async throws -> Reply? {
        guard let kept = try await app.keptReply(request) else { return nil }
        return try TreeDecoder.decode(KeptReplyBody.self, from: kept).reply
    }
}

extension Call {
    /// Makes a change and the reply to it. Under an `Idempotency-Key` the reply is kept with the change.
    ///
    /// - Parameter reply: runs within the change's transaction too, perhaps twice; it only renders.
    func answer<Outcome: Sendable>(
        _ change: (ReplyKeeping<Outcome>?) async throws -> Outcome,
        rendering reply: @escaping @Sendable (Outcome) throws -> Reply
    ) async throws -> Reply {
        let keeping = idempotent.map { request in
            ReplyKeeping<Outcome>(request) { try StreamEncoder.encode(KeptReplyBody(reply($0))) }
        }
        return try reply(await change(keeping))
    }
}

/// A reply as it is kept.
private struct KeptReplyBody: Codable {
    let status: Int
    let location: String
    let body: String

    init(_ reply: Reply) {
        status = Int(reply.status.code)
        location = reply.fields.first { $0.name == .location }?.value ?? ""
        body = String(decoding: reply.bytes ?? [], as: UTF8.self)
    }

    var reply: Reply {
        var fields = [HTTPField(name: .replayed, value: "true")]
        if !location.isEmpty { fields.append(HTTPField(name: .location, value: location)) }
        return Reply(
            status: HTTPResponse.Status(code: status), bytes: body.isEmpty ? nil : Array(body.utf8), fields: fields)
    }
}
