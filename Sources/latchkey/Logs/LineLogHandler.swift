import Foundation
import LatchkeyCore
import Logging

/// How log lines look.
enum LogFormat: String, CaseIterable, Sendable {
    /// Human on a terminal, JSON otherwise.
    case auto
    case human, json

    var isJSON: Bool { self == .json || (self == .auto && !Terminal.showsErrors) }
}

/// One line an event, for people or for machines. Formats by hand: a server under load logs every request.
struct LineLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    var logLevel: Logger.Level

    private let sink: LogSink
    private let isJSON: Bool
    private let colours: Bool

    init(sink: LogSink, level: Logger.Level, format: LogFormat) {
        self.sink = sink
        logLevel = level
        isJSON = format.isJSON
        colours = !isJSON && Terminal.showsErrors && Terminal.hasColours
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = fields(of: event)
        sink.append(urgent: event.level >= .warning) { bytes, moment in
            let line = LogLine(level: event.level, message: event.message.description, fields: fields, moment: moment)
            if isJSON { line.writeJSON(to: &bytes) } else { line.writeHuman(to: &bytes, colours: colours) }
        }
    }

    /// What the logger, its provider and the event say, the event last; at most 32, by name.
    private func fields(of event: LogEvent) -> [Logger.Metadata.Element] {
        var all = event.metadata ?? [:]
        if !metadata.isEmpty { all.merge(metadata) { own, _ in own } }
        if let provided = metadataProvider?.get() { all.merge(provided) { own, _ in own } }
        if let error = event.error { all["error"] = .string(String(describing: error)) }
        return Array(all.sorted { $0.key < $1.key }.prefix(32))
    }
}

extension Logger {
    /// The logger of the whole program. Libraries that make their own get the same lines.
    static func ofProgram(sink: LogSink, level: Logger.Level, format: LogFormat) -> Logger {
        LoggingSystem.bootstrap { _ in LineLogHandler(sink: sink, level: level, format: format) }
        return Logger(label: "latchkey")
    }
}
