@testable import LatchkeyHTTP

/// The two ways to an answer: on the event loop, and through Hummingbird.
enum FaceWay: CaseIterable {
    case eventLoop, router
}

extension TestServer {
    func test<Value: Sendable>(
        _ way: FaceWay, _ body: @escaping @Sendable (TestClient) async throws -> Value
    ) async throws -> Value {
        switch way {
        case .eventLoop: try await live(body)
        case .router: try await test(body)
        }
    }
}
