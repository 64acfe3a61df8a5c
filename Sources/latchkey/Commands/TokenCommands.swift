import ArgumentParser

/// `latchkey tokens`.
struct Tokens: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tokens: list, show, create, rotate, revoke, restore, delete, rename.",
        discussion: "Example:\n  latchkey tokens create --user nightly_load@service --name airflow",
        subcommands: [
            List.self, Show.self, Create.self, Rotate.self, Revoke.self, RestoreToken.self, Delete.self, Rename.self,
            History.self, Usage.self,
        ])
}

extension Tokens {
    struct List: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "List service tokens, or your own.",
            discussion: "Example:\n  latchkey tokens list --status active --sort expiration")
        static let columns = Column.token

        @Flag(help: "Your own personal tokens.") var mine = false
        @Option(help: "Part of the name.") var name: String?
        @Option(help: "active, revoked or expired.") var status: String?
        @Option(help: "Of one account: id, handle or e-mail address.") var user: String?
        @Flag(help: "SCIM tokens alone.") var scim = false
        @Option(help: "Those that expire before a date, such as 2027-01-31.") var expiresBefore: String?
        @Option(help: "Those that nobody used since a date.") var unusedSince: String?
        @Option(help: "created, name, expiration or last_used.") var sort: String?
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            var userID: String?
            if let user { userID = String(try await client.userID(user)) }
            return try await client.all(
                mine ? "/user-tokens" : "/user-tokens/service",
                [
                    ("name", name), ("status", status), ("user_id", userID), ("scim", scim ? "true" : nil),
                    ("expires_before", expiresBefore), ("unused_since", unusedSince), ("sort", sort),
                ])
        }
    }

    struct Show: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one token; never its value.", discussion: "Example:\n  latchkey tokens show 456")

        @Argument(help: "The id of the token.") var token: Int64
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            try await client.get("/user-tokens/\(token)")
        }
    }

    struct Rename: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a token another name.", discussion: "Example:\n  latchkey tokens rename 456 airflow-2")

        @Argument(help: "The id of the token.") var token: Int64
        @Argument(help: "The new name.") var name: String
        @OptionGroup var server: ServerOptions

        /// A name alone leaves the state of the token as it is.
        func ask(_ client: Client) async throws -> JSONValue {
            try await client.send("PUT", "/user-tokens/\(token)", body: .object(given: [("name", .string(name))]))
        }
    }

    struct Delete: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete a revoked or expired token for good.",
            discussion: "Example:\n  latchkey tokens delete 456")

        @Argument(help: "The id of the token.") var token: Int64
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            let reply = try await client.send("DELETE", "/user-tokens/\(token)")
            Terminal.remark("deleted token \(token)")
            return reply
        }
    }

    struct History: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show every state a token was in, by whom and why.",
            discussion: "Example:\n  latchkey tokens history 456")
        static let columns = Column.history

        @Argument(help: "The id of the token.") var token: Int64
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            try await client.all("/user-tokens/\(token)/history")
        }
    }

    struct Usage: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what a token did, by hour, route, address and outcome.",
            discussion: "Example:\n  latchkey tokens usage 456 --output json")

        @Argument(help: "The id of the token.") var token: Int64
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            try await client.get("/user-tokens/\(token)/usage")
        }
    }
}
