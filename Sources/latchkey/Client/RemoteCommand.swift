import ArgumentParser

/// A command that asks the server one thing and shows what it says.
protocol RemoteCommand: AsyncParsableCommand {
    var server: ServerOptions { get }

    /// How a list in the reply is laid out.
    static var columns: [Column] { get }

    func ask(_ client: Client) async throws -> JSONValue
}

extension RemoteCommand {
    static var columns: [Column] { [] }

    func run() async throws {
        let reply = try await server.withClient { client in try await ask(client) }
        guard reply != .null else { return }
        try server.show.output.show(reply, columns: Self.columns)
    }
}

/// The columns of each kind of list.
extension Column {
    static let account = [
        Column("id", "id"), Column("user", "user_id"), Column("name", "name"), Column("role", "role"),
        Column("teams", "teams"), Column("tokens", "active_tokens"), Column("last used", "last_used"),
        Column("deactivated", "deleted_at"),
    ]
    static let human = [
        Column("id", "id"), Column("user", "user_id"), Column("name", "name"), Column("email", "email"),
        Column("role", "role"), Column("teams", "teams"), Column("last login", "last_login"),
        Column("deactivated", "deleted_at"),
    ]
    static let token = [
        Column("id", "id"), Column("name", "name"), Column("user", "user.user_id"), Column("status", "status"),
        Column("expires", "expiration"), Column("last used", "last_used"), Column("ends in", "hint"),
    ]
    static let team = [
        Column("id", "id"), Column("name", "name"), Column("permission", "permission"), Column("users", "user_ids"),
        Column("resources", "resource_ids"), Column("description", "description"),
    ]
    static let resource = [
        Column("id", "id"), Column("kind", "kind"), Column("name", "name"), Column("external id", "external_id"),
        Column("description", "description"),
    ]
    static let history = [
        Column("when", "at"), Column("who", "by"), Column("what", "verb"), Column("reason", "reason"),
        Column("changes", "changes"),
    ]
}
