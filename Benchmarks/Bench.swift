import Foundation

/// Measures speed and size, beside a bare server on the same machine in the same run.
///
///     latchkey-bench [all] [--tokens N] [--seconds S] [--rounds R] [--record]
///     latchkey-bench verify | ledger | size | me | create | lists | directory | pages | decisions | faces   one part
///     latchkey-bench bare PORT, latchkey-bench bare-nio PORT   the servers to compare with
@main
struct Bench {
    static func main() async throws {
        let options = Options(Array(CommandLine.arguments.dropFirst()))
        if options.part == "bare" {
            try await BareServer.run(port: options.port)
            return
        }
        if options.part == "bare-nio" { return try await BareNIO.run(port: options.port) }
        let parts: [(name: String, run: (Options) async throws -> [Result])] = [
            ("verify", VerifyBench.run), ("ledger", LedgerBench.run), ("me", MeBench.run), ("create", CreateBench.run),
            ("lists", ListBench.run), ("decisions", DecisionBench.run), ("faces", FaceBench.run),
            ("directory", DirectoryBench.run), ("pages", PageBench.run),
            // Last: the disk is busy for a while with what this one leaves.
            ("size", SizeBench.run),
        ]
        var results: [Result] = []
        for part in parts where options.part == "all" || options.part == part.name {
            FileHandle.standardError.write(Data("measuring \(part.name) …\n".utf8))
            results += try await part.run(options)
        }
        let table = Result.table(results)
        print(table)
        // The pages have a record of their own beside that of the whole run.
        if options.isRecording, options.part != "pages" { try Record.write(table) }
    }
}

/// What was asked for on the command line.
struct Options {
    var part = "all"
    var tokens = 1_000_000
    var accounts = 100_000
    var teams = 1000
    /// Tokens that are presented over HTTP.
    var presented = 10_000
    var connections = 64
    var seconds = 8
    var rounds = 3
    /// Of a directory's first sync.
    var people = 100_000
    var groups = 1000
    var port = 18_080
    var isRecording = false
    /// Where the pages' organisation is filled once and kept; a fresh one each time unless given.
    var directory: String?

    init(_ arguments: [String]) {
        var rest = arguments[...]
        if let first = rest.first, !first.hasPrefix("-") { part = rest.removeFirst() }
        if part.hasPrefix("bare"), let given = rest.first.flatMap({ Int($0) }) { port = given }
        while let name = rest.popFirst() {
            if name == "--record" { isRecording = true }
            if name == "--data-dir" { directory = rest.first }
            guard let value = rest.first.flatMap({ Int($0) }) else { continue }
            switch name {
            case "--tokens": tokens = value
            case "--accounts", "--users": accounts = value
            case "--teams": teams = value
            case "--people": people = value
            case "--groups": groups = value
            case "--seconds": seconds = value
            case "--rounds": rounds = value
            default: break
            }
        }
        accounts = min(accounts, max(1, tokens / 10))
        presented = min(presented, tokens)
    }
}

/// One line of the table.
struct Result {
    let what: String
    let measured: String
    let goal: String

    static func table(_ results: [Result]) -> String {
        let rows = [Result(what: "what", measured: "measured", goal: "goal")] + results
        let widths = (rows.map(\.what.count).max() ?? 0, rows.map(\.measured.count).max() ?? 0)
        let lines = rows.map { row in
            "| \(row.what.padding(to: widths.0)) | \(row.measured.padding(to: widths.1)) | \(row.goal) |"
        }
        let rule = "|\(String(repeating: "-", count: widths.0 + 2))|\(String(repeating: "-", count: widths.1 + 2))|---|"
        return ([lines[0], rule] + lines.dropFirst()).joined(separator: "\n")
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}

/// `docs/benchmarks.md`: what was measured last, between two marks; the text around them stays.
enum Record {
    private static let path = "docs/benchmarks.md"

    /// - Parameter name: what stands in the marks besides; the parts of a run without one.
    static func write(_ table: String, between name: String = "") throws {
        let suffix = name.isEmpty ? "" : " \(name)"
        let marks = (first: "<!-- recorded\(suffix) -->", last: "<!-- end of record\(suffix) -->")
        let old = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        guard let start = old.range(of: marks.first), let end = old.range(of: marks.last) else {
            throw BenchFailure("\(path) has lost its marks \(marks.first) and \(marks.last)")
        }
        let day = Date().formatted(.iso8601.year().month().day())
        let text = "\n\(day), \(Machine.description):\n\n\(table)\n"
        try old.replacingCharacters(in: start.upperBound..<end.lowerBound, with: text)
            .write(toFile: path, atomically: true, encoding: .utf8)
    }
}

struct BenchFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
