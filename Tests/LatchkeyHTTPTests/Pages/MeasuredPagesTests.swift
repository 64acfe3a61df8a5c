import Foundation
import HTTPTypes
import Testing

@testable import LatchkeyHTTP

@Suite("The benchmark of pages")
struct MeasuredPagesTests {
    @Test("asks for every page that the console shows, or says why not")
    func complete() async throws {
        let list = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../Benchmarks/PageList.swift")
        let text = try String(contentsOf: list, encoding: .utf8)
        let named = text.matches(of: /"(\/[^"?]*)/).map { Self.shape(String($0.1)) }
        #expect(named.count > 40)
        let server = try await TestServer()
        let shown = PageTable.endpoints(server.app, rootPath: "/api").filter { $0.method == .get && !$0.isAsset }
        let missing = shown.map(\.path).filter { !named.contains(Self.shape($0)) }
        #expect(missing.isEmpty, "add to Benchmarks/PageList.swift: \(missing)")
    }

    /// `/a/{user}` and `/a/{id}` are one page.
    private static func shape(_ path: String) -> String {
        path.replacing(/\{[^}]*\}/, with: "*")
    }
}
