import Foundation
import LatchkeyCore
import Synchronization

/// Where log lines gather until they are written: a request pays for copying its line under a lock, and no more.
///
/// Lines leave at once for warnings and errors, when 64 KiB have gathered, and with every `flush()`, which the
/// ``LogFlusher`` calls ten times a second. Writing blocks its caller when whoever reads the log does not keep up:
/// memory stays bounded and no line is lost.
final class LogSink: Sendable {
    private struct Gathered {
        var bytes: [UInt8] = []
        var clock = LogClock()
    }

    private static let flushSize = 64 * 1024

    private let descriptor: Int32
    private let gathered = Mutex(Gathered())
    /// Held while writing, so that batches keep their order; never taken while `gathered` is held.
    private let writing = Mutex(())

    init(descriptor: Int32 = STDERR_FILENO) {
        self.descriptor = descriptor
    }

    /// Appends the line that `write` makes; `urgent` lines do not wait for company.
    func append(urgent: Bool, _ write: (inout [UInt8], _ moment: LogClock.Moment) -> Void) {
        let isFull = gathered.withLock { gathered in
            let moment = gathered.clock.now()
            write(&gathered.bytes, moment)
            gathered.bytes.append(UInt8(ascii: "\n"))
            return gathered.bytes.count >= Self.flushSize
        }
        if urgent || isFull { flush() }
    }

    func flush() {
        writing.withLock { _ in
            let bytes = gathered.withLock { gathered in
                let bytes = gathered.bytes
                gathered.bytes = []
                return bytes
            }
            writeAll(bytes)
        }
    }

    private func writeAll(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let written = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written < 0 && errno == EINTR { continue }
                guard written > 0 else { return }
                rest = rest.dropFirst(written)
            }
        }
    }
}

/// The time of a line, its calendar part worked out once a second.
struct LogClock {
    /// `2026-11-21T12:34:56` and the milliseconds within that second.
    struct Moment {
        let second: [UInt8]
        let milliseconds: Int

        /// `2026-11-21T12:34:56.789Z`.
        func write(to bytes: inout [UInt8]) {
            bytes.append(contentsOf: second)
            bytes.append(UInt8(ascii: "."))
            for divisor in [100, 10, 1] { bytes.append(UInt8(48 + milliseconds / divisor % 10)) }
            bytes.append(UInt8(ascii: "Z"))
        }
    }

    private var seconds: Int64 = .min
    private var text: [UInt8] = []

    mutating func now() -> Moment {
        let time = Timestamp.present
        if time.seconds != seconds {
            seconds = time.seconds
            text = Array(Timestamp(seconds: seconds).text.utf8.dropLast())
        }
        return Moment(second: text, milliseconds: Int(time.milliseconds - seconds * 1000))
    }
}
