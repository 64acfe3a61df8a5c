import LatchkeyApp
import LatchkeyCore

/// Settings → Policy: what decides behind the gateways, since when, and a question to put to it.
struct PolicyPage: Sendable {
    static let path = "/settings/policy"
    private static let fields = ["subject", "method", "path"]
    private static let methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]

    let app: App

    var endpoints: [PageEndpoint] {
        [
            .get(Self.path, .needs(.manageTokens)) { visit in page(visit, Form(), nil) },
            // A token that is pasted in must not stand in an address, so this asks by POST.
            .post(Self.path, .needs(.manageTokens), ask),
        ]
    }

    private func page(_ visit: Visit, _ form: Form, _ explanation: PolicyExplanation?) -> PageReply {
        let question = PolicyQuestionView(
            notice: form.notice(besides: Self.fields, marked: nil),
            subject: form.text(
                "subject", "Who", hint: "A user's handle, a token's number, or a token itself. Empty for yourself."
            ).such(as: "nightly_load@service").optional.suggested(by: NewTokenPage.suggestions),
            method: form.choice("method", "Method", Self.methods.map { Option($0) }, chosen: "GET"),
            path: form.text("path", "Path", hint: "As the gateway receives it.").such(as: "/api/datastores/7"))
        let view = PolicyView(
            app.policyInForce.standing, question: question, ruling: explanation.map(PolicyRulingView.init),
            now: visit.now)
        return .page("Policy", "policy/overview", view, status: form.status)
    }

    @Sendable
    private func ask(_ visit: Visit) async throws -> PageReply {
        do throws(Refusal) {
            return page(visit, Form(keeping: visit.form), try explanation(visit))
        } catch {
            guard let form = Form(visit.form, refused: Self.beside(error)) else { throw error }
            return page(visit, form, nil)
        }
    }

    private func explanation(_ visit: Visit) throws(Refusal) -> PolicyExplanation {
        let method = visit.form.text("method")
        guard Self.methods.contains(method) else { throw .invalid("/method", "must be one of the methods") }
        let who = self.subject(visit.form.text("subject").trimmed)
        return try app.explain(
            method: method, target: visit.form.text("path").trimmed, subject: who, as: visit.caller)
    }

    /// Handles have an `@`, numbers are digits, and everything else can only be a token.
    private func subject(_ text: String) -> Evaluation.Subject? {
        if text.isEmpty { return nil }
        if let number = Int64(text) { return .token(ID(number)) }
        return text.contains("@") ? .user(text) : .bearer(text)
    }

    /// What is wrong with who was named is said beside that field.
    private static func beside(_ refusal: Refusal) -> Refusal {
        switch refusal {
        case .notFound(let noun): .invalid("/subject", "There is no \(noun) like this.")
        case .conflict(let detail, _): .invalid("/subject", detail)
        default: refusal
        }
    }
}
