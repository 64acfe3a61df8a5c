import ServiceLifecycle

/// Writes gathered log lines ten times a second, and the last of them when everything else has stopped.
struct LogFlusher: Service {
    let sink: LogSink

    func run() async throws {
        defer { sink.flush() }
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(100))
                sink.flush()
            }
        }
    }
}
