import Foundation
import Synchronization

/// A server that runs beside the script that started it.
final class BackgroundServer: Sendable {
    private let process: Process
    private let log = ServerLog()

    init(process: Process, errors: Pipe) {
        self.process = process
        log.follow(errors.fileHandleForReading)
    }

    /// Everything that the server has said so far.
    var said: String { log.text }

    func waitUntilServing() -> Bool {
        log.waitUntilServing()
        return process.isRunning && log.text.contains(ServerLog.isServing)
    }

    func stop() -> Int32 {
        process.terminate()
        process.waitUntilExit()
        return process.terminationStatus
    }

    func kill() {
        guard process.isRunning else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}

/// What a server says, read by a thread of its own: a pipe that nobody empties would hold the server up.
private final class ServerLog: Sendable {
    static let isServing = "\"message\":\"serving\""

    private let lines = Mutex("")
    private let signal = DispatchSemaphore(value: 0)

    var text: String { lines.withLock { $0 } }

    func follow(_ handle: FileHandle) {
        Thread.detachNewThread {
            while case let data = handle.availableData, !data.isEmpty {
                self.take(String(decoding: data, as: UTF8.self))
            }
            self.signal.signal()
        }
    }

    private func take(_ text: String) {
        let isNews = lines.withLock { lines in
            let before = lines.contains(Self.isServing)
            lines += text
            return !before && lines.contains(Self.isServing)
        }
        if isNews { signal.signal() }
    }

    /// Or until it has ended.
    func waitUntilServing() {
        _ = signal.wait(timeout: .now() + 60)
    }
}
