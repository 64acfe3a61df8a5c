import LatchkeyCore
import Logging
import NIOPosix
import Synchronization

/// Group commit: writers line up, and whoever waits when the thread is free shares one transaction and one commit.
///
/// A commit costs a disk's flush however much is in it, so under load each carries dozens of writes, while a lone
/// writer waits for nobody. Where several share, each has a savepoint of its own: one that throws is undone alone, and
/// its neighbours commit. Nobody hears of success before the commit; if that fails, all of the batch hear of it.
final class WriteQueue: Sendable {
    private static let largestBatch = 512
    /// Beyond this, writers are turned away: they would wait longer than their callers do.
    private static let longestLine = 20_000

    private struct Line {
        var waiting: [WriteJob] = []
        var isServed = false
        var isClosed = false
    }

    private let line = Mutex(Line())
    private let engine: any Engine
    private let thread: NIOThreadPool
    private let logger: Logger

    init(engine: any Engine, thread: NIOThreadPool, logger: Logger) {
        self.engine = engine
        self.thread = thread
        self.logger = logger
    }

    func add(_ job: WriteJob) {
        enum Next { case wait, serve, refuse(String) }
        let next: Next = line.withLock { line in
            if line.isClosed { return .refuse("The store is closed.") }
            guard line.waiting.count < Self.longestLine else { return .refuse("Too many writes are waiting.") }
            line.waiting.append(job)
            defer { line.isServed = true }
            return line.isServed ? .wait : .serve
        }
        switch next {
        case .wait: break
        case .serve: thread.submit { _ in self.serve() }
        case .refuse(let words): job.finish(.unavailable(words, retryAfter: .seconds(1)))
        }
    }

    /// Takes no more; what waits is still written.
    func close() {
        line.withLock { $0.isClosed = true }
    }

    private func serve() {
        while true {
            let batch = line.withLock { line in
                let batch = Array(line.waiting.prefix(Self.largestBatch))
                line.waiting.removeFirst(batch.count)
                if batch.isEmpty { line.isServed = false }
                return batch
            }
            if batch.isEmpty { return }
            let refusals = commit(batch)
            for (job, refusal) in zip(batch, refusals) { job.finish(refusal) }
        }
    }
}

extension WriteQueue {
    private static let mostAttempts = 10

    /// Carries out a batch, again where that helps, and says for each of its jobs why it was refused, if it was.
    private func commit(_ batch: [WriteJob]) -> [Refusal?] {
        var refusals: [Refusal?] = []
        for attempt in 1...Self.mostAttempts {
            let (failure, refusal) = attemptCommit(batch, &refusals)
            guard let refusal else { return refusals }
            let canHelp = failure?.kind == .collision || (failure?.kind == .connection && attempt == 1)
            guard canHelp, attempt < Self.mostAttempts else { return batch.map { _ in refusal } }
            logger.debug("a batch of writes runs again", metadata: ["attempt": "\(attempt)"])
            Pause.beforeAttempt(attempt)
        }
        return refusals
    }

    /// One try; a refusal means that nothing of the batch was committed, or that nobody knows.
    private func attemptCommit(
        _ batch: [WriteJob], _ refusals: inout [Refusal?]
    ) -> (failure: Failure?, refusal: Refusal?) {
        var failure: Failure?
        do {
            try engine.withWriter { connection throws(Refusal) in
                defer { failure = connection.failure }
                try connection.begin()
                refusals = try runAll(batch, on: connection)
                // A lone write that was refused has no savepoint, and ends with the transaction.
                if batch.count > 1 || refusals == [nil] { try connection.commit() }
            }
            return (nil, nil)
        } catch {
            return (failure, error)
        }
    }

    private func runAll(_ batch: [WriteJob], on connection: any Connection) throws(Refusal) -> [Refusal?] {
        // For a savepoint SQLite keeps each page as it was, and PostgreSQL is asked twice more.
        if batch.count == 1 { return [try run(batch[0], on: connection)] }
        var refusals: [Refusal?] = []
        refusals.reserveCapacity(batch.count)
        for job in batch {
            try connection.savepoint()
            let refusal = try run(job, on: connection)
            if refusal == nil { try connection.release() } else { try connection.rollbackToSavepoint() }
            refusals.append(refusal)
        }
        return refusals
    }

    /// Why it was refused, if it was. Throws when nothing of the batch can be committed.
    private func run(_ job: WriteJob, on connection: any Connection) throws(Refusal) -> Refusal? {
        let refusal = job.attempt(WriteTransaction(connection))
        guard let failure = connection.failure else { return refusal }
        guard failure.kind == .rule else { throw failure.refusal }
        connection.failure = nil
        return refusal ?? failure.refusal
    }
}

/// One closure that waits to be written, its types gone.
struct WriteJob: Sendable {
    /// Runs the closure and keeps what it returns; gives back why it refused, if it did.
    let attempt: @Sendable (WriteTransaction) -> Refusal?
    /// Resumes the caller, with what was kept or with a refusal.
    let finish: @Sendable (Refusal?) -> Void

    init<Value: Sendable>(
        _ body: @escaping @Sendable (WriteTransaction) throws(Refusal) -> Value,
        _ caller: CheckedContinuation<Result<Value, Refusal>, Never>
    ) {
        let kept = Kept<Value>()
        attempt = { transaction in
            let result = Result { () throws(Refusal) in try body(transaction) }
            kept.value.withLock { $0 = try? result.get() }
            if case .failure(let refusal) = result { return refusal }
            return nil
        }
        finish = { refusal in
            let value = kept.value.withLock { $0 }
            let nothing = Refusal.unavailable("The write was not carried out.", retryAfter: .seconds(1))
            caller.resume(returning: refusal.map { .failure($0) } ?? value.map { .success($0) } ?? .failure(nothing))
        }
    }

    private final class Kept<Value: Sendable>: Sendable {
        let value = Mutex<Value?>(nil)
    }
}
