import HTTPTypes
import LatchkeyCore
import Testing

@testable import LatchkeyHTTP

/// `/theme` is a form that everybody may send and that changes nothing but a cookie: good for asking what any form must
/// bring.
@Suite("A form")
struct FormTokenTests {
    private static let dark = [("theme", "dark"), ("back", "/sign-in")]

    @Test("that our own page sent is taken")
    func own() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let answer = try await browser.send(Self.dark, to: "/theme", from: "/settings/security/users")
            #expect(answer.status == 303)
            #expect(answer.location == "/sign-in")
            #expect(browser.cookies["latchkey_theme"] == "dark")
        }
    }

    @Test(
        "that another site sent is refused",
        arguments: [
            [.secFetchSite: "cross-site", .origin: "https://evil.example"],
            [.secFetchSite: "same-site", .origin: "https://sub.latchkey.example.com"],
            [.origin: "https://evil.example"], [.origin: "null"], [.secFetchSite: "none"], [:],
            [.secFetchSite: "same-origin", .origin: "https://latchkey.example.com.evil.example"],
            [.origin: "http://latchkey.example.com"],
        ] as [HTTPFields])
    func foreign(headers: HTTPFields) async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let page = try await browser.get("/settings/security/users")
            let fields = [("form_token", Browser.token(in: page.text) ?? "")] + Self.dark
            var headers = headers
            headers[.contentType] = PageGate.formType
            let answer = try await browser.post(Browser.body(fields), to: "/theme", headers: headers)
            #expect(answer.status == 403)
            #expect(browser.cookies["latchkey_theme"] == nil)
        }
    }

    @Test("without its token, or with another's, is refused")
    func token() async throws {
        let server = try await TestServer()
        let stranger = try await server.browseAsStranger { browser in
            Browser.token(in: try await browser.get("/sign-in").text) ?? ""
        }
        try await server.browse { browser in
            let own = Browser.token(in: try await browser.get("/settings/security/users").text) ?? ""
            for token in ["", "x", stranger, String(own.dropLast()), own + "A", String(own.reversed())] {
                let body = Browser.body([("form_token", token)] + Self.dark)
                let answer = try await browser.post(body, to: "/theme")
                #expect(answer.status == 403)
            }
            let none = try await browser.post(Browser.body(Self.dark), to: "/theme")
            #expect(none.status == 403)
        }
    }

    @Test(
        "of any type but a form's own is refused",
        arguments: ["application/json", "multipart/form-data; boundary=x", "text/plain", ""])
    func type(type: String) async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let page = try await browser.get("/settings/security/users")
            let body = Browser.body([("form_token", Browser.token(in: page.text) ?? "")] + Self.dark)
            var headers = Browser.ownHeaders
            headers[.contentType] = type
            let answer = try await browser.post(body, to: "/theme", headers: headers)
            #expect(answer.status == 415)
        }
    }

    @Test("leads nowhere but here")
    func openRedirect() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            for place in ["https://evil.example", "//evil.example", "/\\evil.example"] {
                let form = [("theme", "dark"), ("back", place)]
                let answer = try await browser.send(form, to: "/theme", from: "/settings/security/users")
                #expect(answer.location == "/")
                let signedIn = try await browser.get("/sign-in?return_to=\(FormText.encoded(place))")
                #expect(signedIn.location == "/")
            }
        }
    }

    @Test("of the script that opens dialogs is told where it leads, in a header that it can read")
    func dialog() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let page = try await browser.get("/settings/security/users")
            let body = Browser.body([("form_token", Browser.token(in: page.text) ?? "")] + Self.dark)
            var headers = Browser.ownHeaders
            headers[.dialog] = "1"
            let answer = try await browser.post(body, to: "/theme", headers: headers)
            #expect(answer.status == 204)
            #expect(answer.headers[.dialogLocation] == "/sign-in")
        }
    }
}
