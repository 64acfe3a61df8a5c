import Foundation

/// Measures speed and size, beside a bare server on the same machine in the same run.
///
///     latchkey-bench [all] [--tokens N] [--seconds S] [--rounds R] [--record]
///     latchkey-bench verify | ledger | size | me | create | lists | directory | decisions | faces      one part alone
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
            ("directory", DirectoryBench.run),
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
        if options.isRecording { try Record.write(table) }
    }
}

/// What was asked for on the command line.
struct Options {
    var part = "all"
    var tokens = 1_000_000
    var accounts = 100_000
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

    init(_ arguments: [String]) {
        var rest = arguments[...]
        if let first = rest.first, !first.hasPrefix("-") { part = rest.removeFirst() }
        if part.hasPrefix("bare"), let given = rest.first.flatMap({ Int($0) }) { port = given }
        while let name = rest.popFirst() {
            if name == "--record" { isRecording = true }
            guard let value = rest.first.flatMap({ Int($0) }) else { continue }
            switch name {
            case "--tokens": tokens = value
            case "--accounts": accounts = value
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
    private static let marks = ("<!-- recorded -->", "<!-- end of record -->")

    static func write(_ table: String) throws {
        let old = (try? String(contentsOfFile: path, encoding: .utf8)) ?? "# Benchmarks\n\n\(marks.0)\n\(marks.1)\n"
        guard let start = old.range(of: marks.0), let end = old.range(of: marks.1) else {
            throw BenchFailure("\(path) has lost its marks \(marks.0) and \(marks.1)")
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
