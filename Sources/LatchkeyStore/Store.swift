public import LatchkeyCore
public import Logging
import NIOPosix
import Synchronization

/// The database, whichever it is. Everything that lasts goes through ``read(_:)`` and ``write(_:)``.
///
/// Both take synchronous closures: `await` inside a transaction does not compile. The closures run on threads of the
/// store's own, so no caller ever blocks in C. An error of the database never leaves here: it is logged once and
/// becomes a `Refusal`.
public final class Store: Sendable {
    /// Where the data is.
    public enum Location: Hashable, Sendable {
        case file(String)
        /// A libpq URL. `schema` names where the tables are, instead of in the first of the server's search path.
        case postgres(String, schema: String? = nil)
    }

    let engine: any Engine
    private let queue: WriteQueue
    private let writer: NIOThreadPool
    private let readers: NIOThreadPool

    init(engine: any Engine, logger: Logger) {
        self.engine = engine
        writer = NIOThreadPool(numberOfThreads: 1)
        readers = NIOThreadPool(numberOfThreads: engine.readerCount)
        writer.start()
        readers.start()
        queue = WriteQueue(engine: engine, thread: writer, logger: logger)
    }

    /// A store that nobody closed still gives its threads back.
    deinit {
        writer.shutdownGracefully { _ in }
        readers.shutdownGracefully { _ in }
    }

    /// Opens a database, makes it if it is not there, and brings its schema up to this program's.
    ///
    /// - Parameter now: what new rows of the schema itself are dated with.
    /// - Throws: `unavailable` with a sentence that says what to do.
    public static func open(
        _ location: Location, at now: Timestamp, logger: Logger
    ) async throws(Refusal) -> Store {
        let opener = NIOThreadPool(numberOfThreads: 1)
        opener.start()
        let result = await opener.result { () throws(Refusal) in
            let engine = try makeEngine(location, logger)
            try Migrations(engine: engine).run(at: now)
            return Store(engine: engine, logger: logger)
        }
        opener.shutdownGracefully { _ in }
        return try result.get()
    }

    private static func makeEngine(_ location: Location, _ logger: Logger) throws(Refusal) -> any Engine {
        switch location {
        case .file(let path): try SQLiteEngine(path: path, logger: logger)
        case .postgres(let url, let schema): try PostgreSQLEngine(url: url, schema: schema, logger: logger)
        }
    }

    /// Reads as of one moment: all that had been committed when it was called is there.
    public func read<Value: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws(Refusal) -> Value
    ) async throws(Refusal) -> Value {
        let engine = engine
        return try await readers.result { () throws(Refusal) in
            var value: Value?
            try engine.withReader { connection throws(Refusal) in value = try body(Transaction(connection)) }
            guard let value else { throw Failure.unexpected.refusal }
            return value
        }.get()
    }

    /// Writes, and returns once what was written is durable. The closure may run twice.
    public func write<Value: Sendable>(
        _ body: @escaping @Sendable (WriteTransaction) throws(Refusal) -> Value
    ) async throws(Refusal) -> Value {
        try await withCheckedContinuation { caller in
            queue.add(WriteJob(body, caller))
        }.get()
    }

    /// Does what a write would do and undoes all of it: tells what would come of it, at the price of a write.
    public func rehearse<Value: Sendable>(
        _ body: @escaping @Sendable (WriteTransaction) throws(Refusal) -> Value
    ) async throws(Refusal) -> Value {
        let kept = Mutex<Result<Value, Refusal>?>(nil)
        let over = Refusal.conflict("The rehearsal is over.")
        do throws(Refusal) {
            try await write { db throws(Refusal) in
                let outcome = Result { () throws(Refusal) in try body(db) }
                kept.withLock { $0 = outcome }
                throw over
            }
        } catch {
            guard error == over, let outcome = kept.withLock({ $0 }) else { throw error }
            return try outcome.get()
        }
        throw over
    }

    /// Copies the whole database, as of one moment, into a new file, while it is being served.
    ///
    /// - Throws: `badRequest` for PostgreSQL, which has tools of its own for this.
    public func backup(to path: String) async throws(Refusal) {
        let engine = engine
        try await readers.result { () throws(Refusal) in try engine.backup(to: path) }.get()
    }

    /// Finishes the writes that wait, then lets go of the database.
    public func close() async {
        queue.close()
        try? await writer.shutdownGracefully()
        try? await readers.shutdownGracefully()
        engine.close()
    }
}

extension NIOThreadPool {
    /// Runs a blocking function on one of the pool's threads.
    fileprivate func result<Value: Sendable>(
        _ body: @escaping @Sendable () throws(Refusal) -> Value
    ) async -> Result<Value, Refusal> {
        await withCheckedContinuation { caller in
            submit { state in
                guard case .active = state else {
                    let closed = Refusal.unavailable("The store is closed.", retryAfter: .seconds(1))
                    caller.resume(returning: .failure(closed))
                    return
                }
                caller.resume(returning: Result { () throws(Refusal) in try body() })
            }
        }
    }
}
