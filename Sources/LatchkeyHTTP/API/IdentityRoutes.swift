import HTTPTypes
import LatchkeyAPI
import LatchkeyApp
import LatchkeyCore

/// `/users/{id}/identities`: through which providers' subjects an account is opened.
struct IdentityRoutes: Sendable {
    let app: App

    var endpoints: [Endpoint] {
        [
            Endpoint(
                method: .get, path: "/users/{id}/identities", operation: "listIdentities",
                summary: "The identities that open an account.", access: .needs(.manageUsers),
                success: .ok(.list(.object(.identity))), handler: list),
            Endpoint(
                method: .post, path: "/users/{id}/identities", operation: "linkIdentity",
                summary: "Connects a provider's subject with an account.", access: .needs(.manageUsers),
                body: .required(.newIdentity), success: .created(.object(.identity)), handler: link),
            Endpoint(
                method: .delete, path: "/users/{id}/identities", operation: "unlinkIdentity",
                summary: "Disconnects one; sessions that began with it end.", access: .needs(.manageUsers),
                query: Self.which, handler: unlink),
        ]
    }

    private static let which = [
        QueryParameter("issuer", .text, "The issuer, to the letter."),
        QueryParameter("subject", .text, "The subject, to the letter."),
    ]

    @Sendable
    private func list(_ call: Call) async throws -> Reply {
        try .ok(await app.listIdentities(of: call.id("user"), as: call.caller).map(body))
    }

    @Sendable
    private func link(_ call: Call) async throws -> Reply {
        let user: ID<User> = try call.id("user")
        let asked = try call.decoded(NewIdentityBody.self)
        let link = try await app.linkIdentity(
            asked.subject, at: ID(asked.providerID), to: user, as: call.caller)
        return try .created(body(link), at: "\(call.rootPath)/users/\(user)/identities")
    }

    @Sendable
    private func unlink(_ call: Call) async throws -> Reply {
        let user: ID<User> = try call.id("user")
        guard let issuer = call.query.text("issuer"), let subject = call.query.text("subject") else {
            throw Refusal.invalid(call.query.has("issuer") ? "subject" : "issuer", "must be there")
        }
        try await app.unlinkIdentity(
            ExternalIdentity(issuer: issuer, subject: subject), from: user, as: call.caller)
        return .noContent
    }

    private func body(_ link: IdentityLink) -> IdentityBody {
        IdentityBody(
            issuer: link.identity.issuer, subject: link.identity.subject, userID: link.user.value,
            linkedAt: link.linkedAt.text, linkedBy: link.linkedBy?.value)
    }
}
