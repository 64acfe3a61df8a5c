import ArgumentParser
import LatchkeyCore

/// `latchkey identity-providers`: whose word on people is taken.
struct IdentityProviders: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "identity-providers",
        abstract: "Identity providers: list, show, create, edit, check, delete; connect people.",
        discussion: """
            Example:
              latchkey identity-providers create --name Example --issuer https://id.example.com \\
                --client-id latchkey --client-secret-file secret.txt
              latchkey identity-providers check Example
            """,
        subcommands: [
            List.self, Show.self, Create.self, Edit.self, Check.self, Delete.self, Link.self, Unlink.self,
        ])
}

extension IdentityProviders {
    struct List: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "List identity providers.", discussion: "Example:\n  latchkey identity-providers list")
        static let columns = [
            Column("id", "id"), Column("name", "name"), Column("issuer", "issuer"), Column("client", "client_id"),
            Column("on", "enabled"), Column("mail domains", "mail_domains"),
        ]

        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue { try await client.all("/identity-providers") }
    }

    struct Show: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one, with the redirect address to set up there.",
            discussion: "Example:\n  latchkey identity-providers show Example")

        @Argument(help: "Id or name.") var provider: String
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            try await client.get("/identity-providers/\(try await client.providerID(provider))")
        }
    }

    struct Create: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set an identity provider up (OpenID Connect).",
            discussion: """
                Without --mail-domain everybody whom the provider lets in gets an account, as Member.

                Example:
                  latchkey identity-providers create --name Example --issuer https://id.example.com \\
                    --client-id latchkey --client-secret-file secret.txt --mail-domain example.com
                """)

        @Option(help: "What the button of the sign-in page says.") var name: String
        @Option(help: "Its address, to the letter as the provider writes it.") var issuer: String
        @Option(name: .customLong("client-id"), help: "What the provider calls Latchkey.") var clientID: String
        @OptionGroup var details: ProviderDetails
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            let body = try await details.body(
                [("name", .string(name)), ("issuer", .string(issuer)), ("client_id", .string(clientID))], client)
            return try await client.send("POST", "/identity-providers", body: body)
        }
    }

    struct Edit: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change one; what is not given stays. --off ends what came through it.",
            discussion: "Example:\n  latchkey identity-providers edit Example --off")

        @Argument(help: "Id or name.") var provider: String
        @Option(help: "Another name.") var name: String?
        @Option(name: .customLong("client-id"), help: "Another client id.") var clientID: String?
        @Flag(help: "Take the secret away: a public client.") var noClientSecret = false
        @Flag(inversion: .prefixedNo, help: "Turned on. --no-on, or --off, turns it off.") var on: Bool?
        @Flag(help: "Turn it off.") var off = false
        @OptionGroup var details: ProviderDetails
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            let enabled: Bool? = off ? false : on
            let given: [(String, JSONValue?)] = [
                ("name", name.map { .string($0) }), ("client_id", clientID.map { .string($0) }),
                ("client_secret", noClientSecret ? .null : nil), ("enabled", enabled.map { .bool($0) }),
            ]
            let body = try await details.body(given, client)
            let id = try await client.providerID(provider)
            return try await client.send("PUT", "/identity-providers/\(id)", body: body)
        }
    }

    struct Check: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Try one out, without anybody signing in.",
            discussion: "Example:\n  latchkey identity-providers check Example")

        @Argument(help: "Id or name.") var provider: String
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            let id = try await client.providerID(provider)
            let reply = try await client.send("POST", "/identity-providers/\(id)/check", body: .object([]))
            let checks = reply["checks"]?.items ?? []
            guard reply["good"] == .bool(true) else {
                throw CommandFailure(checks.last?["finding"]?.text ?? "the provider cannot be used like this")
            }
            return reply
        }
    }

    struct Delete: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete one, and end what came through it.",
            discussion: "Example:\n  latchkey identity-providers delete Example")

        @Argument(help: "Id or name.") var provider: String
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            let reply = try await client.send(
                "DELETE", "/identity-providers/\(try await client.providerID(provider))")
            Terminal.remark("deleted identity provider \(provider)")
            return reply
        }
    }
}
