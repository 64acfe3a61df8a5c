import ArgumentParser
import Foundation

/// `latchkey serve`.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the server.",
        discussion: """
            Each setting is a flag, a variable LATCHKEY_… or a line of the file given by --config; the first of these \
            that names it wins. SIGTERM and SIGINT finish the requests under way and stop.

            Example:
              latchkey serve
              latchkey serve --behind-proxy --trusted-proxies 127.0.0.1 --public-url https://latchkey.example.com
              latchkey serve --config latchkey.yaml --print-config
            """)

    @Flag(help: "Show every setting and where it came from, and stop.")
    var printConfig = false
    @OptionGroup var options: SettingOptions
    @OptionGroup var show: OutputOptions

    func run() async throws {
        let sources = try await options.sources(environment: ProcessInfo.processInfo.environment)
        let settings = try Settings(sources)
        if printConfig {
            let value = try PrintedSettings.value(of: sources, settings: settings)
            try show.output.show(value, columns: PrintedSettings.columns)
            return
        }
        try settings.checkExposure()
        try await Server(settings: settings).run()
    }
}
