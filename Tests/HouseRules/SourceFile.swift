import Foundation

/// One Swift file, with its code, its comments and its texts kept apart line by line, so that a rule about code is not
/// misled by a comment that speaks of it.
struct SourceFile: Sendable {
    /// Relative to the package.
    let path: String
    let lines: [String]
    /// The lines with comments and texts blanked out; what stands in a text's `\(…)` is code.
    let code: [String]
    let comments: [String]
    let texts: [String]
    let functions: [FunctionShape]

    init(path: String, content: String) {
        self.path = path
        let layers = SourceLayers(content)
        lines = Self.split(content)
        code = Self.split(layers.code)
        comments = Self.split(layers.comments)
        texts = Self.split(layers.texts)
        functions = FunctionShape.all(in: code)
    }

    var name: String { String(path.split(separator: "/").last ?? "") }

    /// The folder under `Sources` or `Tests`.
    var target: String {
        let parts = path.split(separator: "/")
        return parts.count > 2 ? String(parts[1]) : ""
    }

    func finding(_ index: Int, _ text: String) -> String { "\(path):\(index + 1): \(text)" }

    private static func split(_ text: String) -> [String] {
        // By bytes: to look for the ends of characters costs ten times as much.
        var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }
}

extension SourceFile {
    /// `Tests/HouseRules/SourceFile.swift` is three steps below the package.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Every Swift file below these folders, in order of path.
    static func all(under folders: [String]) throws -> [SourceFile] {
        try tree.get().filter { file in folders.contains { file.path.hasPrefix("\($0)/") } }
    }

    /// Read and taken apart once, for all rules.
    private static let tree = Result {
        try ["Sources", "Tests", "Benchmarks"].flatMap(paths).filter { $0.hasSuffix(".swift") }.sorted().map {
            SourceFile(path: $0, content: try text(of: $0))
        }
    }

    /// The files below a folder, relative to the package. A folder that is missing is a mistake, not an empty answer.
    static func paths(under folder: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: folder).path).map { "\(folder)/\($0)" }
    }

    static func text(of path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }
}
