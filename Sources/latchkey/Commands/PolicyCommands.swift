import ArgumentParser
import LatchkeyApp
import LatchkeyCore

/// `latchkey policy`.
struct PolicyCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Check, test and explain who may do what behind gateways.",
        discussion: """
            Example:
              latchkey policy check my-api.yaml
              latchkey policy test my-api.yaml
              latchkey policy explain GET /api/datastores/7
            """,
        subcommands: [Check.self, Test.self, Explain.self])
}

extension PolicyCommands {
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say everything that is wrong with a policy file.",
            discussion: """
                Without a file, the policy that is built in. A server takes a policy when its cases pass too: \
                latchkey policy test.

                Example:
                  latchkey policy check my-api.yaml
                """)

        @Argument(help: "The policy file.", completion: .file())
        var file: String?
        @OptionGroup var show: OutputOptions

        func run() throws {
            let policy = try file.map { try PolicyFile(path: $0).load() } ?? .dataPlatform
            let own = Permission.allCases.count
            try show.output.show(
                .object(given: [
                    ("policy", .string(policy.name)), ("actions", .integer(policy.actions.count - own)),
                    ("routes", .integer(policy.routes.count)), ("cases", .integer(policy.cases.count)),
                ]))
        }
    }

    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run the cases that are written beside the rules.",
            discussion: """
                Without a file, those of the policy that is built in.

                Example:
                  latchkey policy test my-api.yaml
                """)

        @Argument(help: "The policy file.", completion: .file())
        var file: String?
        @OptionGroup var show: OutputOptions

        func run() throws {
            let policy = try file.map { try PolicyFile(path: $0).load() } ?? .dataPlatform
            try PolicyFile.requireCases(of: policy, named: file ?? PolicyInForce.builtIn)
            try show.output.show(
                .object(given: [
                    ("policy", .string(policy.name)), ("passed", .integer(policy.cases.count)),
                    ("failed", .integer(0)),
                ]))
        }
    }
}
