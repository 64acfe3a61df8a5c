import HTTPTypes
import HummingbirdCore

/// What a page's handler answers.
struct PageReply: Sendable {
    private(set) var content: Content
    var cookies: [PageCookie] = []
    /// Whether the address that was asked for holds a secret, which the browser must not tell to anybody.
    var hidesAddress = false
    /// When another try makes sense, of what was refused for now.
    private(set) var retryAfter: Duration?

    typealias Writing = @Sendable (inout any ResponseBodyWriter) async throws -> Void

    enum Content: Sendable {
        case page(Sheet)
        /// A part of a page, for the script that asks for it.
        case fragment(template: String, view: any View)
        /// With 303 (RFC 9110 §15.4.4), so that a reload does not send a form again.
        case redirect(to: String)
        /// To be saved under a name.
        case file(name: String, type: String, bytes: [UInt8])
        /// The same, written while it is read.
        case stream(name: String, type: String, write: Writing)
        /// Never changes under its path, so it may be kept for ever.
        case asset(type: String, bytes: [UInt8])
    }

    static func page(
        _ title: String, _ template: String, _ view: any View, status: HTTPResponse.Status = .ok, isBare: Bool = false
    ) -> PageReply {
        PageReply(
            content: .page(Sheet(status: status, title: title, template: template, view: view, isBare: isBare)))
    }

    static func fragment(_ template: String, _ view: any View) -> PageReply {
        PageReply(content: .fragment(template: template, view: view))
    }

    /// A page whose form may lead on to another place than ours, by the redirect that answers it.
    func leading(to target: String) -> PageReply {
        guard case .page(let sheet) = content else { return self }
        var leading = sheet
        leading.formTarget = target
        return changed { $0.content = .page(leading) }
    }

    static func redirect(to path: String, saying flash: Flash? = nil) -> PageReply {
        PageReply(content: .redirect(to: path), cookies: flash.map { [.flash($0)] } ?? [])
    }

    func with(_ cookie: PageCookie) -> PageReply {
        changed { $0.cookies.append(cookie) }
    }

    func retrying(after wait: Duration?) -> PageReply { changed { $0.retryAfter = wait } }

    var hidingAddress: PageReply { changed { $0.hidesAddress = true } }

    private func changed(_ change: (inout PageReply) -> Void) -> PageReply {
        var reply = self
        change(&reply)
        return reply
    }
}

/// A page before it is rendered.
struct Sheet: Sendable {
    let status: HTTPResponse.Status
    let title: String
    /// Its path below `Templates`, without the ending.
    let template: String
    let view: any View
    /// Without navigation.
    let isBare: Bool
    /// An origin to which the answer to the page's form may lead; browsers hold `form-action` against redirects too.
    var formTarget: String?
}
