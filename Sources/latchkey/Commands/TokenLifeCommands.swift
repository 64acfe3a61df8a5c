import ArgumentParser

/// The commands that begin, continue and end the life of a token.
extension Tokens {
    struct Create: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create a token. Its value is shown this once.",
            discussion: """
                Example:
                  latchkey tokens create --user nightly_load@service --name airflow
                  latchkey tokens create --name laptop --output json | jq -r .bearer_token
                """)

        @Option(help: "The service user: id or handle. Without it, a personal token of your own.") var user: String?
        @Option(help: "What it is for; unique among the tokens of its user.") var name: String
        @OptionGroup var life: TokenLifeOptions
        @Flag(help: "Valid on the SCIM endpoints and nowhere else.") var scim = false
        @Option(help: "At most this role, below its user's.") var role: String?
        @Option(name: [.customLong("team")], help: "In this team alone, once for each.") var teams: [String] = []
        @Option(name: [.customLong("action")], help: "For this action alone, once for each.")
        var actions: [String] = []
        @Option(name: [.customLong("allowed-cidr")], help: "From these addresses alone, once for each.")
        var allowedCIDRs: [String] = []
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            var userID: JSONValue?
            if let user { userID = .integer(try await client.userID(user)) }
            let body = JSONValue.object(given: [
                ("name", .string(name)), ("user_id", userID), ("expires_in_days", life.value),
                ("scim_endpoints_only", scim ? .bool(true) : nil), ("role", role.map { .string($0) }),
                ("teams", list(teams)), ("actions", list(actions)), ("allowed_cidrs", list(allowedCIDRs)),
            ])
            let reply = try await client.send("POST", "/user-tokens", body: body)
            Terminal.remark("Keep bearer_token now: it is not shown again.")
            return reply
        }

        private func list(_ words: [String]) -> JSONValue? {
            words.isEmpty ? nil : .strings(words)
        }
    }

    struct Rotate: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a successor of a token. Its value is shown this once.",
            discussion: """
                The old token works until the new one was used and a grace has passed, unless --overlap says otherwise.

                Example:
                  latchkey tokens rotate 456
                  latchkey tokens rotate 456 --overlap PT24H
                """)

        @Argument(help: "The id of the token.") var token: Int64
        @Option(help: "until_first_use, none, or a span such as PT24H.") var overlap: String?
        @Option(help: "Another name for the successor.") var name: String?
        @OptionGroup var life: TokenLifeOptions
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            let body = JSONValue.object(given: [
                ("overlap", overlap.map { .string($0) }), ("expires_in_days", life.value),
                ("name", name.map { .string($0) }),
            ])
            let reply = try await client.send("POST", "/user-tokens/\(token)/rotate", body: body)
            Terminal.remark("Keep bearer_token now: it is not shown again.")
            return reply
        }
    }

    struct Revoke: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Revoke a token at once.",
            discussion: "Example:\n  latchkey tokens revoke 456 --reason compromised")

        @Argument(help: "The id of the token.") var token: Int64
        @Option(help: ArgumentHelp(RevocationReason.help)) var reason: String?
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            let body = JSONValue.object(given: [("revoke", .bool(true)), ("reason", reason.map { .string($0) })])
            return try await client.send("PUT", "/user-tokens/\(token)", body: body)
        }
    }

    struct RestoreToken: RemoteCommand {
        static let configuration = CommandConfiguration(
            commandName: "restore", abstract: "Bring a revoked token back.",
            discussion: "Example:\n  latchkey tokens restore 456")

        @Argument(help: "The id of the token.") var token: Int64
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            try await client.send("PUT", "/user-tokens/\(token)", body: .object(given: [("revoke", .bool(false))]))
        }
    }
}

/// How long a token shall live.
struct TokenLifeOptions: ParsableArguments {
    @Option(help: "1 to 365.") var expiresInDays: Int?
    @Flag(help: "It shall never expire.") var never = false

    func validate() throws {
        if never, expiresInDays != nil {
            throw ValidationError("--never and --expires-in-days exclude each other")
        }
    }

    /// `nil` leaves the choice to the server.
    var value: JSONValue? {
        if never { return .null }
        return expiresInDays.map { .integer($0) }
    }
}
