import Foundation

/// `/authz` and introspection with 100,000 distinct tokens, in alternating rounds beside bare SwiftNIO and bare
/// Hummingbird; then the same with tokens that are none.
enum FaceBench {
    private static let tokens = 100_000

    private struct Scene {
        let instance: FilledInstance
        let server: RunningServer
        let options: Options
        /// Beside the real ones: of the right form but altered, and made of chance.
        let strangers: [(name: String, file: String)]

        func load(_ question: FaceQuestion, _ file: String? = nil) -> FaceLoad {
            FaceLoad(
                question: question, tokensFile: file ?? instance.tokensFile, asker: instance.adminToken,
                options: options)
        }
    }

    static func run(_ options: Options) async throws -> [Result] {
        var options = options
        options.presented = tokens
        let instance = try await FilledInstance.make(options, tokens: tokens, accounts: 1000)
        defer { instance.remove() }
        let server = try await RunningServer.start(instance, port: options.port)
        defer { server.child.stop() }
        let scene = Scene(
            instance: instance, server: server, options: options, strangers: try strangers(instance))
        let bares = try ["bare", "bare-nio"].enumerated().map { place, name in
            try Child(
                URL(fileURLWithPath: CommandLine.arguments[0]).lastPathComponent,
                [name, "\(options.port + 2 + place)"])
        }
        defer { for bare in bares { bare.stop() } }
        for place in 2...3 {
            while !RunningServer.answers(options.port + place, "x") { try await Task.sleep(for: .milliseconds(20)) }
        }
        return try FaceQuestion.allCases.flatMap { try results($0, scene) }
    }

    /// What one round after the other gave. Rounds of a turn are neighbours in time, and are held against each other:
    /// the machine is not as fast in one minute as in the next.
    private struct Turns {
        var hummingbird: [LoadFigures] = []
        var nio: [LoadFigures] = []
        var ours: [LoadFigures] = []
        var strange: [[LoadFigures]] = []
    }

    private static func results(_ question: FaceQuestion, _ scene: Scene) throws -> [Result] {
        let turns = try turns(question, scene)
        let (ours, nio, hummingbird) = (turns.ours, turns.nio, turns.hummingbird)
        let ratios = (ours.rate(of: nio).text(2), ours.rate(of: hummingbird).text(2))
        return [
            Result(what: "bare SwiftNIO, \(question.rawValue)", measured: nio.words, goal: ""),
            Result(what: "bare Hummingbird, \(question.rawValue)", measured: hummingbird.words, goal: ""),
            Result(
                what: "\(question.rawValue), \(tokens) tokens, \(scene.options.connections) connections",
                measured: "\(ours.words), \(ratios.0) of SwiftNIO, \(ratios.1) of Hummingbird",
                goal: "≥ 0.8, ≥ 1.3"),
            Result(
                what: "\(question.rawValue), p99", measured: "\(ours.p99(of: nio).text(2)) of SwiftNIO", goal: "≤ 2"),
        ] + strangeResults(question, scene, turns)
    }

    private static func strangeResults(_ question: FaceQuestion, _ scene: Scene, _ turns: Turns) -> [Result] {
        scene.strangers.enumerated().map { place, stranger in
            let rounds = turns.strange.map { $0[place] }
            return Result(
                what: "\(question.rawValue), \(stranger.name) tokens",
                measured: "\(rounds.words), \(rounds.rate(of: turns.ours).text(2)) of good ones", goal: "≥ 1")
        }
    }

    private static func turns(_ question: FaceQuestion, _ scene: Scene) throws -> Turns {
        let port = scene.options.port
        var turns = Turns()
        for _ in 0..<scene.options.rounds {
            turns.hummingbird.append(try scene.load(question).run(port: port + 2))
            turns.nio.append(try scene.load(question).run(port: port + 3))
            turns.ours.append(try scene.load(question).run(port: port))
            try scene.server.rest()
            turns.strange.append(try scene.strangers.map { try scene.load(question, $0.file).run(port: port) })
        }
        guard turns.ours.allSatisfy({ $0.refused == 0 }) else { throw BenchFailure("\(question): tokens were refused") }
        // Whoever has no token must not be able to ask more dearly than those who have one.
        guard question == .introspection || turns.strange.joined().allSatisfy({ $0.refused == 1 }) else {
            throw BenchFailure("tokens that are none were let through")
        }
        return turns
    }

    private static func strangers(_ instance: FilledInstance) throws -> [(name: String, file: String)] {
        let real = try String(contentsOfFile: instance.tokensFile, encoding: .utf8).split(separator: "\n")
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        let forged = real.map { token in
            var letters = Array(token)
            letters[200] = letters[200] == "A" ? "B" : "A"
            return String(letters)
        }
        let random = real.map { token in String((0..<token.count).map { _ in letters.randomElement() ?? "A" }) }
        return try [("forged", forged), ("random", random)].map { name, tokens in
            let file = "\(instance.directory)/\(name).txt"
            try tokens.joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
            return (name, file)
        }
    }
}

extension [LoadFigures] {
    fileprivate var words: String { "\(rate.text()) a second (p99 \(p99.text(2)) ms)" }
}
