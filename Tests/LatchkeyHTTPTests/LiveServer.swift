import HTTPTypes
import HummingbirdCore
import HummingbirdTesting
import LatchkeyTestSupport
import NIOCore
import NIOPosix
import ServiceLifecycle

@testable import LatchkeyHTTP

/// The server as the program puts it together, on a port of its own, and one connection to it. On a busy machine a test
/// may pause longer between two requests than the program lets a connection be idle; here it may.
extension TestServer {
    func live<Value: Sendable>(
        saying more: HTTPFields = [:], _ body: @escaping @Sendable (TestClient) async throws -> Value
    ) async throws -> Value {
        try await liveOnPort { number in
            try await HummingbirdTesting.TestClient.withClient(host: "127.0.0.1", port: number) { client in
                let send: TestClient.Send = { request, content in
                    var request = request
                    request.headerFields[.connection] = "keep-alive"
                    request.headerFields.append(contentsOf: more)
                    let response = try await client.execute(
                        HummingbirdTesting.TestClient.Request(
                            request.path ?? "/", method: request.method, authority: "localhost",
                            headers: request.headerFields, body: content))
                    return (response.head, response.body ?? ByteBuffer())
                }
                return try await body(TestClient(send: send, admin: admin))
            }
        }
    }

    func liveOnPort<Value: Sendable>(
        _ body: @escaping @Sendable (Int) async throws -> Value
    ) async throws -> Value {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let responder = doors.responder()
        let form = responder.http1(patience: .minutes(5))
        let service = try HTTPServerBuilder.http1(configuration: form).buildServer(
            configuration: ServerConfiguration(address: .hostname("127.0.0.1", port: 0)),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: .silent, responder: responder.serve,
            onServerRunning: { channel in port.yield(channel.localAddress?.port ?? 0) })
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            defer { group.cancelAll() }
            guard let number = await ports.first(where: { _ in true }) else { throw CancellationError() }
            return try await body(number)
        }
    }
}
