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
        switch try await app.beginIdempotent(key: key, content: content, as: call.caller) {
        case .replay(let kept): return try replay(kept)
        case .proceed(let request): return try await proceed(request, endpoint)
        }
    }

    /// The change is made and told whether or not its reply could be kept: a reply must not be lost to bookkeeping.
    private func proceed(_ request: IdempotentRequest, _ endpoint: Endpoint) async throws -> Reply {
        let reply: Reply
        do {
            reply = try await endpoint.handler(call)
        } catch {
            // After `unavailable` nobody knows whether the change was made: then the key must not open it again.
            if !Self.isUnavailable(error) { try? await app.abandonIdempotent(request) }
            throw error
        }
        if let kept = try? StreamEncoder.encode(KeptReplyBody(reply)) {
            try? await app.finishIdempotent(request, reply: kept)
        }
        return reply
    }

    private static func isUnavailable(_ error: any Error) -> Bool {
        if case .unavailable? = error as? Refusal { true } else { false }
    }

    private func replay(_ kept: [UInt8]) throws -> Reply {
        try TreeDecoder.decode(KeptReplyBody.self, from: kept).reply
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
