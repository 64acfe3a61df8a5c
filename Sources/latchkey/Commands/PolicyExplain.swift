import ArgumentParser
import LatchkeyApp
import LatchkeyCore

extension PolicyCommands {
    /// Asks the server about a real token, or the policy itself about somebody made up.
    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say which rule decides a request, and why.",
            discussion: """
                Asks the server with the token of LATCHKEY_TOKEN or --token, about that token; with --token-id about \
                another, for who manages tokens. With --as no server is asked: the policy file decides, or the \
                policy that is built in.

                Example:
                  latchkey policy explain GET /api/datastores/7
                  latchkey policy explain --token-id 456 --address 192.0.2.7 PUT /api/datastores/7
                  latchkey policy explain --as "Editor with Viewer on datastore 7" PUT /api/datastores/7
                """)

        @Argument(help: "The method, in capitals.")
        var method: String
        @Argument(help: "The path.")
        var path: String
        @Option(name: .customLong("as"), help: "Somebody made up: a role, perhaps with levels of teams; or anyone.")
        var somebody: String?
        @Option(help: "A policy file to ask, together with --as.", completion: .file())
        var file: String?
        @Option(help: "Another token, by its number.")
        var tokenID: Int64?
        @Option(help: "Where the token of --token-id comes from; your own address unless given.")
        var address: String?
        @OptionGroup var server: ServerOptions

        func run() async throws {
            guard let somebody else {
                guard file == nil else {
                    throw CommandFailure.usage("--file needs --as: about whom is it asked?")
                }
                let query = [
                    ("method", method), ("path", path), ("token_id", tokenID.map(String.init)), ("address", address),
                ]
                let reply = try await server.withClient { try await $0.get("/policy/explain", query) }
                try server.show.output.show(reply)
                return
            }
            guard tokenID == nil, address == nil else {
                throw CommandFailure.usage("--as asks about somebody made up: leave --token-id and --address out")
            }
            let policy = try file.map { try PolicyFile(path: $0).load() } ?? .dataPlatform
            try server.show.output.show(explanation(of: try question(somebody, to: policy), by: policy))
        }

        /// A case of a policy's own form says it all.
        private func question(_ somebody: String, to policy: Policy) throws -> Ruling {
            let sentence = "\(somebody) may \(method) \(path)"
            guard let asked = try policy.asked(sentence) else {
                throw CommandFailure.usage(
                    "\(somebody.visible()) is nobody that a policy knows",
                    hint: "it reads: Editor, or: Editor with Viewer on datastore 7, or: anyone")
            }
            return asked.ruling(of: policy)
        }

        private func explanation(of ruling: Ruling, by policy: Policy) -> JSONValue {
            .object(given: [
                ("decision", .bool(ruling.isAllowed)), ("reason", .string(ruling.reason.rawValue)),
                ("detail", .string(ruling.sentence)), ("route", ruling.route.map { .string($0.text) }),
                ("action", ruling.action.map { .string($0.name) }),
                ("resource", ruling.resource.map { .string($0.words) }), ("policy", .string(policy.name)),
                ("route_line", ruling.route.map { .integer($0.mark.line) }),
                ("line", ruling.mark.map { .integer($0.line) }),
            ])
        }
    }
}

extension Policy {
    /// `nil` when it is no sentence that a case can be.
    fileprivate func asked(_ sentence: String) throws -> PolicyCase? {
        do throws(RequestPath.Flaw) {
            _ = try RequestPath(String(sentence.split(separator: " ").last ?? ""))
        } catch {
            throw CommandFailure("the request would be denied before any rule sees it", hint: error.rawValue)
        }
        return PolicyCase(sentence, knowing: self)
    }
}
