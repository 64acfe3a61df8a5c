import HTTPTypes

@testable import LatchkeyHTTP

/// The ways to an answer: on the event loop, read as a plain question or by the parser, and through Hummingbird.
enum FaceWay: CaseIterable {
    case plain, parser, router
}

extension TestServer {
    func test<Value: Sendable>(
        _ way: FaceWay, _ body: @escaping @Sendable (TestClient) async throws -> Value
    ) async throws -> Value {
        switch way {
        case .plain: try await live(body)
        // Which transfer codings a client takes is no question of ours, but nothing plain.
        case .parser: try await live(saying: [.te: "trailers"], body)
        case .router: try await test(body)
        }
    }
}
