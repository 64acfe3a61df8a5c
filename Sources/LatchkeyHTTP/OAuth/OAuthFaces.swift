import HTTPTypes
import LatchkeyApp
import LatchkeyCore

/// OAuth 2's standard calls beside ``IntrospectionFace``.
struct OAuthFaces: Sendable {
    let app: App

    var faces: [Face] {
        [
            TokenFace(app: app).face,
            Face(method: .post, path: "/oauth2/revoke", refuse: OAuthRefusal.reply, handler: revoke, isLimited: false),
            Face(
                method: .get, path: "/.well-known/oauth-authorization-server", refuse: OAuthRefusal.reply,
                handler: metadata),
        ]
    }

    /// RFC 7009. To hold a token is enough to give it up, so a client need not say who it is; if it does, it must be
    /// right. A token that is unknown is as good as given up.
    @Sendable
    private func revoke(_ call: inout FaceCall) async throws -> Reply {
        let form = try OAuthForm(call)
        let token = try form.required("token")
        if let client = try OAuthClient(call, form) { _ = try await call.authenticate(client, app) }
        try await app.giveUp(token, route: call.route, from: call.origin)
        return Reply(status: .ok)
    }

    /// RFC 8414: what works, and nothing else.
    @Sendable
    private func metadata(_ call: inout FaceCall) async throws -> Reply {
        let url = app.settings.publicURL
        // A token may be sent as a bearer, which RFC 8414 §2 has a name for here.
        let methods: JSONTree = ["client_secret_basic", "client_secret_post", "Bearer"]
        return try .ok(
            JSONTree.object([
                "issuer": .text(url), "jwks_uri": .text(url + "/.well-known/jwks.json"),
                "token_endpoint": .text(url + TokenFace.path),
                "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
                "grant_types_supported": .list(TokenFace.grantTypes.map { .text($0) }),
                "introspection_endpoint": .text(url + IntrospectionFace.path),
                "introspection_endpoint_auth_methods_supported": methods,
                "revocation_endpoint": .text(url + "/oauth2/revoke"),
                "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
                "response_types_supported": [],
            ]))
    }
}
