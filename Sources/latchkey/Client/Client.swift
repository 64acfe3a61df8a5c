import AsyncHTTPClient
import Foundation
import LatchkeyCore
import NIOCore
import NIOHTTP1

/// Speaks the REST API. Redirects are not followed: a token goes to the address that was given and nowhere else.
struct Client: Sendable {
    let endpoint: Endpoint
    private let http: HTTPClient
    private let token: String?

    private static let longestReply = 64 * 1024 * 1024

    static func with<Result>(
        _ endpoint: Endpoint, token: String?, trusting authorities: AuthorityOptions,
        _ body: (Client) async throws -> Result
    ) async throws -> Result {
        if token != nil, !endpoint.isEncrypted, !endpoint.isLocal {
            Terminal.warn("\(endpoint.host) is asked over plain HTTP: the token can be read on the way")
        }
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(10)
        // Somebody waits for the answer: what fails at first is told, not tried again until the time is up.
        configuration.connectionPool.retryConnectionEstablishment = false
        if endpoint.isEncrypted { configuration.tlsConfiguration = try authorities.configuration() }
        return try await HTTPClient.withHTTPClient(configuration: configuration) { http in
            try await body(Client(endpoint: endpoint, http: http, token: token))
        }
    }

    private init(endpoint: Endpoint, http: HTTPClient, token: String?) {
        self.endpoint = endpoint
        self.http = http
        self.token = token
    }

    func get(_ path: String, _ query: [(String, String?)] = []) async throws -> JSONValue {
        try await send("GET", path, query)
    }

    /// Every page of a list, as one array.
    func all(_ path: String, _ query: [(String, String?)] = []) async throws -> JSONValue {
        var items: [JSONValue] = []
        var (page, pages) = (1, 1)
        while page <= pages {
            let reply = try await get(path, query + [("page", String(page)), ("size", "100")])
            guard let more = reply["items"]?.items else { return reply }
            items += more
            pages = Int(reply["pages"]?.integer ?? 1)
            page += 1
        }
        return .array(items)
    }

    /// Sends a request and gives its JSON back, `null` where there is none; a refusal is thrown in its own words.
    func send(
        _ method: String, _ path: String, _ query: [(String, String?)] = [], body: JSONValue? = nil
    ) async throws -> JSONValue {
        let answer = try await exchange(method, path + Self.text(of: query), body: body)
        guard (200..<300).contains(answer.status) else { throw Problem(answer).failure }
        guard !answer.body.isEmpty else { return .null }
        guard let value = try? JSONParser.value(of: answer.body) else {
            throw CommandFailure(
                "\(endpoint.api) did not answer in JSON", hint: "is it the address of a Latchkey server?")
        }
        return value
    }

    /// One exchange, whatever its status.
    func exchange(_ method: String, _ path: String, body: JSONValue? = nil) async throws -> Answer {
        var request = HTTPClientRequest(url: endpoint.api + path)
        request.method = HTTPMethod(rawValue: method)
        request.headers.add(name: "User-Agent", value: "latchkey/\(Version.text)")
        request.headers.add(name: "Accept", value: "application/json, application/problem+json")
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if method == "POST" { request.headers.add(name: "Idempotency-Key", value: UUID().uuidString) }
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: body.compact))
        }
        do {
            let response = try await http.execute(request, timeout: .seconds(60))
            let bytes = try await response.body.collect(upTo: Self.longestReply)
            let date = response.headers.first(name: "Date")
            return Answer(status: Int(response.status.code), date: date, body: Array(bytes.readableBytesView))
        } catch {
            throw CommandFailure(unreachable: endpoint, error)
        }
    }

    private static func text(of query: [(String, String?)]) -> String {
        let given = query.compactMap { name, value in value.map { "\(name)=\(escaped($0))" } }
        return given.isEmpty ? "" : "?" + given.joined(separator: "&")
    }

    /// Percent-encodes all but the unreserved characters (RFC 3986 §2.3).
    static func escaped(_ text: String) -> String {
        let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
        return text.utf8.map { byte in
            if unreserved.contains(byte) { return String(UnicodeScalar(byte)) }
            return (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}

/// What came back.
struct Answer: Sendable {
    let status: Int
    /// The server's clock as it wrote it.
    let date: String?
    let body: [UInt8]
}
