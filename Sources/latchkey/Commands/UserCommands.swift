import ArgumentParser

/// `latchkey users`: the accounts of people.
struct Users: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "People's accounts: list, show, edit, deactivate, restore.",
        discussion: "Example:\n  latchkey users list --role Admin",
        subcommands: [List.self, Show.self, Edit.self, Deactivate.self, RestoreUser.self, History.self])
}

extension Users {
    struct List: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "List people.", discussion: "Example:\n  latchkey users list --team \"Data Quality\"")
        static let columns = Column.human

        @OptionGroup var filter: AccountFilter
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            try await client.all("/users", [("type", "Human")] + filter.query)
        }
    }

    struct Edit: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change a person's role or teams.",
            discussion: "Example:\n  latchkey users edit ada@example.com --role Manager")

        @Argument(help: "Id, handle or e-mail address.") var user: String
        @Option(help: "Member, Editor, Manager or Admin.") var role: String?
        @Option(name: [.customLong("team")], help: "A team by name, once for each: all teams that it shall have.")
        var teams: [String] = []
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            let body = JSONValue.object(given: [
                ("role", role.map { .string($0) }), ("teams", teams.isEmpty ? nil : .strings(teams)),
            ])
            return try await client.send("PUT", "/users/\(try await client.userID(user))", body: body)
        }
    }
}

/// What both kinds of account are filtered by.
struct AccountFilter: ParsableArguments {
    @Option(help: "Part of the name.") var name: String?
    @Option(help: "Member, Editor, Manager or Admin.") var role: String?
    @Option(help: "A team by name.") var team: String?
    @Flag(help: "Deactivated ones too.") var includeDeleted = false
    @Option(help: "name, created, role, teams (how many), type, last_login or last_used.") var sort: String?
    @Flag(help: "The other way round.") var descending = false

    var query: [(String, String?)] {
        [
            ("name", name), ("role", role), ("team", team), ("include_deleted", includeDeleted ? "true" : nil),
            ("sort", sort), ("sort_dir", descending ? "desc" : nil),
        ]
    }
}

/// The commands that people's accounts and service users share.
extension Users {
    struct Show: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one account.", discussion: "Example:\n  latchkey users show ada@example.com")

        @Argument(help: "Id, handle or e-mail address.") var user: String
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            try await client.get("/users/\(try await client.userID(user))")
        }
    }

    struct Deactivate: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Deactivate an account; it can be restored.",
            discussion: "Example:\n  latchkey service-users deactivate nightly_load@service --revoke-tokens")

        @Argument(help: "Id, handle or e-mail address.") var user: String
        @Flag(help: "Revoke its active tokens with it; without this they stand in the way.") var revokeTokens = false
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            let id = try await client.userID(user)
            let reply = try await client.send(
                "DELETE", "/users/\(id)", [("revoke_tokens", revokeTokens ? "true" : nil)])
            Terminal.remark("deactivated \(user)")
            return reply
        }
    }

    struct RestoreUser: RemoteCommand {
        static let configuration = CommandConfiguration(
            commandName: "restore", abstract: "Reactivate an account; its revoked tokens stay revoked.",
            discussion: "Example:\n  latchkey service-users restore nightly_load@service")

        @Argument(help: "Id, handle or e-mail address.") var user: String
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            try await client.send("POST", "/users/\(try await client.userID(user))/restore")
        }
    }

    struct History: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show how an account changed, and by whom.",
            discussion: "Example:\n  latchkey users history ada@example.com")
        static let columns = Column.history

        @Argument(help: "Id, handle or e-mail address.") var user: String
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            try await client.all("/users/\(try await client.userID(user))/history")
        }
    }
}
