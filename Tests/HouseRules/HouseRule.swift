import Testing

/// A manner of the house that can be read off its sources.
///
/// Each brings examples that it must and must not complain of: a rule that cannot fail holds nothing up.
struct HouseRule: Sendable, CustomTestStringConvertible {
    let sentence: String
    /// Where it holds.
    let folders: [String]
    let violations: [Example]
    let manners: [Example]
    let findings: @Sendable (SourceFile) -> [String]

    /// A file as it might be.
    struct Example: Sendable {
        let path: String
        let content: String

        init(_ content: String, in path: String = "Sources/LatchkeyCore/Users/User.swift") {
            self.path = path
            self.content = content
        }

        var file: SourceFile { SourceFile(path: path, content: content) }
    }

    init(
        _ sentence: String, in folders: [String] = ["Sources"], against violations: [Example], not manners: [Example],
        findings: @escaping @Sendable (SourceFile) -> [String]
    ) {
        self.sentence = sentence
        self.folders = folders
        self.violations = violations
        self.manners = manners
        self.findings = findings
    }

    var testDescription: String { sentence }
}

extension HouseRule {
    /// Every line of a layer in which the pattern occurs.
    static func lines(
        _ layer: [String], of file: SourceFile, with words: [String], say text: String
    ) -> [String] {
        layer.indices.compactMap { index in
            guard let word = words.first(where: { layer[index].contains($0) }) else { return nil }
            return file.finding(index, "\(word.trimmed) \(text)")
        }
    }
}

extension String {
    var trimmed: String {
        var rest = self[...]
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest.drop { $0.isWhitespace })
    }
}
