import ArgumentParser
import Foundation
import LatchkeyCore

/// The program. Parses its arguments, runs one command and turns whatever it throws into
/// `latchkey: error: …`, a hint and an exit code: 0 done, 1 refused or failed, 2 usage.
@main
struct Latchkey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "latchkey",
        abstract: "Latchkey issues, checks and revokes the tokens of service users.",
        discussion: """
            Commands talk to a running server: its address is LATCHKEY_URL (\(ServerOptions.usualURL) unless set) \
            and the token is read from LATCHKEY_TOKEN, --token-file, what `latchkey login` kept, or a prompt.

            Example:
              latchkey serve
              latchkey admin bootstrap --email ada@example.com
              latchkey service-users create --name "Nightly load" --role Member
              latchkey tokens create --user nightly_load@service --name airflow
            """,
        version: "latchkey \(Version.text)",
        subcommands: [Serve.self, Admin.self, Login.self, Logout.self, WhoAmI.self, Doctor.self, Demo.self],
        groupedSubcommands: [
            CommandGroup(
                name: "Accounts, tokens, teams",
                subcommands: [
                    ServiceUsers.self, Users.self, Tokens.self, Teams.self, Resources.self,
                    IdentityProviders.self, Directory.self,
                ]),
            CommandGroup(name: "Behind gateways", subcommands: [PolicyCommands.self]),
            CommandGroup(name: "Upkeep", subcommands: [Backup.self, Restore.self, Keys.self]),
        ]
    )

    static func main() async {
        signal(SIGPIPE, SIG_IGN)
        Foundation.exit(await status(of: Array(CommandLine.arguments.dropFirst())))
    }

    private static func status(of arguments: [String]) async -> Int32 {
        do {
            var command = try await asyncParseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return 0
        } catch {
            return report(error)
        }
    }

    /// Help, the version and completion scripts reach us as errors too; they go to standard output.
    private static func report(_ error: any Error) -> Int32 {
        if let failure = CommandFailure(of: error) {
            Terminal.complain(failure)
            return failure.status
        }
        let code = exitCode(for: error)
        if code.isSuccess { return show(fullMessage(for: error)) }
        guard code == .validationFailure else {
            Terminal.complain(CommandFailure(message(for: error)))
            return 1
        }
        let seeAlso = fullMessage(for: error).split(separator: "\n").last { $0.contains("See '") }
        let hint = seeAlso.map {
            String($0).trimmed.replacing("See '", with: "see '").replacing(" for more information.", with: "")
        }
        Terminal.complain(CommandFailure(message(for: error), hint: hint, status: 2))
        return 2
    }

    private static func show(_ text: String) -> Int32 {
        do {
            try Terminal.say(text)
            return 0
        } catch {
            Terminal.complain(error)
            return error.status
        }
    }
}
