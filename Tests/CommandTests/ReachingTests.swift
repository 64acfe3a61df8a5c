import NIOCore
import NIOPosix
import Testing

@testable import latchkey

/// Knows no name.
private struct NoNames: Resolver {
    struct Unknown: Error {}

    let loop: any EventLoop

    func initiateAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> { nothing }
    func initiateAAAAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> { nothing }
    func cancelQueries() {}

    private var nothing: EventLoopFuture<[SocketAddress]> {
        loop.makeFailedFuture(Unknown())
    }
}

@Suite("A command on its way to a server")
struct ReachingTests {
    @Test("says that the server's name cannot be resolved")
    func unknownName() async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let endpoint = try Endpoint("http://latchkey.invalid")
        let error = await #expect(throws: NIOConnectionError.self) {
            try await ClientBootstrap(group: loop).resolver(NoNames(loop: loop))
                .connect(host: endpoint.host, port: 80).get()
        }
        let failure = CommandFailure(unreachable: endpoint, try #require(error))
        #expect(failure.message == "cannot reach http://latchkey.invalid/api: its name cannot be resolved")
    }

    @Test("reads the authorities that it is to trust only where it speaks TLS")
    func authorities() async throws {
        var options = AuthorityOptions()
        options.caFile = "/nowhere.pem"
        let nowhere = options
        try await Client.with(try Endpoint("http://localhost"), token: nil, trusting: nowhere) { _ in }
        await #expect(throws: CommandFailure.self) {
            try await Client.with(try Endpoint("https://localhost"), token: nil, trusting: nowhere) { _ in }
        }
    }
}
