import ArgumentParser
import Foundation
import LatchkeyApp
import LatchkeyCore
import Logging

/// `latchkey admin`: what somebody may do who has the rights of this machine.
struct Admin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make the first Admin.",
        discussion: "Example:\n  latchkey admin bootstrap --email ada@example.com",
        subcommands: [Bootstrap.self])
}

extension Admin {
    struct Bootstrap: LocalCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make the first Admin, and a token for them; shown this once.",
            discussion: """
                Works before the first start and beside a running server. Refused once an Admin exists, unless \
                --break-glass, which the audit log remembers.

                Example:
                  latchkey admin bootstrap --email ada@example.com --name "Ada Lovelace"
                """)

        @Option(help: "Their e-mail address.") var email: String
        @Option(help: "Their name.") var name: String?
        @Flag(help: "Although an Admin exists: the way back in when nobody can get in.") var breakGlass = false
        @Option(help: "What the outside calls the server; the issuer of the token.") var publicURL: String?
        @OptionGroup var storage: StorageOptions
        @Option(name: [.short, .long], help: "How to show the result: table, json or yaml.")
        var output: OutputFormat = .json

        var flags: [String: String] { publicURL.map { [Setting.publicURL.key: $0] } ?? [:] }

        func run(_ settings: Settings, _ logger: Logger) async throws {
            try await Instance.with(settings, logger: logger) { instance in
                let known = settings.isPublicURLGiven ? nil : try await instance.rememberedPublicURL()
                let app = try await instance.app(publicURL: known ?? settings.publicURL)
                let made = try await app.bootstrap(email: email, name: name, isBreakGlass: breakGlass)
                try output.show(Self.value(of: made))
                Terminal.remark("Keep bearer_token now: it is not shown again.")
            }
        }

        private static func value(of made: Bootstrapped) -> JSONValue {
            let user = made.user.user
            return .object(given: [
                (
                    "user",
                    .object(given: [
                        ("id", .integer(user.id.value)), ("user_id", .string(user.handle)),
                        ("email", user.email.map { .string($0) } ?? .null), ("name", .string(user.name)),
                        ("user_type", .string(user.type.rawValue)), ("role", .string(user.role.rawValue)),
                        ("teams", .strings(made.user.teams)),
                    ])
                ),
                ("bearer_token", .string(made.token.secret.reveal())),
                ("expiration", made.token.summary.token.expiresAt.map { .string($0.text) } ?? .null),
            ])
        }
    }
}
