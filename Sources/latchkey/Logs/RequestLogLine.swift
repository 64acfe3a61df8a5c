import LatchkeyCore
import LatchkeyHTTP
import Logging

/// Request lines, straight into the buffer: no dictionary, no event, no text in between. The most frequent line of
/// all costs about a microsecond.
struct RequestLogLine: Sendable {
    let sink: LogSink
    let level: Logger.Level
    let isJSON: Bool

    func callAsFunction(_ line: RequestLine) {
        guard level <= .info else { return }
        sink.append(urgent: false) { bytes, moment in
            if isJSON { writeJSON(line, moment, to: &bytes) } else { writeHuman(line, moment, to: &bytes) }
        }
    }

    private func writeJSON(_ line: RequestLine, _ moment: LogClock.Moment, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: "{\"time\":\"".utf8)
        moment.write(to: &bytes)
        bytes.append(contentsOf: "\",\"level\":\"info\",\"message\":\"request\",\"method\":".utf8)
        LogText.quote(line.method, atMost: 32, into: &bytes)
        bytes.append(contentsOf: ",\"route\":".utf8)
        LogText.quote(line.route, atMost: 256, into: &bytes)
        bytes.append(contentsOf: ",\"status\":".utf8)
        LogText.append(line.status, to: &bytes)
        bytes.append(contentsOf: ",\"duration_ms\":".utf8)
        LogText.append(thousandths: line.duration.microseconds, to: &bytes)
        bytes.append(contentsOf: ",\"request_id\":".utf8)
        LogText.quote(line.requestID, atMost: 64, into: &bytes)
        if let token = line.token {
            bytes.append(contentsOf: ",\"token\":".utf8)
            LogText.append(Int(token.value), to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private func writeHuman(_ line: RequestLine, _ moment: LogClock.Moment, to bytes: inout [UInt8]) {
        moment.write(to: &bytes)
        bytes.append(contentsOf: " info     ".utf8)
        LogText.escape(line.method, atMost: 32, into: &bytes)
        bytes.append(UInt8(ascii: " "))
        LogText.escape(line.route, atMost: 256, into: &bytes)
        bytes.append(UInt8(ascii: " "))
        LogText.append(line.status, to: &bytes)
        bytes.append(UInt8(ascii: " "))
        LogText.append(thousandths: line.duration.microseconds, to: &bytes)
        bytes.append(contentsOf: "ms request_id=".utf8)
        LogText.escape(line.requestID, atMost: 64, into: &bytes)
        guard let token = line.token else { return }
        bytes.append(contentsOf: " token=".utf8)
        LogText.append(Int(token.value), to: &bytes)
    }
}

extension Duration {
    fileprivate var microseconds: Int {
        Int(components.seconds) * 1_000_000 + Int(components.attoseconds / 1_000_000_000_000)
    }
}
