import HTTPTypes
import HummingbirdCore
import LatchkeyApp
import LatchkeyCore

/// Whether a form was sent from a page of ours, by the one whom it was shown to. Two proofs that do not depend on each
/// other are asked for: where the browser says that the form stands, and the word that only our page knew.
extension PageGate {
    static let formType = "application/x-www-form-urlencoded"
    static let tokenField = "form_token"

    /// - Parameter seed: what the form's page was bound to.
    func form(_ passage: Passage, boundTo seed: String) async throws -> FormFields {
        try requireOwnOrigin(passage)
        let type = passage.request.headers[.contentType]?.lowercased().split(separator: ";").first
        guard type == Self.formType[...] else { throw PageRefusal.notAForm }
        try RequestBody.requireRoom(RequestHead(passage.request.headers))
        let body = try await RequestBody.read(passage.request)
        let form = FormFields(String(decoding: body, as: UTF8.self))
        guard app.keys.current.isFormToken(form.text(Self.tokenField), of: seed) else {
            throw PageRefusal.foreignForm
        }
        return form
    }

    /// What the forms of a page are bound to: the session, or for a stranger the visitor's cookie.
    func formSeed(_ passage: Passage) -> String {
        passage.person.map { Self.seed(of: $0.session) } ?? "visitor \(passage.visitor)"
    }

    static func seed(of session: Session) -> String { "session \(session.id)" }

    /// `Sec-Fetch-Site` and `Origin` cannot be set by a page's script. One of them has to be there, and what is there
    /// has to name us.
    private func requireOwnOrigin(_ passage: Passage) throws(PageRefusal) {
        let headers = passage.request.headers
        let (site, origin) = (headers[.secFetchSite], headers[.origin])
        guard site != nil || origin != nil else { throw .foreignForm }
        if let site, site != "same-origin" { throw .foreignForm }
        if let origin, !isOurs(origin, passage) { throw .foreignForm }
    }

    /// By the name that the browser asked for, or by the public one where a proxy in between changes the former.
    private func isOurs(_ origin: String, _ passage: Passage) -> Bool {
        if let range = origin.firstRange(of: "://"), let host = passage.request.head.authority {
            if origin[range.upperBound...] == host[...] { return true }
        }
        return origin == app.settings.publicURL.origin
    }
}

extension String {
    /// Scheme, host and port of a URL: what stands before the path.
    fileprivate var origin: String {
        guard let range = firstRange(of: "://") else { return self }
        return String(self[..<(self[range.upperBound...].firstIndex(of: "/") ?? endIndex)])
    }
}

extension HTTPField.Name {
    static let secFetchSite = HTTPField.Name.ofPages("Sec-Fetch-Site")
    static let referrerPolicy = HTTPField.Name.ofPages("Referrer-Policy")
    static let dialog = HTTPField.Name.ofPages("Latchkey-Dialog")
    static let dialogLocation = HTTPField.Name.ofPages("Latchkey-Location")
    static let openerPolicy = HTTPField.Name.ofPages("Cross-Origin-Opener-Policy")
    static let resourcePolicy = HTTPField.Name.ofPages("Cross-Origin-Resource-Policy")

    /// Our own literals are well-formed names; the alternative only satisfies the type.
    private static func ofPages(_ name: String) -> HTTPField.Name {
        HTTPField.Name(name) ?? .accept
    }
}
