import Hummingbird
import Logging
import NIOCore

/// The server to compare with: Hummingbird answering a constant, as long as what we answer there.
enum BareServer {
    /// As long as what `GET /api/users/me` answers.
    private static let longBody = #"{"id":1,"padding":""# + String(repeating: "x", count: 580) + #""}"#
    /// As long as the identity fields of `/authz`, or what introspection answers.
    static let shortBody = #"{"active":true,"padding":""# + String(repeating: "x", count: 290) + #""}"#

    static func run(port: Int) async throws {
        let router = Router()
        router.get("/api/users/me") { _, _ in answer(longBody) }
        router.get("/authz") { _, _ in answer(shortBody) }
        router.post("/oauth2/introspect") { request, _ -> Response in
            _ = try await request.body.collect(upTo: 16 * 1024)
            return answer(shortBody)
        }
        var logger = Logger(label: "bare")
        logger.logLevel = .error
        let server = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)), logger: logger)
        try await server.runService()
    }

    private static func answer(_ body: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(string: body)))
    }
}
