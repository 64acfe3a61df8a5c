import ArgumentParser

/// `latchkey directory`: directory sync.
struct Directory: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Directory sync: show, check, release.",
        discussion: "Example:\n  latchkey directory check",
        subcommands: [Show.self, Check.self, Release.self])
}

extension Directory {
    struct Show: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show live SCIM tokens, what the latest syncs changed, what was refused.",
            discussion: "Example:\n  latchkey directory show --output yaml")

        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            try await client.get("/directory-sync")
        }

        func run() async throws {
            let found = try await server.withClient { client in try await ask(client) }
            guard server.show.output == .table else { return try server.show.output.show(found) }
            try Terminal.say(DirectoryTables.text(found))
        }
    }

    struct Check: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Rehearse a sync from first probe to deletion, and undo it.",
            discussion: "Example:\n  latchkey directory check okta@service")

        @Argument(help: "The account whose tokens the directory uses: id or handle; your own unless given.")
        var user: String?
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            var id: JSONValue?
            if let user { id = .integer(try await client.userID(user)) }
            return try await client.send(
                "POST", "/directory-sync/check", body: .object(given: [("user_id", id)]))
        }
    }

    struct Release: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let go of a directory's people and teams, for another directory to take over.",
            discussion: "Example:\n  latchkey directory release okta@service")

        @Argument(help: "The account whose tokens the directory uses: id or handle.") var user: String
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            try await client.send(
                "POST", "/directory-sync/release",
                body: .object(given: [("user_id", .integer(try await client.userID(user)))]))
        }
    }
}
