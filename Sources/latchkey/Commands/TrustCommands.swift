import ArgumentParser

/// `latchkey service-users trust`: whose word lets workloads act as a service user, without a secret.
struct Trust: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust",
        abstract: "Trusted issuers (keyless workloads): add, list, show, remove.",
        discussion: """
            Example:
              latchkey service-users trust add nightly_load@service --name "GitHub: acme/pipelines" \\
                --issuer https://token.actions.githubusercontent.com \\
                --subject "repo:acme/pipelines:ref:refs/heads/main"
            """,
        subcommands: [Add.self, List.self, Show.self, Remove.self])
}

extension Trust {
    struct Add: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let workloads of an issuer act as a service user.",
            discussion: """
                In --subject and --claim, * stands for one whole part between : and /, and ** for all parts at the end.

                Examples:
                  latchkey service-users trust add nightly_load@service --name GitLab \\
                    --issuer https://gitlab.com --subject "project_path:acme/pipelines:ref_type:branch:ref:main"
                  latchkey service-users trust add nightly_load@service --name Cluster \\
                    --issuer https://oidc.example.com/cluster-1 --access-minutes 60 \\
                    --subject system:serviceaccount:jobs:nightly-load
                """)

        @Argument(help: "Id or handle.") var user: String
        @Option(help: "What people call it.") var name: String
        @Option(help: "Its address, to the letter as its tokens have it in iss.") var issuer: String
        @Option(help: "What its tokens have in aud; this instance's public address if not given.") var audience: String?
        @Option(help: "What its tokens have in sub.") var subject: String
        @Option(name: .customLong("claim"), help: "A further claim as NAME=VALUE, once for each.")
        var claims: [String] = []
        @Option(help: "How long access tokens live: 5 to 60; the instance's usual length if not given.")
        var accessMinutes: Int?
        @Option(help: "When the trust itself ends: 1 to 365 days from now, or never.") var days: String?
        @OptionGroup var limits: TrustLimits
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            let id = try await client.userID(user)
            let body: [(String, JSONValue?)] = [
                ("name", .string(name)), ("issuer", .string(issuer)), ("audience", audience.map { .string($0) }),
                ("subject", .string(subject)), ("claims", try conditions()),
                ("access_minutes", accessMinutes.map { .integer(Int64($0)) }), ("expires_in_days", try expiry()),
            ]
            return try await client.send(
                "POST", "/users/\(id)/trusted-issuers", body: .object(given: body + limits.members))
        }

        private func conditions() throws -> JSONValue? {
            guard !claims.isEmpty else { return nil }
            let pairs = try claims.map { claim -> JSONValue in
                guard let equals = claim.firstIndex(of: "=") else {
                    throw CommandFailure("--claim \(claim) has no value", hint: "write --claim NAME=VALUE")
                }
                let value = String(claim[claim.index(after: equals)...])
                return .object(given: [("name", .string(String(claim[..<equals]))), ("value", .string(value))])
            }
            return .array(pairs)
        }

        private func expiry() throws -> JSONValue? {
            guard let days else { return nil }
            guard days != "never" else { return .null }
            guard let number = Int64(days) else {
                throw CommandFailure("--days \(days) is no number", hint: "give a number of days, or never")
            }
            return .integer(number)
        }
    }

    struct List: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the issuers that a service user trusts.",
            discussion: "Example:\n  latchkey service-users trust list nightly_load@service")
        static let columns = [
            Column("id", "id"), Column("name", "name"), Column("issuer", "issuer"), Column("subject", "subject"),
            Column("status", "status"), Column("last used", "last_used"),
        ]

        @Argument(help: "Id or handle.") var user: String
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            try await client.all("/users/\(try await client.userID(user))/trusted-issuers")
        }
    }

    struct Show: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one trusted issuer.", discussion: "Example:\n  latchkey service-users trust show 456")

        @Argument(help: "Its id.") var trust: Int64
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            try await client.get("/trusted-issuers/\(trust)")
        }
    }

    struct Remove: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "End a trust, and every access token that came of it.",
            discussion: "Example:\n  latchkey service-users trust remove 456")

        @Argument(help: "Its id.") var trust: Int64
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            let reply = try await client.send("DELETE", "/trusted-issuers/\(trust)")
            Terminal.remark("ended trust \(trust)")
            return reply
        }
    }
}

/// Limits of what comes of a trust, beyond those of the service user.
struct TrustLimits: ParsableArguments {
    @Option(help: "At most this role: Member, Editor, Manager or Admin.") var role: String?
    @Option(name: .customLong("team"), help: "Only this team of the user's, once for each.") var teams: [String] = []
    @Option(name: .customLong("action"), help: "Only this action, once for each.") var actions: [String] = []
    @Option(name: .customLong("allowed-cidr"), help: "Only from this address or block, once for each.")
    var blocks: [String] = []

    var members: [(String, JSONValue?)] {
        [
            ("role", role.map { .string($0) }), ("teams", teams.isEmpty ? nil : .strings(teams)),
            ("actions", actions.isEmpty ? nil : .strings(actions)),
            ("allowed_cidrs", blocks.isEmpty ? nil : .strings(blocks)),
        ]
    }
}
