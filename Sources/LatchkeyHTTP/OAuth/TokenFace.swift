import HTTPTypes
import LatchkeyApp
import LatchkeyCore

/// `POST /oauth2/token`: a short access token for a service token (RFC 6749 §4.4), or for a token that is exchanged for
/// it (RFC 8693): one of ours, or a workload's own.
struct TokenFace: Sendable {
    static let path = "/oauth2/token"
    static let grantTypes = ["client_credentials", "urn:ietf:params:oauth:grant-type:token-exchange"]

    let app: App

    var face: Face { Face(method: .post, path: Self.path, refuse: Self.refuse, handler: answer) }

    @Sendable
    private func answer(_ call: inout FaceCall) async throws -> Reply {
        let form = try OAuthForm(call)
        switch try form.required("grant_type") {
        case Self.grantTypes[0]: return try await grant(&call, form)
        case Self.grantTypes[1]: return try await exchange(&call, form)
        default:
            let known = Self.grantTypes.joined(separator: " and ")
            throw OAuthRefusal(error: "unsupported_grant_type", detail: "There are \(known).")
        }
    }

    private func grant(_ call: inout FaceCall, _ form: OAuthForm) async throws -> Reply {
        try requireTarget(form)
        guard let client = try OAuthClient(call, form) else { throw Refusal.unauthenticated(credentialSent: false) }
        _ = try await call.authenticate(client, app)
        guard let bearer = call.bearer, bearer.access == nil else {
            throw OAuthRefusal(
                error: "unauthorized_client",
                detail: "An access token gets no other. Send the token of the service user as client_secret.")
        }
        let request = AccessRequest(.clientCredentials, scope: Self.scope(form), lifetime: try Self.lifetime(form))
        return try AccessBody(try await app.issueAccess(request, of: bearer, from: call.origin), type: nil).reply
    }

    private func exchange(_ call: inout FaceCall, _ form: OAuthForm) async throws -> Reply {
        try requireTarget(form)
        try requireKnown(form)
        let (subject, type) = (try form.required("subject_token"), try form.required("subject_token_type"))
        // Who exchanges need not say who they are, for what they present says it; if they do, it must be right.
        if let client = try OAuthClient(call, form) { _ = try await call.authenticate(client, app) }
        let request = AccessRequest(.tokenExchange, scope: Self.scope(form), lifetime: try Self.lifetime(form))
        let issued: IssuedAccess
        if try Self.isOurs(subject, type) {
            let bearer = try await bearer(subject, &call)
            issued = try await app.issueAccess(request, of: bearer, from: call.origin)
        } else {
            issued = try await app.exchange(
                workload: subject, for: request, client: form["client_id"], route: call.route, from: call.origin)
            call.bearer = issued.bearer
        }
        return try AccessBody(issued, type: form["requested_token_type"] ?? SubjectType.access.rawValue).reply
    }

    private func bearer(_ subject: String, _ call: inout FaceCall) async throws -> Bearer {
        do throws(Refusal) {
            _ = try await call.authenticate(subject[...], app)
        } catch .unauthenticated {
            throw OAuthRefusal.invalidRequest("The subject_token does not work.")
        }
        guard let bearer = call.bearer else { throw OAuthRefusal.invalidRequest("The subject_token does not work.") }
        return bearer
    }
}

extension TokenFace {
    private enum SubjectType: String, CaseIterable {
        case access = "urn:ietf:params:oauth:token-type:access_token"
        case identity = "urn:ietf:params:oauth:token-type:id_token"
        case jwt = "urn:ietf:params:oauth:token-type:jwt"
    }

    /// Whether a token is one of ours rather than a workload's. Both are JWTs; ours have their own form.
    private static func isOurs(_ text: String, _ type: String) throws -> Bool {
        switch SubjectType(rawValue: type) {
        case .access: return true
        case .identity: return false
        case .jwt: return TokenFormat.withBytes(text) { TokenFormat.isWellFormed($0) || TokenFormat.isAccessToken($0) }
        case nil:
            let known = SubjectType.allCases.map(\.rawValue).joined(separator: ", ")
            throw OAuthRefusal.invalidRequest("subject_token_type must be one of \(known).")
        }
    }

    private func requireKnown(_ form: OAuthForm) throws {
        guard form["actor_token"] == nil, form["actor_token_type"] == nil else {
            throw OAuthRefusal.invalidRequest("Nobody acts for another here: leave actor_token out.")
        }
        guard let type = form["requested_token_type"] else { return }
        guard [.access, .jwt].contains(SubjectType(rawValue: type)) else {
            throw OAuthRefusal.invalidRequest("Only access tokens are issued: leave requested_token_type out.")
        }
    }

    /// Every access token is made for this authority, which all who take it ask or know the keys of.
    private func requireTarget(_ form: OAuthForm) throws {
        for name in ["audience", "resource"] {
            guard let target = form[name], target != app.settings.publicURL else { continue }
            throw OAuthRefusal(
                error: "invalid_target", detail: "Leave \(name) out, or let it be \(app.settings.publicURL).")
        }
    }

    /// Seconds. No standard has a name for it; several authorities call it so.
    private static func lifetime(_ form: OAuthForm) throws -> Duration? {
        guard let text = form["expires_in"] else { return nil }
        guard let seconds = Int32(text) else { throw OAuthRefusal.invalidRequest("expires_in is a number of seconds.") }
        return .seconds(Int(seconds))
    }

    private static func scope(_ form: OAuthForm) -> [String]? {
        form["scope"]?.split(separator: " ").map(String.init)
    }

    /// A refusal in the words of RFC 6749 §5.2.
    @Sendable
    private static func refuse(_ error: any Error, requestID: String) -> Reply {
        switch error as? Refusal {
        case .forbidden(let detail):
            OAuthRefusal.reply(OAuthRefusal(error: "unauthorized_client", detail: detail), requestID: requestID)
        case .invalid(let flaws) where flaws.first?.pointer == "scope":
            OAuthRefusal.reply(
                OAuthRefusal(error: "invalid_scope", detail: "The scope \(flaws.first?.detail ?? "is wrong")."),
                requestID: requestID)
        default: OAuthRefusal.reply(error, requestID: requestID)
        }
    }
}

/// What is answered with an access token (RFC 6749 §5.1, RFC 8693 §2.2.1).
private struct AccessBody: Encodable {
    private enum CodingKeys: String, CodingKey {
        case token = "access_token"
        case type = "token_type"
        case seconds = "expires_in"
        case scope
        case issuedType = "issued_token_type"
    }

    private let issued: IssuedAccess
    /// Of an exchange.
    private let issuedType: String?

    init(_ issued: IssuedAccess, type: String?) {
        self.issued = issued
        issuedType = type
    }

    func encode(to encoder: any Encoder) throws {
        var body = encoder.container(keyedBy: CodingKeys.self)
        try body.encode(issued.secret.reveal(), forKey: .token)
        try body.encode("Bearer", forKey: .type)
        try body.encode(issued.lifetime.components.seconds, forKey: .seconds)
        // Absent where there is no limit to certain actions.
        if let actions = issued.actions { try body.encode(actions.sorted().joined(separator: " "), forKey: .scope) }
        if let issuedType { try body.encode(issuedType, forKey: .issuedType) }
    }

    /// `Cache-Control` stands in every reply.
    var reply: Reply {
        get throws {
            var reply = try Reply.ok(self)
            reply.fields.append(HTTPField(name: .pragma, value: "no-cache"))
            return reply
        }
    }
}
