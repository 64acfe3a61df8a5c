import LatchkeyCore
import Synchronization

/// Documents of other servers, by address: each is fetched by one caller at a time and kept for a while, so that
/// however many ask, another server is asked seldom, and one that fails is not asked in a row. What was fetched is not
/// lost to a later failure: a stranger can have it asked for again, by naming a key that there is not.
final class DocumentCache<Document: Sendable>: Sendable {
    private struct Entry {
        let turn = AsyncTurn()
        var document: (value: Document, at: Timestamp)?
        var fault: (value: SignOnFault, at: Timestamp)?

        func document(noOlderThan limit: Duration, at now: Timestamp) throws(SignOnFault) -> Document? {
            if let document, now >= document.at, now - document.at < limit { return document.value }
            if let fault, now >= fault.at, now - fault.at < DocumentCache.failureIsKeptFor { throw fault.value }
            return nil
        }

        var lastAsked: Timestamp { [document?.at, fault?.at].compactMap { $0 }.max() ?? Timestamp(milliseconds: 0) }
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
        if let kept = try entry(address).document(noOlderThan: limit, at: now()) { return kept }
        do throws(SignOnFault) {
            let document = try await fetch()
            let now = now()
            entries.withLock { $0[address]?.document = (document, now) }
            return document
        } catch {
            let now = now()
            entries.withLock { $0[address]?.fault = (error, now) }
            throw error
        }
    }

    private func entry(_ address: String) -> Entry {
        entries.withLock { entries in
            if let entry = entries[address] { return entry }
            if entries.count >= Self.most {
                let oldest = entries.min { $0.value.lastAsked < $1.value.lastAsked }
                if let oldest { entries[oldest.key] = nil }
            }
            let entry = Entry()
            entries[address] = entry
            return entry
        }
    }
}
