import LatchkeyApp
import LatchkeyCore

/// Disconnecting one of one's own identities at a provider. The last way in stays.
struct IdentityPages: Sendable {
    let app: App

    private static let path = "/account/identities/disconnect"

    static func disconnect(_ identity: ExternalIdentity) -> String {
        "\(path)?issuer=\(FormText.encoded(identity.issuer))&subject=\(FormText.encoded(identity.subject))"
    }

    var endpoints: [PageEndpoint] {
        [
            .get(Self.path, .signedIn) { visit in try await ask(visit, Form()) },
            .post(Self.path, .signedIn, disconnect),
        ]
    }

    private func identity(_ visit: Visit) -> ExternalIdentity {
        ExternalIdentity(issuer: visit.query.text("issuer"), subject: visit.query.text("subject"))
    }

    private func ask(_ visit: Visit, _ form: Form) async throws -> PageReply {
        let asked = identity(visit)
        let own = try await app.ownIdentities(as: visit.caller).connected
        guard let found = own.first(where: { $0.link.identity == asked }) else {
            throw Refusal.notFound("identity")
        }
        let name = found.provider?.name ?? asked.issuer
        var sentences = ["Whoever signs in there as “\(asked.subject)” no longer gets into your account here."]
        if let session = visit.person?.session, case .provider(let number) = session.method,
            number == found.provider?.id.value
        {
            sentences.append("You came in this way yourself just now, so you are signed out: sign in another way then.")
        } else {
            sentences.append("Browsers in which you came in this way are signed out.")
        }
        return Confirmation(
            "Disconnect \(name)?", sentences, button: "Disconnect", visit: visit, form: form, back: AccountPage.path
        ).page(form)
    }

    @Sendable
    private func disconnect(_ visit: Visit) async throws -> PageReply {
        guard let id = visit.person?.id else { throw Refusal.unauthenticated(credentialSent: false) }
        return try await visit.answer {
            try await app.unlinkIdentity(identity(visit), from: id, as: visit.caller)
            return .redirect(to: AccountPage.path, saying: .said(.identityDisconnected))
        } orAgain: { form in
            try await ask(visit, form)
        }
    }
}
