import HTTPTypes
import Hummingbird
import HummingbirdTesting
import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import NIOCore

@testable import LatchkeyHTTP

/// The doors in front of the real house, on a fresh database, with a clock that the test moves and one Admin.
struct TestServer {
    let app: App
    let clock: HandClock
    let doors: Doors
    /// The Admin's token.
    let admin: String

    init(
        on engine: EngineUnderTest = .sqlite, settings: HTTPSettings = HTTPSettings(version: "1.0.0"),
        tokens: TokenPolicy = TokenPolicy(), governsRoles: Bool = false, limits: LimitSettings = LimitSettings(),
        hasAdmin: Bool = true
    ) async throws {
        let clock = HandClock()
        let bytes = CountingBytes()
        let ambient = Ambient(now: { clock.now }, randomBytes: { bytes.bytes($0) })
        var instance = InstanceSettings(
            publicURL: "https://latchkey.example.com", tokens: tokens, passwordCost: .trivial,
            directoryGovernsRoles: governsRoles)
        instance.limits = limits
        app = try await App(
            store: try await engine.freshStore(at: clock.now),
            keys: KeyRing.generate(instance: "test", randomBytes: { bytes.bytes($0) }),
            settings: instance, ambient: ambient, logger: .silent)
        self.clock = clock
        doors = Doors(app: app, ambient: ambient, settings: settings, log: { _ in }, logger: .silent)
        guard hasAdmin else {
            admin = ""
            return
        }
        admin = try await app.bootstrap(email: "ada@example.com", name: "Ada", isBreakGlass: false)
            .token.secret.reveal()
    }

    init(app: App, clock: HandClock, admin: String, doors: Doors) {
        (self.app, self.clock, self.admin, self.doors) = (app, clock, admin, doors)
    }

    func test<Value>(_ body: @escaping @Sendable (TestClient) async throws -> Value) async throws -> Value {
        let application = Application(responder: doors.responder(), logger: .silent)
        return try await application.test(.router) { client in
            let send: TestClient.Send = { request, content in
                let response = try await client.execute(
                    uri: request.path ?? "/", method: request.method, headers: request.headerFields, body: content)
                return (response.head, response.body)
            }
            return try await body(TestClient(send: send, admin: admin))
        }
    }

    var adminCaller: Caller {
        get async throws {
            let bearer = try await app.authenticate(admin[...], method: "GET", route: "/test", from: Origin())
            return Caller(.bearer(bearer.credential))
        }
    }

    func givenServiceUser(_ name: String, role: Role = .member) async throws -> ID<User> {
        try await app.createServiceUser(NewServiceUser(name: name, role: role), as: adminCaller).user.id
    }

    func givenToken(
        for user: ID<User>, name: String = "production", isSCIMOnly: Bool = false,
        limits: NarrowingRequest = NarrowingRequest()
    ) async throws -> String {
        let request = NewToken(
            name: name, owner: user, lifetime: .days(30), isSCIMOnly: isSCIMOnly, limits: limits)
        return try await app.issueToken(request, as: adminCaller).secret.reveal()
    }

    /// A token that acts in this role.
    func givenToken(acting role: Role) async throws -> String {
        try await givenToken(for: givenServiceUser("Acting \(role.rawValue)", role: role))
    }
}

/// Asks the server as somebody would over HTTP.
struct TestClient: Sendable {
    typealias Send = @Sendable (HTTPRequest, ByteBuffer?) async throws -> (HTTPResponse, ByteBuffer)

    let send: Send
    let admin: String

    func ask(
        _ method: HTTPRequest.Method, _ path: String, as token: String?, _ body: String? = nil,
        headers: HTTPFields = [:]
    ) async throws -> Answer {
        var headers = headers
        if let token { headers[.authorization] = "Bearer \(token)" }
        if body != nil, headers[.contentType] == nil { headers[.contentType] = "application/json" }
        let request = HTTPRequest(
            method: method, scheme: "http", authority: "localhost", path: path, headerFields: headers)
        let (response, content) = try await send(request, body.map { ByteBuffer(string: $0) })
        return Answer(
            status: Int(response.status.code), headers: response.headerFields, text: String(buffer: content))
    }

    func get(_ path: String) async throws -> Answer { try await ask(.get, path, as: admin) }

    func post(_ path: String, _ body: String, key: String? = nil) async throws -> Answer {
        try await ask(.post, path, as: admin, body, headers: key.map { [.idempotencyKey: $0] } ?? [:])
    }

    func put(_ path: String, _ body: String) async throws -> Answer { try await ask(.put, path, as: admin, body) }

    func delete(_ path: String) async throws -> Answer { try await ask(.delete, path, as: admin) }
}

/// What came back.
struct Answer: Sendable {
    let status: Int
    let headers: HTTPFields
    let text: String

    var json: JSONTree { (try? JSONTree(reading: Array(text.utf8))) ?? .null }

    subscript(name: String) -> JSONTree? { json[name] }

    /// The pointers of a problem's errors.
    var pointers: [String] {
        guard case .list(let errors)? = self["errors"] else { return [] }
        return errors.compactMap { error in
            guard case .text(let pointer)? = error["pointer"] else { return nil }
            return pointer
        }
    }
}

extension JSONTree {
    var items: [JSONTree] {
        guard case .list(let items) = self else { return [] }
        return items
    }

    var string: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    var number: Int64? {
        guard case .integer(let number) = self else { return nil }
        return number
    }
}
