import ArgumentParser
import Foundation
import Logging

/// A command that works on the data itself, without a server or beside one.
protocol LocalCommand: AsyncParsableCommand {
    var storage: StorageOptions { get }

    /// Settings that this command has flags of its own for.
    var flags: [String: String] { get }

    func run(_ settings: Settings, _ logger: Logger) async throws
}

extension LocalCommand {
    var flags: [String: String] { [:] }

    /// Only warnings and errors are logged, in words: the result is what the user came for.
    func run() async throws {
        let sources = try await storage.sources(with: flags, environment: ProcessInfo.processInfo.environment)
        let settings = try Settings(sources)
        let sink = LogSink()
        defer { sink.flush() }
        let format = settings.logFormat == .auto ? .human : settings.logFormat
        let logger = Logger.ofProgram(sink: sink, level: max(settings.logLevel, .warning), format: format)
        try await run(settings, logger)
    }
}
