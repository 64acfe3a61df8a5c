import HTTPTypes
import LatchkeyApp
import LatchkeyCore

/// RFC 7662. Whoever asks needs a token of its own with the action `tokens:introspect`.
///
/// APIs ask this before each of their own requests, so the ``FrontRoom`` answers it where nothing has to be waited for.
struct IntrospectionFace: Sendable {
    static let path = "/oauth2/introspect"

    let app: App

    var face: Face {
        Face(
            method: .post, path: Self.path, refuse: OAuthRefusal.reply, handler: answer, handlerAtOnce: answerAtOnce,
            isLimited: false)
    }

    @Sendable
    private func answerAtOnce(_ call: inout FaceCall) throws -> Reply? {
        try answer(&call, isCaughtUp: false)
    }

    @Sendable
    private func answer(_ call: inout FaceCall) async throws -> Reply {
        if let reply = try answerAtOnce(&call) { return reply }
        try await app.catchUp()
        return try answer(&call, isCaughtUp: true) ?? Reply(status: .ok, bytes: IntrospectionBody.inactive)
    }

    private func answer(_ call: inout FaceCall, isCaughtUp: Bool) throws -> Reply? {
        let form = try OAuthForm(call)
        let client = try OAuthClient(call, form)
        guard let caller = try call.authenticateAtOnce(client, app, isCaughtUp: isCaughtUp) else { return nil }
        let question = TokenQuestion(
            presented: try form.required("token"), address: try address(form), isCaughtUp: isCaughtUp)
        switch try app.introspect(question, route: call.route, as: caller) {
        case .active(let bearer):
            return Reply(
                status: .ok, bytes: IntrospectionBody(bearer: bearer, issuer: app.settings.publicURL).jsonBytes)
        case .inactive: return Reply(status: .ok, bytes: IntrospectionBody.inactive)
        case .unsettled: return nil
        }
    }

    private func address(_ form: OAuthForm) throws(OAuthRefusal) -> Address? {
        guard let text = form["address"] else { return nil }
        guard let address = Address(text) else {
            throw .invalidRequest("address must be an IPv4 or IPv6 address.")
        }
        return address
    }
}
