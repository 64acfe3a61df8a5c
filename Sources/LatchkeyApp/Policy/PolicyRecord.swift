public import LatchkeyCore
import LatchkeyStore

/// A policy decides who passes every gateway, so that the log says which text decides from when on. Nothing decides
/// before it stands there.
extension App {
    private static let policyWork = Caller(.job("policy"))
    /// Names of what the instance remembers: the marks of the texts that were last taken up, and last refused.
    private static let (takenMark, refusedMark) = ("policy_taken", "policy_refused")
    private static let longestReason = 500
    private static let unrecorded = "The audit log cannot hold now that a new text decides. It is tried again."

    /// For the start, which may find another policy than the one that decided last. The one that is built in is news
    /// only in the place of another.
    public func recordPolicy() async throws(Refusal) { try await record(policyInForce.edition) }

    /// Decides by another policy from now on. Where that cannot be recorded the one that there is goes on deciding.
    public func takeUp(_ newer: PolicyEdition) async throws(Refusal) {
        do throws(Refusal) {
            try await record(newer)
        } catch {
            let fault = policyInForce.standing.fault?.detail
            if fault != Self.unrecorded { policyInForce.refuse(because: Self.unrecorded, at: ambient.now()) }
            throw error
        }
        policyInForce.use(newer, at: ambient.now())
    }

    /// Goes on with the policy that there is. One event for each text, however many read it, and how often.
    ///
    /// - Parameter digest: of the text; `nil` where it cannot be read.
    public func refusePolicy(_ digest: String?, because detail: String) async throws(Refusal) {
        let now = ambient.now()
        policyInForce.refuse(because: detail, at: now)
        let mark = digest.map { [FieldChange("digest", after: .text($0))] } ?? []
        let reason = FieldChange("reason", after: .text(String(detail.prefix(Self.longestReason))))
        let changes = [FieldChange("file", after: .text(policyInForce.standing.source))] + mark + [reason]
        let event = AuditEvent(.refuse, .policy, 0, changes: changes, outcome: .refused, by: Self.policyWork, at: now)
        try await store.write { db throws(Refusal) -> Void in
            guard try db.instanceValue(Self.refusedMark) != digest ?? detail else { return }
            try db.note(.setInstanceValue(name: Self.refusedMark, value: digest ?? detail))
            try db.apply(Decision(event))
        }
    }

    private func record(_ edition: PolicyEdition) async throws(Refusal) {
        let (now, source) = (ambient.now(), policyInForce.standing.source)
        try await store.write { db throws(Refusal) -> Void in
            // The same mistake after a text that was right is made anew.
            if let refused = try db.instanceValue(Self.refusedMark), !refused.isEmpty {
                try db.note(.setInstanceValue(name: Self.refusedMark, value: ""))
            }
            let known = try db.instanceValue(Self.takenMark)
            guard known != edition.digest else { return }
            try db.note(.setInstanceValue(name: Self.takenMark, value: edition.digest))
            guard known != nil || source != PolicyInForce.builtIn else { return }
            let changes = [
                FieldChange("file", after: .text(source)),
                FieldChange("digest", before: known.map { .text($0) }, after: .text(edition.digest)),
            ]
            try db.apply(Decision(AuditEvent(.update, .policy, 0, changes: changes, by: Self.policyWork, at: now)))
        }
    }
}
