import HTTPTypes
import LatchkeyApp
import LatchkeyCore

/// A cookie that we set. All are HttpOnly and SameSite=Lax, and Secure with the `__Host-` prefix (RFC 6265bis §4.1.3.2)
/// where the console is served over TLS.
struct PageCookie: Sendable {
    let name: Name
    let value: String
    /// `nil` until the browser is closed; zero deletes it.
    let maxAge: Duration?

    enum Name: String, Sendable {
        case session = "latchkey"
        /// Of somebody who has not signed in: what their forms are bound to.
        case visitor = "latchkey_visitor"
        /// Between the password and the second factor.
        case pending = "latchkey_pending"
        /// Between here and an identity provider.
        case provider = "latchkey_provider"
        /// Proven at a provider, and not connected with an account yet.
        case identity = "latchkey_identity"
        /// What was typed into a form that came after its session's end, sealed.
        case keptForm = "latchkey_kept_form"
        /// The code of a link that was opened: not in the address bar, nor in what pages send along as their referrer.
        case link = "latchkey_link"
        case flash = "latchkey_flash"
        case theme = "latchkey_theme"
    }

    init(_ name: Name, _ value: String, maxAge: Duration? = nil) {
        self.name = name
        self.value = value
        self.maxAge = maxAge
    }

    static func deleting(_ name: Name) -> PageCookie { PageCookie(name, "", maxAge: .zero) }

    static func flash(_ flash: Flash) -> PageCookie { PageCookie(.flash, flash.word, maxAge: .seconds(60)) }

    static func session(_ secret: SessionSecret) -> PageCookie {
        PageCookie(.session, secret.reveal(), maxAge: nil)
    }

    /// A sign-in that waits for its second factor.
    static func pending(_ pending: PendingSignIn) -> PageCookie {
        PageCookie(.pending, pending.text, maxAge: PendingSignIn.life)
    }

    func field(isSecure: Bool) -> HTTPField {
        var text = "\(name.text(isSecure: isSecure))=\(value); Path=/; HttpOnly; SameSite=Lax"
        if isSecure { text += "; Secure" }
        if let maxAge { text += "; Max-Age=\(maxAge.components.seconds)" }
        return HTTPField(name: .setCookie, value: text)
    }
}

extension PageCookie.Name {
    func text(isSecure: Bool) -> String { (isSecure ? "__Host-" : "") + rawValue }
}

/// The cookies that came with a request.
struct PageCookies: Sendable {
    private let pairs: [(name: Substring, value: Substring)]
    private let isSecure: Bool

    init(_ fields: HTTPFields, isSecure: Bool) {
        self.isSecure = isSecure
        pairs = fields[values: .cookie].flatMap { $0.split(separator: ";") }.compactMap { pair in
            let parts = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return parts.count == 2 ? (parts[0], parts[1]) : nil
        }
    }

    /// A name that comes twice was planted by somebody: then none counts.
    subscript(name: PageCookie.Name) -> Substring? {
        let found = pairs.filter { $0.name == name.text(isSecure: isSecure) }
        return found.count == 1 ? found.first?.value : nil
    }
}
