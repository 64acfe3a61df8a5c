import ArgumentParser

/// `latchkey identity-providers link` and `unlink`: which subject opens which account.
extension IdentityProviders {
    struct Link: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Connect a subject of a provider with a person's account.",
            discussion: """
                The audit log names the subject of everybody who was turned away.

                Example:
                  latchkey identity-providers link Example --subject 5f3a… --user ada@example.com
                """)

        @Argument(help: "Id or name of the provider.") var provider: String
        @Option(help: "The claim “sub” of the person there.") var subject: String
        @Option(help: "Id, handle or mail address of the person here.") var user: String
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            let body = JSONValue.object([
                JSONMember("provider_id", .integer(try await client.providerID(provider))),
                JSONMember("subject", .string(subject)),
            ])
            return try await client.send("POST", "/users/\(try await client.userID(user))/identities", body: body)
        }
    }

    struct Unlink: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Disconnect a subject from an account; its sessions end.",
            discussion:
                "Example:\n  latchkey identity-providers unlink Example --subject 5f3a… --user ada@example.com")

        @Argument(help: "Id or name of the provider.") var provider: String
        @Option(help: "The claim “sub” of the person there.") var subject: String
        @Option(help: "Id, handle or mail address of the person here.") var user: String
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            let id = try await client.providerID(provider)
            let issuer = try await client.get("/identity-providers/\(id)")["issuer"]?.text ?? ""
            let query = "issuer=\(Client.escaped(issuer))&subject=\(Client.escaped(subject))"
            return try await client.send(
                "DELETE", "/users/\(try await client.userID(user))/identities?\(query)")
        }
    }
}

/// What a provider has besides name, issuer and client id.
struct ProviderDetails: ParsableArguments {
    @Option(help: "A file that holds the client secret, and nothing else. Without one: a public client.")
    var clientSecretFile: String?
    @Option(name: [.customLong("scope")], help: "A scope to ask for, once for each. (default: openid email profile)")
    var scopes: [String] = []
    @Option(name: [.customLong("mail-domain")], help: "Whose people get an account, once for each.")
    var mailDomains: [String] = []
    @Flag(inversion: .prefixedNo, help: "Make an account at somebody's first sign-in.")
    var makesAccounts: Bool?
    @Option(help: "The claim that lists a person's groups.")
    var groupsClaim: String?
    @Option(name: [.customLong("group")], help: "GROUP=TEAM: members of the group join the team, once for each.")
    var groups: [String] = []

    func body(_ given: [(String, JSONValue?)], _ client: Client) async throws -> JSONValue {
        var rules: [JSONValue] = []
        for rule in groups {
            guard let sign = rule.lastIndex(of: "=") else {
                throw CommandFailure.usage("--group \(rule.visible()) must look like engineers=Data")
            }
            let team = try await client.teamID(String(rule[rule.index(after: sign)...]))
            rules.append(
                .object([JSONMember("group", .string(String(rule[..<sign]))), JSONMember("team_id", .integer(team))]))
        }
        let secret = try clientSecretFile.map { try ServerOptions.secret(in: $0, called: "client secret") }
        return .object(
            given: given + [
                ("client_secret", secret.map { .string($0) }), ("scopes", scopes.isEmpty ? nil : .strings(scopes)),
                ("mail_domains", mailDomains.isEmpty ? nil : .strings(mailDomains)),
                ("makes_accounts", makesAccounts.map { .bool($0) }),
                ("groups_claim", groupsClaim.map { .string($0) }), ("groups", rules.isEmpty ? nil : .array(rules)),
            ])
    }
}

extension Client {
    /// The id of a provider given by id or name.
    func providerID(_ reference: String) async throws -> Int64 {
        if let id = Int64(reference) { return id }
        let found = try await all("/identity-providers").items ?? []
        guard let id = found.first(where: { $0["name"]?.text == reference })?["id"]?.integer else {
            throw CommandFailure("there is no identity provider \(reference)")
        }
        return id
    }
}
