import ArgumentParser
import Foundation

/// `latchkey doctor`: looks at everything between this terminal and a working token, and says what to do.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check the address, the server, the token, the clocks and local files.",
        discussion: "Example:\n  LATCHKEY_URL=https://latchkey.example.com latchkey doctor")

    @Option(help: "A data directory on this machine to look at as well. (default: var, if it is there)")
    var dataDir: String?
    @OptionGroup var server: ServerOptions

    func run() async throws {
        var checks = await remoteChecks()
        let directory = dataDir ?? Setting.dataDirectory.usual ?? ""
        if dataDir != nil || FileManager.default.fileExists(atPath: directory) {
            checks += LocalChecks(directory: directory).all()
        }
        try server.show.output.show(.array(checks.map(\.value)), columns: Check.columns)
        guard !checks.contains(where: { $0.outcome == .failed }) else {
            throw CommandFailure("not everything is well", hint: "the column `do` says what to do")
        }
    }

    private func remoteChecks() async -> [Check] {
        let endpoint: Endpoint
        let token: String?
        do {
            _ = try server.authorities.configuration()
            endpoint = try Endpoint(server.address)
            token = try server.storedToken()
        } catch {
            return [Check("settings", failing: error)]
        }
        let checks = try? await Client.with(endpoint, token: token, trusting: server.authorities) { client in
            await RemoteChecks(client: client, hasToken: token != nil).all()
        }
        return [transport(endpoint)] + (checks ?? [])
    }

    private func transport(_ endpoint: Endpoint) -> Check {
        guard !endpoint.isEncrypted, !endpoint.isLocal else { return Check("address", .fine, endpoint.api) }
        return Check(
            "address", .doubtful, "\(endpoint.api) is asked in the clear", advice: "use https between machines")
    }
}

/// What was looked at, and what was found.
struct Check: Sendable {
    enum Outcome: String, Sendable {
        case fine = "ok"
        case doubtful = "warning"
        case failed = "FAILED"
        case skipped
    }

    let name: String
    let outcome: Outcome
    let finding: String
    let advice: String?

    init(_ name: String, _ outcome: Outcome, _ finding: String, advice: String? = nil) {
        self.name = name
        self.outcome = outcome
        self.finding = finding
        self.advice = advice
    }

    init(_ name: String, failing error: any Error) {
        let failure = CommandFailure(of: error) ?? CommandFailure(String(describing: error))
        self.init(name, .failed, failure.message, advice: failure.hint)
    }

    static let columns = [
        Column("check", "check"), Column("outcome", "outcome"), Column("found", "found"), Column("do", "do"),
    ]

    var value: JSONValue {
        .object([
            JSONMember("check", .string(name)), JSONMember("outcome", .string(outcome.rawValue)),
            JSONMember("found", .string(finding)), JSONMember("do", advice.map { .string($0) } ?? .null),
        ])
    }
}
