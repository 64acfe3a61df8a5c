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
