import ArgumentParser

/// `latchkey service-users`: accounts for automation.
struct ServiceUsers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Service users: list, show, create, edit, deactivate, restore, trust.",
        discussion: "Example:\n  latchkey service-users create --name \"Nightly load\" --team \"Data Quality\"",
        subcommands: [
            List.self, Users.Show.self, Create.self, Edit.self, Users.Deactivate.self, Users.RestoreUser.self,
            RevokeTokens.self, Users.History.self, Trust.self,
        ])
}

extension ServiceUsers {
    struct List: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "List service users.", discussion: "Example:\n  latchkey service-users list --sort last_used")
        static let columns = Column.account

        @OptionGroup var filter: AccountFilter
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            try await client.all("/users", [("type", "Service")] + filter.query)
        }
    }

    struct Create: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create a service user.",
            discussion: """
                Start with the role Member and raise it only when needed.

                Example:
                  latchkey service-users create --name "Nightly load" --role Member --purpose "loads the warehouse"
                """)

        @Option(help: "What people call it; its handle is made from this.") var name: String
        @Option(help: "Member, Editor, Manager or Admin.") var role = "Member"
        @Option(name: [.customLong("team")], help: "A team by name, once for each.") var teams: [String] = []
        @OptionGroup var details: ServiceUserDetails
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            let body = try await details.body(
                [("name", .string(name)), ("role", .string(role)), ("teams", .strings(teams))], client)
            return try await client.send("POST", "/users", body: body)
        }
    }

    struct Edit: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change a service user; what is not given stays.",
            discussion: "Example:\n  latchkey service-users edit nightly_load@service --role Editor")

        @Argument(help: "Id or handle.") var user: String
        @Option(help: "A new name; the handle stays.") var name: String?
        @Option(help: "Member, Editor, Manager or Admin.") var role: String?
        @Option(name: [.customLong("team")], help: "A team by name, once for each: all teams that it shall have.")
        var teams: [String] = []
        @OptionGroup var details: ServiceUserDetails
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            let body = try await details.body(
                [
                    ("name", name.map { .string($0) }), ("role", role.map { .string($0) }),
                    ("teams", teams.isEmpty ? nil : .strings(teams)),
                ], client)
            return try await client.send("PUT", "/users/\(try await client.userID(user))", body: body)
        }
    }

    struct RevokeTokens: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Revoke every active token of an account at once.",
            discussion: "Example:\n  latchkey service-users revoke-tokens nightly_load@service --reason compromised")

        @Argument(help: "Id or handle.") var user: String
        @Option(help: ArgumentHelp(RevocationReason.help)) var reason: String?
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            let id = try await client.userID(user)
            let body = JSONValue.object(given: [("reason", reason.map { .string($0) })])
            return try await client.send("POST", "/users/\(id)/revoke-tokens", body: body)
        }
    }
}

/// What a service user may have besides name, role and teams.
struct ServiceUserDetails: ParsableArguments {
    @Option(help: "What it is for.") var purpose: String?
    @Option(help: "The person who answers for it: id, handle or e-mail address.") var owner: String?

    func body(_ members: [(String, JSONValue?)], _ client: Client) async throws -> JSONValue {
        var ownerID: JSONValue?
        if let owner { ownerID = .integer(try await client.userID(owner)) }
        return .object(given: members + [("purpose", purpose.map { .string($0) }), ("owner_id", ownerID)])
    }
}

/// The words for why a token was revoked (RFC 5280 §5.3.1).
enum RevocationReason {
    static let help = "unspecified, compromised (never restorable), superseded, cessation or affiliation_changed."
}
