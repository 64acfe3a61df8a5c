import LatchkeyCore
import Logging
import Synchronization
import Testing

@testable import LatchkeyHTTP

@Suite("The log of those who have no valid token")
struct StrangerLinesTests {
    @Test("has at most 20 lines a second, and says how many it left out")
    func bounded() {
        let told = Told()
        let lines = StrangerLines(log: { told.add($0.requestID) }, logger: Logger(label: "test") { _ in told })
        let moment = ContinuousClock.now
        for _ in 0..<100_000 { lines.write(line("flood"), at: moment) }
        #expect(told.words == [String](repeating: "flood", count: 20))
        lines.write(line("later"), at: moment + .seconds(1))
        lines.write(line("last"), at: moment + .seconds(1))
        #expect(told.words.dropFirst(20) == ["99980 refused requests were left out of the log", "later", "last"])
    }

    private func line(_ id: String) -> RequestLine {
        RequestLine(method: "GET", route: "/authz", status: 401, duration: .zero, requestID: id, token: nil)
    }
}

/// Keeps what is logged, in order.
private final class Told: LogHandler {
    private let kept = Mutex<[String]>([])

    var words: [String] { kept.withLock { $0 } }

    func add(_ text: String) { kept.withLock { $0.append(text) } }

    func log(event: LogEvent) {
        let count = event.metadata?["requests"].map { "\($0) " } ?? ""
        add(count + event.message.description)
    }

    subscript(metadataKey _: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }

    var logLevel: Logger.Level {
        get { .info }
        set {}
    }
}
