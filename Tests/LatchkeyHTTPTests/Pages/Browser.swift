import HTTPTypes
import Hummingbird
import HummingbirdTesting
import LatchkeyApp
import LatchkeyCore
import NIOCore
import Synchronization

@testable import LatchkeyHTTP

/// A browser as far as the doors can tell: keeps cookies, says where a form stands, follows where it is sent.
final class Browser: Sendable {
    private let client: TestClient
    private let jar = Mutex<[String: String]>([:])

    init(_ client: TestClient) {
        self.client = client
    }

    var cookies: [String: String] { jar.withLock { $0 } }

    func keep(_ name: PageCookie.Name, _ value: String) {
        jar.withLock { $0[name.rawValue] = value }
    }

    func get(_ path: String, headers: HTTPFields = [:]) async throws -> Answer {
        try await ask(.get, path, nil, headers)
    }

    /// Sends a form as the page at `from` would: with its token, from our own origin.
    func send(_ form: [(String, String)], to path: String, from page: String? = nil) async throws -> Answer {
        let shown = try await get(page ?? path)
        let fields = [("form_token", Self.token(in: shown.text) ?? "")] + form
        return try await post(Self.body(fields), to: path)
    }

    /// Sends a body as it is.
    func post(_ body: String, to path: String, headers: HTTPFields = Browser.ownHeaders) async throws -> Answer {
        try await ask(.post, path, body, headers)
    }

    static let ownHeaders: HTTPFields = [
        .contentType: PageGate.formType, .secFetchSite: "same-origin", .origin: "https://latchkey.example.com",
    ]

    static func body(_ fields: [(String, String)]) -> String {
        fields.map { "\(FormText.encoded($0.0))=\(FormText.encoded($0.1))" }.joined(separator: "&")
    }

    static func token(in html: String) -> String? {
        html.firstMatch(of: /name="form_token" value="([^"]+)"/).map { String($0.1) }
    }

    private func ask(
        _ method: HTTPRequest.Method, _ path: String, _ body: String?, _ headers: HTTPFields
    ) async throws -> Answer {
        var headers = headers
        let cookie = cookies.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "; ")
        if !cookie.isEmpty { headers[.cookie] = cookie }
        if headers[.accept] == nil { headers[.accept] = "text/html" }
        let answer = try await client.ask(method, path, as: nil, body, headers: headers)
        for field in answer.headers[values: .setCookie] { take(field) }
        return answer
    }

    private func take(_ field: String) {
        let parts = field.split(separator: ";")
        guard let pair = parts.first?.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false) else {
            return
        }
        let isGone = parts.contains { $0.trimmed == "Max-Age=0" }
        jar.withLock { $0[String(pair[0])] = isGone ? nil : String(pair[1]) }
    }
}

extension Substring {
    fileprivate var trimmed: Substring { drop { $0 == " " } }
}

extension TestServer {
    /// Runs with a browser in which this person, by default the first Admin, is signed in.
    func browse<Value: Sendable>(
        as user: ID<User>? = nil, _ body: @escaping @Sendable (Browser) async throws -> Value
    ) async throws -> Value {
        let admin = try await adminCaller.userID
        guard let person = user ?? admin else { throw Refusal.notFound("user") }
        let started = try await app.startSession(for: person, by: .password, from: Origin())
        return try await test { client in
            let browser = Browser(client)
            browser.keep(.session, started.secret.reveal())
            return try await body(browser)
        }
    }

    /// A person with this role.
    func givenPerson(_ email: String, role: Role = .member) async throws -> ID<User> {
        let made = try await app.bootstrap(email: email, name: nil, isBreakGlass: true)
        let id = made.user.user.id
        if role != .admin { _ = try await app.updateUser(id, UserEditRequest(role: role), as: adminCaller) }
        return id
    }

    /// Runs with a browser in which nobody is signed in.
    func browseAsStranger<Value: Sendable>(
        _ body: @escaping @Sendable (Browser) async throws -> Value
    ) async throws -> Value {
        try await test { client in try await body(Browser(client)) }
    }
}

extension Answer {
    var location: String? { headers[.location] }
}
