import HTTPTypes
import Hummingbird
import LatchkeyApp
import LatchkeyCore
import NIOCore

extension PageGate {
    /// Nothing inline, nothing from elsewhere, nowhere framed.
    private static func contentPolicy(formTarget: String?) -> HTTPField {
        let target = formTarget.map { " \($0)" } ?? ""
        return HTTPField(
            name: .contentSecurityPolicy,
            value: """
                default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                form-action 'self'\(target); frame-ancestors 'none'; base-uri 'none'
                """)
    }

    private static let usualPolicy = contentPolicy(formTarget: nil)

    /// `same-origin` and not `no-referrer`, which would make browsers send forms with `Origin: null`.
    private static let fields: [HTTPField] = [
        HTTPField(name: .xContentTypeOptions, value: "nosniff"),
        HTTPField(name: .referrerPolicy, value: "same-origin"),
        HTTPField(name: .openerPolicy, value: "same-origin"),
        HTTPField(name: .resourcePolicy, value: "same-origin"),
    ]

    func response(_ reply: PageReply, _ passage: Passage) -> Response {
        var headers = HTTPFields(Self.fields)
        if reply.hidesAddress { headers[.referrerPolicy] = "no-referrer" }
        headers.append(HTTPField(name: .requestID, value: passage.requestID))
        if let wait = reply.retryAfter { headers.append(Problem.retry(wait)) }
        if case .page(let sheet) = reply.content, let target = sheet.formTarget {
            headers.append(Self.contentPolicy(formTarget: target))
        } else {
            headers.append(Self.usualPolicy)
        }
        if case .asset(let type, let bytes) = reply.content {
            headers.append(HTTPField(name: .cacheControl, value: "public, max-age=31536000, immutable"))
            return response(.ok, headers, type, bytes)
        }
        headers.append(HTTPField(name: .cacheControl, value: "no-store"))
        for cookie in reply.cookies + housekeeping(reply, passage) {
            headers.append(cookie.field(isSecure: isSecure))
        }
        switch reply.content {
        case .page(let sheet):
            let html = templates.page(sheet, in: frame(passage))
            return response(sheet.status, headers, "text/html; charset=utf-8", html)
        case .fragment(let template, let view):
            let html = templates.fragment(template, view, in: frame(passage))
            return response(.ok, headers, "text/html; charset=utf-8", html)
        case .redirect(let path):
            headers.append(HTTPField(name: passage.isForDialog ? .dialogLocation : .location, value: path))
            return Response(status: passage.isForDialog ? .noContent : .seeOther, headers: headers)
        case .file(let name, let type, let bytes):
            headers.append(HTTPField(name: .contentDisposition, value: "attachment; filename=\"\(name)\""))
            return response(.ok, headers, type, bytes)
        case .stream(let name, let type, let write):
            headers.append(HTTPField(name: .contentDisposition, value: "attachment; filename=\"\(name)\""))
            headers.append(HTTPField(name: .contentType, value: type))
            return Response(status: .ok, headers: headers, body: ResponseBody(write))
        case .asset: return Response(status: .ok, headers: headers)
        }
    }

    private func response(
        _ status: HTTPResponse.Status, _ headers: HTTPFields, _ type: String, _ bytes: [UInt8]
    ) -> Response {
        var headers = headers
        headers.append(HTTPField(name: .contentType, value: type))
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// A page that was shown has said what there was to say, and a stranger's forms need a cookie to be bound to. The
    /// answer to a post gives none: posts of other sites come without the cookie that is there, and would replace it.
    private func housekeeping(_ reply: PageReply, _ passage: Passage) -> [PageCookie] {
        guard case .page = reply.content else { return [] }
        var cookies: [PageCookie] = []
        if passage.cookies[.flash] != nil { cookies.append(.deleting(.flash)) }
        if passage.person == nil, passage.isNewVisitor, passage.request.method == .get {
            cookies.append(PageCookie(.visitor, passage.visitor))
        }
        return cookies
    }

    private func frame(_ passage: Passage) -> Frame {
        Frame(
            assets: Assets.path, formToken: app.keys.current.formToken(of: formSeed(passage)), here: passage.path,
            theme: Theme(word: passage.cookies[.theme]), person: passage.person.map(PersonView.init),
            navigation: passage.person.map { navigation.groups(for: $0.caller, at: passage.path) } ?? [],
            flash: passage.cookies[.flash].flatMap { Flash(word: $0) }?.text)
    }
}
