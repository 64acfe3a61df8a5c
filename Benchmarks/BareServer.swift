import Hummingbird
import Logging

/// The server to compare with: Hummingbird answering a constant, as long as what `GET /api/users/me` answers.
enum BareServer {
    static func run(port: Int) async throws {
        let body = #"{"id":1,"padding":""# + String(repeating: "x", count: 580) + #""}"#
        let router = Router()
        router.get("/api/users/me") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/json"],
                body: .init(byteBuffer: ByteBuffer(string: body)))
        }
        var logger = Logger(label: "bare")
        logger.logLevel = .error
        let server = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)), logger: logger)
        try await server.runService()
    }
}
