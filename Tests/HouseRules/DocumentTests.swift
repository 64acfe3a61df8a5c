import Foundation
import Testing

@Suite("The documents")
struct DocumentTests {
    private static let documents: [String] = {
        let top = ["README", "ARCHITECTURE", "CONTRIBUTING", "CHANGELOG", "SECURITY"].map { "\($0).md" }
        let pages = (try? SourceFile.paths(under: "docs").filter { $0.hasSuffix(".md") }) ?? []
        return top + pages.sorted()
    }()

    @Test("link only to what is there", arguments: documents)
    func links(document: String) throws {
        let folder = SourceFile.root.appending(path: document).deletingLastPathComponent()
        let text = try SourceFile.text(of: document)
        for match in text.matches(of: /\]\((?<target>[^)#\s]+)(?:#[^)]*)?\)/) where !match.target.contains("://") {
            let path = folder.appending(path: String(match.target)).standardizedFileURL.path
            #expect(FileManager.default.fileExists(atPath: path), "\(document) links to \(match.target)")
        }
    }

    @Test("name only targets that the Makefile has", arguments: documents)
    func makeTargets(document: String) throws {
        let makefile = try SourceFile.text(of: "Makefile")
        for match in try SourceFile.text(of: document).matches(of: /`make (?<target>[a-z-]+)/) {
            #expect(makefile.contains("\n\(match.target):"), "\(document) speaks of make \(match.target)")
        }
    }
}
