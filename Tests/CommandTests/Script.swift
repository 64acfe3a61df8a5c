import Foundation
import Testing

/// A session at a terminal, written down: commands and what they are to answer.
///
/// ```
/// Prose, which says what this is about.
///
/// % serve --token-default-life-days 30    starts a server; `% stop` stops it, as the end of the script does
/// $ latchkey whoami                       a command for sh, in a directory of the script's own
/// user_id  ada@example.com                its standard output
/// ! latchkey: warning: …                  its standard error
/// ? 1                                     its exit status, where that is not 0
/// ```
/// A blank line ends what a command is to say. `…` in an expected line stands for anything on that line; a line of
/// `…` alone for any lines.
struct Script: CustomTestStringConvertible {
    let name: String
    let steps: [Step]

    enum Step {
        case serve(arguments: String, line: Int)
        case stop
        case run(Command)
    }

    struct Command {
        let text: String
        let line: Int
        var output: [String] = []
        var errors: [String] = []
        var status: Int32 = 0
    }

    var testDescription: String { name }

    static func all() throws -> [Script] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Scripts")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            .filter { $0.hasSuffix(".script") }
            .map { file in
                let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
                return Script(name: String(file.dropLast(7)), text: text)
            }
    }

    init(name: String, text: String) {
        self.name = name
        var steps: [Step] = []
        var command: Command?
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let rest = String(line.dropFirst(2))
            switch line.prefix(2) {
            case "! ": command?.errors.append(rest)
            case "? ": command?.status = Int32(rest) ?? -1
            case "$ ", "% ", "":
                if let command { steps.append(.run(command)) }
                command = line.hasPrefix("$") ? Command(text: rest, line: number + 1) : nil
                if line.hasPrefix("%") { steps.append(Self.direction(rest, line: number + 1)) }
            default: command?.output.append(String(line))
            }
        }
        if let command { steps.append(.run(command)) }
        self.steps = steps
    }

    private static func direction(_ text: String, line: Int) -> Step {
        text == "stop" ? .stop : .serve(arguments: String(text.dropFirst("serve".count)), line: line)
    }
}

/// Compares what was said with what was to be said.
enum Expectation {
    /// Blank lines at the end do not count.
    static func matches(_ text: String, _ expected: [String]) -> Bool {
        matches(lines(text)[...], trimmed(expected)[...])
    }

    private static func lines(_ text: String) -> [String] {
        trimmed(text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
    }

    private static func trimmed(_ lines: [String]) -> [String] {
        var lines = lines
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    private static func matches(_ said: ArraySlice<String>, _ expected: ArraySlice<String>) -> Bool {
        guard let pattern = expected.first else { return said.isEmpty }
        if pattern == "…" {
            return (said.startIndex...said.endIndex).contains { matches(said[$0...], expected.dropFirst()) }
        }
        guard let line = said.first, isLike(line, pattern) else { return false }
        return matches(said.dropFirst(), expected.dropFirst())
    }

    /// The parts around each `…` must come in this order, the first at the start, the last at the end.
    private static func isLike(_ line: String, _ pattern: String) -> Bool {
        let parts = pattern.components(separatedBy: "…")
        guard parts.count > 1 else { return line == pattern }
        guard line.hasPrefix(parts[0]), line.count >= parts[0].count + parts[parts.count - 1].count else {
            return false
        }
        var rest = line.dropFirst(parts[0].count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let found = rest.range(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return rest.hasSuffix(parts[parts.count - 1])
    }
}
