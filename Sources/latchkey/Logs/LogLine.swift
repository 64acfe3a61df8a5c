import Logging

/// One event on its way to becoming bytes. Everything that came from outside is escaped and cut: a message at
/// 2,048 bytes, a value at 512, so that no line grows with what a stranger sends.
struct LogLine {
    let level: Logger.Level
    let message: String
    let fields: [Logger.Metadata.Element]
    let moment: LogClock.Moment

    private static let longestMessage = 2048
    private static let longestValue = 512
    private static let deepest = 3

    /// `{"time":…,"level":…,"message":…,` and the fields beside them.
    func writeJSON(to bytes: inout [UInt8]) {
        bytes.append(contentsOf: "{\"time\":\"".utf8)
        moment.write(to: &bytes)
        bytes.append(contentsOf: "\",\"level\":\"".utf8)
        bytes.append(contentsOf: level.rawValue.utf8)
        bytes.append(contentsOf: "\",\"message\":".utf8)
        LogText.quote(message, atMost: Self.longestMessage, into: &bytes)
        for (name, value) in fields {
            bytes.append(UInt8(ascii: ","))
            let isTaken = name == "time" || name == "level" || name == "message"
            LogText.quote(isTaken ? "field." + name : name, atMost: Self.longestValue, into: &bytes)
            bytes.append(UInt8(ascii: ":"))
            write(value, depth: 0, to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    /// `2026-11-21T12:34:56.789Z info  message  name=value`.
    func writeHuman(to bytes: inout [UInt8], colours: Bool) {
        moment.write(to: &bytes)
        bytes.append(UInt8(ascii: " "))
        let colour = colours ? Self.colour(of: level) : nil
        if let colour { bytes.append(contentsOf: colour.utf8) }
        bytes.append(contentsOf: level.rawValue.utf8)
        if colour != nil { bytes.append(contentsOf: "\u{1b}[0m".utf8) }
        for _ in level.rawValue.utf8.count..<9 { bytes.append(UInt8(ascii: " ")) }
        LogText.escape(message, atMost: Self.longestMessage, into: &bytes)
        for (name, value) in fields {
            bytes.append(UInt8(ascii: " "))
            LogText.escape(name, atMost: Self.longestValue, into: &bytes)
            bytes.append(UInt8(ascii: "="))
            write(value, depth: 0, to: &bytes)
        }
    }

    /// Numbers and flags bare, the rest as JSON: a value with spaces stays one value for people as well.
    private func write(_ value: Logger.MetadataValue, depth: Int, to bytes: inout [UInt8]) {
        switch value {
        case .string(let text): LogText.quote(text, atMost: Self.longestValue, into: &bytes)
        case .stringConvertible(let value): write(value, to: &bytes)
        case .array(let values) where depth < Self.deepest:
            writeList(values.prefix(32), "[", "]", to: &bytes) { value, bytes in
                write(value, depth: depth + 1, to: &bytes)
            }
        case .dictionary(let members) where depth < Self.deepest:
            writeList(members.sorted { $0.key < $1.key }.prefix(32), "{", "}", to: &bytes) { member, bytes in
                LogText.quote(member.key, atMost: Self.longestValue, into: &bytes)
                bytes.append(UInt8(ascii: ":"))
                write(member.value, depth: depth + 1, to: &bytes)
            }
        case .array, .dictionary: bytes.append(contentsOf: "\"…\"".utf8)
        }
    }

    private func write(_ value: any CustomStringConvertible & Sendable, to bytes: inout [UInt8]) {
        switch value {
        case let number as Int: bytes.append(contentsOf: String(number).utf8)
        case let number as Int64: bytes.append(contentsOf: String(number).utf8)
        case let flag as Bool: bytes.append(contentsOf: (flag ? "true" : "false").utf8)
        case let number as Double where number.isFinite: bytes.append(contentsOf: number.description.utf8)
        default: LogText.quote(value.description, atMost: Self.longestValue, into: &bytes)
        }
    }

    private func writeList<Item>(
        _ items: some Sequence<Item>, _ open: Unicode.Scalar, _ close: Unicode.Scalar, to bytes: inout [UInt8],
        _ item: (Item, inout [UInt8]) -> Void
    ) {
        bytes.append(UInt8(ascii: open))
        for (place, each) in items.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            item(each, &bytes)
        }
        bytes.append(UInt8(ascii: close))
    }

    private static func colour(of level: Logger.Level) -> String? {
        switch level {
        case .trace, .debug: "\u{1b}[2m"
        case .info, .notice: nil
        case .warning: "\u{1b}[33m"
        case .error, .critical: "\u{1b}[31m"
        }
    }
}
