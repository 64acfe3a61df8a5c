import Foundation

/// What other systems ask of one token after another.
enum FaceQuestion: String, CaseIterable {
    case gateway = "/authz"
    case introspection = "POST /oauth2/introspect"

    /// Lua that makes a request about the token `line`.
    fileprivate func request(asker: String) -> String {
        switch self {
        case .gateway:
            """
            wrk.format("GET", "/authz", {["Authorization"] = "Bearer " .. line,
                ["X-Original-Method"] = "GET", ["X-Original-URI"] = "/api/users/me"})
            """
        case .introspection:
            """
            wrk.format("POST", "/oauth2/introspect", {["Authorization"] = "Bearer \(asker)",
                ["Content-Type"] = "application/x-www-form-urlencoded"}, "token=" .. line)
            """
        }
    }
}

/// What wrk saw of a round.
struct LoadFigures {
    let perSecond: Double
    /// Of a hundred answers the slowest but one came within this time.
    let p99: Double
    /// The part of the answers that were not 2xx.
    let refused: Double
}

extension [LoadFigures] {
    var rate: Double { map(\.perSecond).median }
    /// In milliseconds.
    var p99: Double { map(\.p99).median * 1000 }

    /// Each round's part of the one beside it, the median of them.
    func rate(of others: [LoadFigures]) -> Double { zip(self, others).map { $0.perSecond / $1.perSecond }.median }
    func p99(of others: [LoadFigures]) -> Double { zip(self, others).map { $0.p99 / $1.p99 }.median }
}

/// One load of ``FaceQuestion``s: which tokens, asked by whom.
struct FaceLoad {
    let question: FaceQuestion
    let tokensFile: String
    let asker: String
    let options: Options

    func run(port: Int) throws -> LoadFigures {
        let script = """
            local requests, place = {}, 0
            function init(args)
                for line in io.lines("\(tokensFile)") do
                    requests[#requests + 1] = \(question.request(asker: asker))
                end
                math.randomseed(os.time() + tonumber(tostring({}):sub(8), 16) % 1000)
                place = math.random(#requests)
            end
            function request()
                place = place % #requests + 1
                return requests[place]
            end
            """
        let file = tokensFile + ".lua"
        try script.write(toFile: file, atomically: true, encoding: .utf8)
        let output = try Child(
            "wrk",
            [
                "--latency", "-t", "2", "-c", "\(options.connections)", "-d", "\(options.seconds)s", "-s", file,
                "http://127.0.0.1:\(port)",
            ]
        ).finish()
        return try Self.figures(output)
    }

    /// Reads `Requests/sec:`, the line `99%`, `… requests in …` and `Non-2xx or 3xx responses:`.
    private static func figures(_ output: String) throws -> LoadFigures {
        let lines = output.split(separator: "\n").map { $0.split(separator: " ") }
        func after(_ word: String) -> Substring? { lines.first { $0.first == word[...] }?.last }
        guard !output.contains("Socket errors"), let rate = after("Requests/sec:").flatMap({ Double($0) }),
            let p99 = after("99%").flatMap({ seconds($0) }),
            let count = lines.first(where: { $0.dropFirst().first == "requests" })?.first.flatMap({ Double($0) })
        else { throw BenchFailure("wrk was not content:\n\(output)") }
        let refused = after("Non-2xx").flatMap { Double($0) } ?? 0
        return LoadFigures(perSecond: rate, p99: p99, refused: refused / count)
    }

    /// `1.23ms`, `456.00us`, `1.00s`.
    private static func seconds(_ text: Substring) -> Double? {
        let units = [("us", 1e-6), ("ms", 1e-3), ("s", 1.0)]
        for (unit, seconds) in units where text.hasSuffix(unit) {
            return Double(text.dropLast(unit.count)).map { $0 * seconds }
        }
        return nil
    }
}
