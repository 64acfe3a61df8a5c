import LatchkeyApp
import ServiceLifecycle

/// Sends those home who wait for news, before the listener waits for its requests to end: services stop in the reverse
/// order of their list, and this is the last.
struct WaitingReaders: Service {
    let app: App

    func run() async throws {
        try await gracefulShutdown()
        app.stopWaiting()
    }
}
