public import LatchkeyCore
import LatchkeyStore

extension App {
    /// Writes what was counted since the last flush. Safe to repeat; a failed flush loses nothing.
    ///
    /// - Parameter isFinal: at a stop, when the refusals of the running minute are written as well.
    public func flushUsage(isFinal: Bool = false) async throws(Refusal) {
        try await ledger.flush(at: ambient.now(), isFinal: isFinal) { batch throws(Refusal) in
            try await store.write { db throws(Refusal) in
                for note in batch.notes { try db.note(note) }
                if let decision = batch.decision { try db.apply(decision) }
            }
            guard !batch.proofs.isEmpty else { return }
            try await proveRotations(batch.proofs)
            for proof in batch.proofs { index.settleProof(of: proof.successor) }
        }
    }
}
