import HTTPTypes
import LatchkeyAPI
import LatchkeyApp
import LatchkeyCore

/// What the instance says of itself.
struct InstanceRoutes: Sendable {
    let app: App
    let render: Rendering
    let version: String

    var endpoints: [Endpoint] {
        [
            Endpoint(
                method: .get, path: "/", operation: "findRoot", summary: "Name and version.", access: .open,
                success: .ok(.object(.root)), handler: findRoot),
            Endpoint(
                method: .get, path: "/health", operation: "findHealth", summary: "Whether the program runs.",
                access: .open, handler: findHealth),
            Endpoint(
                method: .get, path: "/status", operation: "findStatus", summary: "One word for each part.",
                access: .open, success: .ok(.object(.status)), handler: findStatus),
            Endpoint(
                method: .get, path: "/bootstrap", operation: "findBootstrap",
                summary: "What a client wants to know first.", access: .anyToken,
                success: .ok(.object(.bootstrap)), handler: findBootstrap),
            Endpoint(
                method: .get, path: "/.well-known/jwks.json", operation: "findKeys",
                summary: "The public keys of tokens (RFC 7517).", access: .open, success: .ok(.object(.keySet)),
                isBelowRoot: false, handler: findKeys),
        ]
    }

    @Sendable
    private func findRoot(_ call: Call) async throws -> Reply {
        try .ok(RootBody(name: "Latchkey", version: version))
    }

    @Sendable
    private func findHealth(_ call: Call) async throws -> Reply {
        .noContent
    }

    /// Always 200: the words say what is wrong. `GET /health` is the one for supervisors.
    @Sendable
    private func findStatus(_ call: Call) async throws -> Reply {
        let status = await app.status()
        let isCurrent = status.appliedChange >= status.newestChange
        let isPolicyCurrent = app.policyInForce.standing.fault == nil
        return try .ok(
            StatusBody(
                status: status.isWell ? "OK" : "DEGRADED",
                databaseConnection: status.databaseAnswers ? "OK" : "UNAVAILABLE",
                tokenIndex: isCurrent ? "OK" : "BEHIND", policy: isPolicyCurrent ? "OK" : "STALE"))
    }

    @Sendable
    private func findBootstrap(_ call: Call) async throws -> Reply {
        guard let bearer = call.bearer else { throw Refusal.unauthenticated(credentialSent: false) }
        return try .ok(BootstrapBody(currentUser: render.me(bearer)))
    }

    @Sendable
    private func findKeys(_ call: Call) async throws -> Reply {
        Reply(status: .ok, bytes: Array(app.jwks.utf8))
    }
}
