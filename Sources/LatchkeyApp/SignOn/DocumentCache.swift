import LatchkeyCore
import Synchronization

/// Documents of other servers, by address: each is fetched by one caller at a time and kept for a while, so that
/// however many ask, another server is asked seldom, and one that fails is not asked in a row.
final class DocumentCache<Document: Sendable>: Sendable {
    private struct Entry {
        let turn = AsyncTurn()
        var result: Result<Document, SignOnFault>?
        var at = Timestamp(milliseconds: 0)

        func result(noOlderThan limit: Duration, at now: Timestamp) -> Result<Document, SignOnFault>? {
            guard let kept = result, now >= at else { return nil }
            switch kept {
            case .success: return now - at < limit ? kept : nil
            case .failure: return now - at < DocumentCache.failureIsKeptFor ? kept : nil
            }
        }
    }

    /// Addresses come from Admins, yet not without end.
    private static var most: Int { 256 }
    private static var failureIsKeptFor: Duration { .seconds(5) }

    private let entries = Mutex<[String: Entry]>([:])
    private let now: @Sendable () -> Timestamp

    init(now: @escaping @Sendable () -> Timestamp) {
        self.now = now
    }

    /// - Parameter limit: how old a kept document may be.
    func document(
        _ address: String, noOlderThan limit: Duration, _ fetch: () async throws(SignOnFault) -> Document
    ) async throws(SignOnFault) -> Document {
        let turn = entry(address).turn
        await turn.take()
        defer { turn.pass() }
        if let kept = entry(address).result(noOlderThan: limit, at: now()) { return try kept.get() }
        let result: Result<Document, SignOnFault>
        do throws(SignOnFault) {
            result = .success(try await fetch())
        } catch {
            result = .failure(error)
        }
        let now = now()
        entries.withLock { entries in
            entries[address]?.result = result
            entries[address]?.at = now
        }
        return try result.get()
    }

    private func entry(_ address: String) -> Entry {
        entries.withLock { entries in
            if let entry = entries[address] { return entry }
            if entries.count >= Self.most, let oldest = entries.min(by: { $0.value.at < $1.value.at })?.key {
                entries[oldest] = nil
            }
            let entry = Entry()
            entries[address] = entry
            return entry
        }
    }
}
