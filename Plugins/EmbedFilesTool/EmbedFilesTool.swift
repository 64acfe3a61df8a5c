import Foundation

/// `embed-files OUTPUT FOLDER FILE…`: writes OUTPUT, a Swift file that holds each FILE as text, by its path below FOLDER.
@main
enum EmbedFilesTool {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard let output = arguments.first, let folder = arguments.dropFirst().first else {
            throw CocoaError(.featureUnsupported)
        }
        var lines = ["enum EmbeddedFiles {", "    static let all: [(path: String, text: String)] = ["]
        for path in arguments.dropFirst(2) {
            let text = try String(contentsOfFile: path, encoding: .utf8)
            guard !text.contains("\"\"\"####") else { throw CocoaError(.fileReadInapplicableStringEncoding) }
            lines += ["(\"\(path.dropFirst(folder.count + 1))\", ####\"\"\"", text, "\"\"\"####),"]
        }
        lines += ["    ]", "}", ""]
        try lines.joined(separator: "\n").write(toFile: output, atomically: true, encoding: .utf8)
    }
}
