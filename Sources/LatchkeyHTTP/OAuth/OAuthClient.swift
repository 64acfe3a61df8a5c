import Foundation
import LatchkeyApp
import LatchkeyCore

/// How a client says who it is (RFC 6749 §2.3.1): `client_id` is the handle of an account, `client_secret` one of its
/// tokens; in Basic credentials, in the form, or the token alone as a bearer.
struct OAuthClient: Sendable {
    /// `nil` where only a bearer token was sent.
    private let id: [String]?
    let secret: Substring

    /// `nil` when the request says nothing of a client.
    init?(_ call: FaceCall, _ form: OAuthForm) throws {
        guard call.head.authorizationCount <= 1 else {
            throw OAuthRefusal.invalidRequest("Send one Authorization header.")
        }
        guard let value = call.head.authorization else {
            guard let secret = form["client_secret"] else { return nil }
            (id, self.secret) = ([try form.required("client_id")], secret[...])
            return
        }
        guard form["client_secret"] == nil else {
            throw OAuthRefusal.invalidRequest("Say who you are in one way, not in two.")
        }
        if let token = BearerHeader.token(in: value) {
            (id, secret) = (form["client_id"].map { [$0] }, token)
        } else {
            (id, secret) = try Self.basic(value)
        }
    }

    /// Both parts should be form-encoded first (RFC 6749 §2.3.1), and some clients do not: either way is taken.
    private static func basic(_ value: String) throws -> ([String]?, Substring) {
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "basic", let bytes = Data(base64Encoded: String(parts[1])),
            let text = String(validating: bytes, as: UTF8.self), let colon = text.firstIndex(of: ":")
        else { throw Refusal.unauthenticated(credentialSent: true) }
        let id = String(text[..<colon])
        return ([id, FormText.plain(id)], FormText.plain(String(text[text.index(after: colon)...]))[...])
    }

    /// The account must be the one that the client says it is.
    func requireName(of caller: Caller) throws(Refusal) {
        guard let handle = caller.credential?.handle, id?.contains(handle) ?? true else {
            throw .unauthenticated(credentialSent: true)
        }
    }
}

extension FaceCall {
    /// The caller behind a client's credentials.
    mutating func authenticate(_ client: OAuthClient, _ app: App) async throws -> Caller {
        let caller = try await authenticate(client.secret, app)
        try client.requireName(of: caller)
        return caller
    }

    /// The same without waiting; `nil` when it has to wait.
    mutating func authenticateAtOnce(_ client: OAuthClient?, _ app: App, isCaughtUp: Bool) throws -> Caller? {
        guard let client else { throw Refusal.unauthenticated(credentialSent: false) }
        let caller = try authenticateAtOnce(client.secret, app, isCaughtUp: isCaughtUp)
        if let caller { try client.requireName(of: caller) }
        return caller
    }
}
