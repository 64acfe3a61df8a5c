import Foundation

/// A running `latchkey serve` on a filled directory.
struct RunningServer {
    let child: Child
    let port: Int
    /// From start to the first answer to a token.
    let startSeconds: Double

    static func start(_ instance: FilledInstance, port: Int) async throws -> RunningServer {
        let clock = ContinuousClock()
        let start = clock.now
        let child = try Child(
            "latchkey",
            ["serve", "--port", "\(port)", "--metrics-port", "\(port + 1)", "--data-dir", instance.directory])
        while !answers(port, instance.adminToken) {
            guard child.process.isRunning else { throw BenchFailure("latchkey serve ended at once") }
            guard clock.now - start < .seconds(60) else { throw BenchFailure("latchkey serve does not answer") }
            try await Task.sleep(for: .milliseconds(10))
        }
        return RunningServer(child: child, port: port, startSeconds: (clock.now - start).seconds)
    }

    /// Waits until all uses are written, so that no other server is measured beside that.
    func rest() throws {
        let pending = "latchkey_usage_pending_rows "
        for _ in 0..<300 {
            let metrics = try Child("curl", ["-sf", "http://127.0.0.1:\(port + 1)/metrics"]).finish()
            if metrics.contains("\n\(pending)0\n") { return }
            Thread.sleep(forTimeInterval: 0.1)
        }
        throw BenchFailure("uses are not written within half a minute")
    }

    static func answers(_ port: Int, _ token: String) -> Bool {
        let arguments = [
            "-sf", "-o", "/dev/null", "-H", "Authorization: Bearer \(token)",
            "http://127.0.0.1:\(port)/api/users/me",
        ]
        return (try? Child("curl", arguments).finish()) != nil
    }
}

/// Memory and start of the real server with everything in its database.
enum SizeBench {
    static func run(_ options: Options) async throws -> [Result] {
        let instance = try await FilledInstance.make(options, tokens: options.tokens, accounts: options.accounts)
        defer { instance.remove() }
        let server = try await RunningServer.start(instance, port: options.port)
        defer { server.child.stop() }
        _ = try Load(options, file: instance.tokensFile).get(port: options.port)
        let memory = Machine.resident(server.child.process.processIdentifier)
        let what = "\(options.tokens) tokens, \(options.accounts) accounts"
        return [
            Result(what: "start to first answer, \(what)", measured: "\(server.startSeconds.text(2)) s", goal: "≤ 3 s"),
            Result(
                what: "resident memory after load, \(what)",
                measured: "\(memory.now.text()) MiB (highest \(memory.highest.text()))", goal: "≤ 256 MiB"),
        ]
    }
}

/// `GET /api/users/me` with many tokens against the bare server, in alternating rounds.
enum MeBench {
    static func run(_ options: Options) async throws -> [Result] {
        let instance = try await FilledInstance.make(options, tokens: options.presented, accounts: 1000)
        defer { instance.remove() }
        let server = try await RunningServer.start(instance, port: options.port)
        defer { server.child.stop() }
        let bare = try Child(
            URL(fileURLWithPath: CommandLine.arguments[0]).lastPathComponent, ["bare", "\(options.port + 2)"])
        defer { bare.stop() }
        while !RunningServer.answers(options.port + 2, "x") { try await Task.sleep(for: .milliseconds(20)) }
        let load = try Load(options, file: instance.tokensFile)
        var (ours, theirs): ([Double], [Double]) = ([], [])
        for _ in 0..<options.rounds {
            theirs.append(try load.get(port: options.port + 2))
            ours.append(try load.get(port: options.port))
        }
        let ratio = ours.median / theirs.median
        return [
            Result(what: "bare server, requests a second", measured: theirs.median.text(), goal: ""),
            Result(
                what: "GET /api/users/me, \(options.presented) tokens, \(options.connections) connections",
                measured: "\(ours.median.text()), \(ratio.text(2)) of bare", goal: "≥ 0.8 of bare"),
        ]
    }
}

/// Tokens created over HTTP, each acknowledged after its commit.
enum CreateBench {
    static func run(_ options: Options) async throws -> [Result] {
        let instance = try await FilledInstance.make(options, tokens: 1, accounts: 1)
        defer { instance.remove() }
        let server = try await RunningServer.start(instance, port: options.port)
        defer { server.child.stop() }
        let load = try Load(options, file: instance.tokensFile)
        let rounds = try (0..<options.rounds).map { round in
            try load.create(port: options.port, admin: instance.adminToken, user: instance.serviceUser, round: round)
        }
        return [
            Result(
                what: "tokens created a second, \(options.connections) connections",
                measured: rounds.median.text(), goal: "≥ 2000")
        ]
    }
}
