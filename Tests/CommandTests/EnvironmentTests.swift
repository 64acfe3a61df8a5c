import Foundation
import Testing

@testable import latchkey

@Suite("Environment variables")
struct EnvironmentTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Those that the documents and examples tell people to set.
    private static func recommended() throws -> Set<String> {
        var names: Set<String> = []
        for folder in ["docs", "examples"] {
            let path = root.appendingPathComponent(folder).path
            for file in try FileManager.default.subpathsOfDirectory(atPath: path) {
                guard let text = try? String(contentsOfFile: path + "/" + file, encoding: .utf8) else { continue }
                names.formUnion(text.matches(of: /LATCHKEY_[A-Z_]*[A-Z]/).map { String($0.output) })
            }
        }
        return names
    }

    @Test("that a document or an example recommends stop no command")
    func areKnown() throws {
        let names = try Self.recommended()
        #expect(names.contains("LATCHKEY_USER"))
        for name in names.sorted() {
            let ours = EnvironmentNames.settings(in: [name: "anything"])
            #expect(throws: Never.self, "\(name)") { try EnvironmentNames.check(ours) }
        }
    }
}
