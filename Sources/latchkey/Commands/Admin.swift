import ArgumentParser
import Foundation
import LatchkeyApp
import LatchkeyCore
import Logging

/// `latchkey admin`: what somebody may do who has the rights of this machine.
struct Admin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make the first Admin, or a way in for somebody who has none.",
        discussion: "Example:\n  latchkey admin bootstrap --email ada@example.com",
        subcommands: [Bootstrap.self, PasswordLink.self])
}

extension Admin {
    struct Bootstrap: LocalCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make the first Admin, and a token for them; shown this once.",
            discussion: """
                Works before the first start and beside a running server. Refused once an Admin exists, unless \
                --break-glass, which the audit log remembers. With --password-stdin they can sign in to the console \
                as well; otherwise `latchkey admin password-link` gives them a password later.

                Example:
                  latchkey admin bootstrap --email ada@example.com --name "Ada Lovelace"
                  pass show latchkey | latchkey admin bootstrap --email ada@example.com --password-stdin
                """)

        @Option(help: "Their e-mail address.") var email: String
        @Option(help: "Their name.") var name: String?
        @Flag(help: "Although an Admin exists: the way back in when nobody can get in.") var breakGlass = false
        @Flag(help: "Read a password for the console from the first line of standard input.")
        var passwordStdin = false
        @Option(help: "What the outside calls the server; the issuer of the token.") var publicURL: String?
        @OptionGroup var storage: StorageOptions
        @Option(name: [.short, .long], help: "How to show the result: table, json or yaml.")
        var output: OutputFormat = .json

        var flags: [String: String] { publicURL.map { [Setting.publicURL.key: $0] } ?? [:] }

        func run(_ settings: Settings, _ logger: Logger) async throws {
            let password = passwordStdin ? Password(readLine() ?? "") : nil
            try await Instance.with(settings, logger: logger) { instance in
                let known = settings.isPublicURLGiven ? nil : try await instance.rememberedPublicURL()
                let app = try await instance.app(publicURL: known ?? settings.publicURL)
                let made = try await app.bootstrap(
                    email: email, name: name, isBreakGlass: breakGlass, password: password)
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

extension Admin {
    struct PasswordLink: LocalCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a link by which a person chooses a new password; shown this once.",
            discussion: """
                For somebody who has lost their password, or has had none so far, when no Admin can sign in to help \
                them. It works for a day, until it is used, the password changes or another one is made. \
                The audit log remembers it.

                Example:
                  latchkey admin password-link --email ada@example.com
                """)

        @Option(help: "Their e-mail address.") var email: String
        @Option(help: "Under which address the console is reached.") var publicURL: String?
        @OptionGroup var storage: StorageOptions
        @Option(name: [.short, .long], help: "How to show the result: table, json or yaml.")
        var output: OutputFormat = .json

        var flags: [String: String] { publicURL.map { [Setting.publicURL.key: $0] } ?? [:] }

        func run(_ settings: Settings, _ logger: Logger) async throws {
            try await Instance.with(settings, logger: logger) { instance in
                let known = settings.isPublicURLGiven ? nil : try await instance.rememberedPublicURL()
                let base = known ?? settings.publicURL
                let code = try await instance.app(publicURL: base).passwordLink(email: email)
                try output.show(
                    .object(given: [
                        ("email", .string(email)), ("link", .string("\(base)/new-password?code=\(code)")),
                    ]))
                Terminal.remark("Hand the link over now: it is not shown again, and works for a day.")
            }
        }
    }
}
