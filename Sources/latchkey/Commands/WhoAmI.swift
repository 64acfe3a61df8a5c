import ArgumentParser

/// `latchkey whoami`: the account and the token behind `LATCHKEY_TOKEN`.
struct WhoAmI: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami", abstract: "Show whose token this is.",
        discussion: "Example:\n  latchkey whoami --output json")

    @OptionGroup var server: ServerOptions

    func ask(_ client: Client) async throws -> JSONValue {
        try await client.get("/users/me")
    }
}
