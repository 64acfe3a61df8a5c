import HTTPTypes
import LatchkeyCore
import Testing

@testable import LatchkeyHTTP

@Suite("A page")
struct PageGateTests {
    private static let users = "/settings/security/users"

    @Test("sends a stranger to sign in, and back to where they were")
    func strangers() async throws {
        let server = try await TestServer()
        try await server.browseAsStranger { browser in
            let list = try await browser.get("\(Self.users)?role=Admin&page=2")
            #expect(list.status == 303)
            #expect(list.location == "/sign-in?return_to=%2Fsettings%2Fsecurity%2Fusers%3Frole%3DAdmin%26page%3D2")
            let form = try await browser.get(list.location ?? "")
            #expect(form.text.contains(#"name="return_to" value="/settings/security/users?role=Admin&amp;page=2""#))
        }
    }

    /// A form that everybody who is signed in is shown.
    private static let anyForm = "/api/cli/authorize?redirect_uri=http://127.0.0.1:9/&state=0123456789"

    @Test("is open to whom its declared permission names, and to nobody else")
    func matrix() async throws {
        let server = try await TestServer()
        let pages = server.doors.pages.filter { !$0.isAsset }
        for role in Role.allCases {
            let person = try await server.givenPerson("\(role.rawValue)@example.com", role: role)
            try await server.browse(as: person) { browser in
                for page in pages {
                    guard case .needs(let permission) = page.access else { continue }
                    let path = page.path.replacing("{id}", with: "999999")
                    let answer =
                        page.method == .get
                        ? try await browser.get(path) : try await browser.send([], to: path, from: Self.anyForm)
                    #expect((answer.status == 403) == (role < permission.lowestRole), "\(page.method) \(path) \(role)")
                }
            }
        }
    }

    @Test("has the headers that keep others out of it")
    func headers() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            for path in [Self.users, "/nowhere"] {
                let answer = try await browser.get(path)
                let policy = answer.headers[.contentSecurityPolicy] ?? ""
                #expect(policy.contains("default-src 'none'"))
                #expect(policy.contains("frame-ancestors 'none'"))
                #expect(!policy.contains("unsafe"))
                #expect(answer.headers[.cacheControl] == "no-store")
                #expect(answer.headers[.xContentTypeOptions] == "nosniff")
                #expect(answer.headers[.referrerPolicy] == "same-origin")
                #expect(answer.headers[.contentType] == "text/html; charset=utf-8")
            }
        }
    }

    @Test("holds no script and no style of its own")
    func noInline() async throws {
        let server = try await TestServer()
        _ = try await server.givenServiceUser("Nightly Load")
        let pages = server.doors.pages.filter { $0.method == .get && !$0.isAsset && !$0.path.contains("{") }
        try await server.browse { browser in
            for page in pages {
                let text = try await browser.get(page.path).text
                #expect(!text.contains(/<style|<script(?![^>]* src=)|\sstyle=|\son[a-z]+=|javascript:/), "\(page.path)")
            }
        }
    }

    @Test("that is not there is told in words to a browser, and as a problem to a program")
    func notFound() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let page = try await browser.get("/nowhere")
            #expect(page.status == 404)
            #expect(page.text.contains("There is no such page"))
            let problem = try await browser.get("/nowhere", headers: [.accept: "application/json"])
            #expect(problem["type"] == "/problems/not-found")
            let api = try await browser.get("/api/nowhere")
            #expect(api["type"] == "/problems/not-found")
        }
    }

    @Test("stays below 100 KB with all that it loads")
    func size() async throws {
        let server = try await TestServer()
        for number in 1...25 {
            _ = try await server.givenServiceUser("A service user with quite a long name \(number)")
        }
        try await server.browse { browser in
            var size = try await browser.get(Self.users).text.utf8.count
            for file in EmbeddedFiles.all where file.path.hasPrefix("Assets/") {
                let asset = try await browser.get("\(Assets.path)/\(file.path.dropFirst("Assets/".count))")
                #expect(asset.status == 200)
                size += asset.text.utf8.count
            }
            #expect(size < 100_000)
        }
    }
}

@Suite("Cookies of the console")
struct CookieTests {
    @Test("are out of reach for scripts and other sites, and over TLS bound to this very host")
    func attributes() {
        let plain = PageCookie(.session, "x").field(isSecure: false).value
        #expect(plain == "latchkey=x; Path=/; HttpOnly; SameSite=Lax")
        let secure = PageCookie(.session, "x", maxAge: .seconds(9)).field(isSecure: true).value
        #expect(secure == "__Host-latchkey=x; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=9")
    }

    @Test("that come twice count as none")
    func twice() {
        let cookies = PageCookies([.cookie: "latchkey=a; latchkey=b; latchkey_theme=dark"], isSecure: false)
        #expect(cookies[.session] == nil)
        #expect(cookies[.theme] == "dark")
    }
}

@Suite("A path to go back to")
struct LocalPathTests {
    @Test(
        "is refused when a browser could take it for another place",
        arguments: [
            "", "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
            "/\n/evil.example", "javascript:alert(1)", "evil", " /a", "/a b", "/ä",
        ])
    func refused(text: String) {
        #expect(LocalPath(text) == nil)
    }

    @Test(
        "is taken when it is ours", arguments: ["/", "/settings/security/users?role=Admin&page=2", "/a//b", "/?x=//y"])
    func taken(text: String) {
        #expect(LocalPath(text)?.text == text)
    }
}
