import HTTPTypes
import HummingbirdCore
import LatchkeyApp
import LatchkeyCore

/// Where somebody has to go first, to sign in or to set up the second factor that is required; and what becomes of a
/// form that they sent meanwhile. It changes nothing. Its text comes back with the form's page: it travels in a sealed
/// cookie, because that survives an identity provider and a second factor, stands in no address, and no page can read
/// it.
extension PageGate {
    /// Whether what was typed into a late form comes back, told on the sign-in page.
    enum Late: String {
        case kept, lost
    }

    func detour(_ endpoint: PageEndpoint, _ passage: Passage) async -> PageReply? {
        if case .open = endpoint.access { return nil }
        guard let person = passage.person else { return await first("/sign-in", endpoint, passage) }
        guard person.mustSetUpSecondFactor, !endpoint.isBeforeSecondFactor else { return nil }
        return await first(SecondFactorPages.path, endpoint, passage)
    }

    private func first(_ stop: String, _ endpoint: PageEndpoint, _ passage: Passage) async -> PageReply {
        let back = back(endpoint, passage)
        var query = back == .home ? [] : ["return_to=\(FormText.encoded(back.text))"]
        guard endpoint.method == .post else { return .redirect(to: Self.link(stop, query)) }
        let kept = endpoint.isRefilled ? await kept(passage, at: back) : nil
        query.append("late=\((kept == nil ? Late.lost : .kept).rawValue)")
        let reply = PageReply.redirect(to: Self.link(stop, query))
        return kept.map { reply.with(PageCookie(.keptForm, $0, maxAge: KeptForm.life)) } ?? reply
    }

    private static func link(_ path: String, _ query: [String]) -> String {
        query.isEmpty ? path : path + "?" + query.joined(separator: "&")
    }

    /// The page asked for; for a form that has no page of its own, the page that it stood on.
    private func back(_ endpoint: PageEndpoint, _ passage: Passage) -> LocalPath {
        guard endpoint.isShown else { return passage.referringPath ?? .home }
        return passage.fullPath ?? .home
    }

    /// The typed text, sealed. A form that our own page did not send is not taken up: nobody else may choose what
    /// somebody will find in a form.
    private func kept(_ passage: Passage, at back: LocalPath) async -> String? {
        guard let session = await sessionBehind(passage) else { return nil }
        guard let form = try? await form(passage, boundTo: Self.seed(of: session)) else { return nil }
        return app.keep(form.refillable, at: back.text, for: session.user)
    }

    private func sessionBehind(_ passage: Passage) async -> Session? {
        if let person = passage.person { return person.session }
        guard let cookie = passage.cookies[.session] else { return nil }
        return try? await app.lapsedSession(cookie)
    }

    /// What this person typed here before they had to sign in.
    func refill(_ passage: Passage) -> FormFields? {
        guard passage.request.method == .get, let person = passage.person, let text = passage.cookies[.keptForm],
            let path = passage.fullPath
        else { return nil }
        return app.kept(String(text), at: path.text, for: person.id).map { FormFields($0.fields) }
    }
}

extension PageGate.Passage {
    /// With its query.
    var fullPath: LocalPath? { LocalPath(path + (request.uri.query.map { "?" + $0 } ?? "")) }

    /// What can be asked for once more without doing anything.
    var shownAgain: String? { request.method == .get ? fullPath?.text : nil }

    /// The page that a form stood on, as the browser says; our pages ask it to say so to us alone.
    var referringPath: LocalPath? { request.headers[.referer].flatMap { LocalPath(referer: $0) } }
}

extension FormFields {
    /// No field that holds a secret is kept, whatever its form.
    private static let secrets: Set<String> = [
        "form_token", "password", "current", "code", "sealed", "client_secret", Confirmation.wordField,
    ]

    /// What may be kept for a form that is shown later.
    fileprivate var refillable: [[String]] {
        pairs.filter { !Self.secrets.contains($0.name) && !$0.value.isEmpty }.map { [$0.name, $0.value] }
    }

    fileprivate init(_ kept: [[String]]) {
        self.init(pairs: kept.filter { $0.count == 2 }.map { ($0[0], $0[1]) })
    }
}
