import ArgumentParser

/// `latchkey teams`.
struct Teams: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Teams: list, show, create, edit, delete.",
        discussion: "Example:\n  latchkey teams create --name \"Data Quality\" --permission Author",
        subcommands: [List.self, Show.self, Create.self, Edit.self, Delete.self, History.self])
}

extension Teams {
    struct List: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "List teams.", discussion: "Example:\n  latchkey teams list --name quality")
        static let columns = Column.team

        @Option(help: "Part of the name.") var name: String?
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            try await client.all("/teams", [("name", name)])
        }
    }

    struct Show: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one team.", discussion: "Example:\n  latchkey teams show \"Data Quality\"")

        @Argument(help: "Id or name.") var team: String
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            try await client.get("/teams/\(try await client.teamID(team))")
        }
    }

    struct Create: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create a team.",
            discussion: "Example:\n  latchkey teams create --name Analysts --permission Viewer --user 12 --resource 3")

        @Option(help: "Its name.") var name: String
        @OptionGroup var details: TeamDetails
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            try await client.send("POST", "/teams", body: try await details.body(name: name, client))
        }
    }

    struct Edit: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change a team; what is not given stays.",
            discussion: "Example:\n  latchkey teams edit Analysts --permission Author")

        @Argument(help: "Id or name.") var team: String
        @Option(help: "Another name.") var name: String?
        @OptionGroup var details: TeamDetails
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            let id = try await client.teamID(team)
            return try await client.send("PUT", "/teams/\(id)", body: try await details.body(name: name, client))
        }
    }

    struct Delete: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete a team; its members stay.", discussion: "Example:\n  latchkey teams delete Analysts")

        @Argument(help: "Id or name.") var team: String
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            let reply = try await client.send("DELETE", "/teams/\(try await client.teamID(team))")
            Terminal.remark("deleted team \(team)")
            return reply
        }
    }

    struct History: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show how a team changed, and by whom.", discussion: "Example:\n  latchkey teams history Analysts"
        )
        static let columns = Column.history

        @Argument(help: "Id or name.") var team: String
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            try await client.all("/teams/\(try await client.teamID(team))/history")
        }
    }
}

/// What a team has besides its name.
struct TeamDetails: ParsableArguments {
    @Option(help: "What it is for.") var description: String?
    @Option(help: "Editor, Author, Drafter, Viewer or Reporter.") var permission: String?
    @Option(
        name: [.customLong("user")], help: "A member by id, handle or e-mail address, once for each: all it shall have."
    )
    var users: [String] = []
    @Option(name: [.customLong("resource")], help: "A resource by id or name, once for each: all it shall have.")
    var resources: [String] = []

    func body(name: String?, _ client: Client) async throws -> JSONValue {
        let userIDs = try await client.userIDs(users)
        let resourceIDs = try await client.resourceIDs(resources)
        return .object(given: [
            ("name", name.map { .string($0) }), ("description", description.map { .string($0) }),
            ("permission", permission.map { .string($0) }), ("user_ids", userIDs), ("resource_ids", resourceIDs),
        ])
    }
}
