public import LatchkeyCore
import LatchkeyStore
import Logging

extension App {
    /// Writes what was counted since the last flush. Safe to repeat; a failed flush loses nothing.
    public func flushUsage(_ extent: FlushExtent = .counts) async throws(Refusal) {
        try await ledger.flush(at: ambient.now(), extent) { batch throws(Refusal) in
            try await store.write { db throws(Refusal) in
                for note in batch.notes { try db.note(note) }
                if let decision = batch.decision { try db.apply(decision) }
            }
            await settle(batch.proofs)
        }
    }

    /// Brings lists up to the last uses that were written without them, by this program or by one that was killed.
    ///
    /// When it is cancelled half-way, the next call does the rest.
    ///
    /// - Parameter rows: how many a write lists at most, so that no other waits for long.
    public func listUnlistedUses(inParts rows: Int = 2000) async throws(Refusal) {
        guard ledger.takeUnlisted() else { return }
        do throws(Refusal) {
            // In this order: once its tokens are listed, nothing of a later use says that an account is not.
            try await listAccounts(inParts: rows)
            try await listTokens(inParts: rows)
        } catch {
            ledger.noteUnlisted()
            throw error
        }
    }

    private func listTokens(inParts rows: Int) async throws(Refusal) {
        try await eachPart { last throws(Refusal) -> ID<Token>? in
            let found = try await store.read { db throws(Refusal) in
                try db.unlistedTokens(behind: last, limit: rows)
            }
            if !found.isEmpty { try await store.write { db throws(Refusal) in try db.note(.listUses(of: found, [])) } }
            return found.count < rows ? nil : found.last
        }
    }

    private func listAccounts(inParts rows: Int) async throws(Refusal) {
        try await eachPart { last throws(Refusal) -> ID<User>? in
            let found = try await store.read { db throws(Refusal) in
                try db.unlistedAccounts(behind: last, limit: rows)
            }
            if !found.isEmpty { try await store.write { db throws(Refusal) in try db.note(.listUses(of: [], found)) } }
            return found.count < rows ? nil : found.last
        }
    }

    private func eachPart<Noun>(
        _ part: (_ behind: ID<Noun>) async throws(Refusal) -> ID<Noun>?
    ) async throws(Refusal) {
        var last: ID<Noun>? = ID(0)
        while let behind = last, !Task.isCancelled { last = try await part(behind) }
        if last != nil { ledger.noteUnlisted() }
    }

    /// The counts are written by now and must not be written again, so a failure here ends here: the successor's
    /// next use brings the proof once more.
    private func settle(_ proofs: [ProvenRotation]) async {
        guard !proofs.isEmpty else { return }
        do throws(Refusal) {
            try await proveRotations(proofs)
            for proof in proofs { index.settleProof(of: proof.successor) }
        } catch {
            logger.warning("rotations could not be proven yet", metadata: ["cause": "\(error)"])
        }
    }
}
