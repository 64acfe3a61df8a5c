public import LatchkeyCore
import LatchkeyStore

/// A workload's own token for an access token (RFC 8693), where a service user trusts its issuer.
///
/// Nothing is fetched for an issuer that nobody trusts, and nothing that a token says counts before its signature. It
/// is written down in the same transaction that it was taken, so that it is taken once, on whichever node.
extension App {
    /// - Parameters:
    ///   - request: of an access token that lives as long as the trust says at most.
    ///   - client: the handle of the service user to be; needed where several trust the same workload.
    ///   - route: for the record of a refused use.
    public func exchange(
        workload text: String, for request: AccessRequest, client: String?, route: String, from origin: Origin
    ) async throws(Refusal) -> IssuedAccess {
        let workload = Workload(text: text, client: client, route: route, origin: origin, now: ambient.now())
        let token: WorkloadToken
        let (trust, bearer): (TrustedIssuer, Bearer)
        do throws(Refusal) {
            let (found, trusts) = try await trusted(text, at: workload.now)
            token = found
            (trust, bearer) = try await admitted(found, by: trusts, workload)
        } catch {
            throw counted(error, of: workload)
        }
        let lifetime = min(request.lifetime ?? trust.lifetime, trust.lifetime)
        let issued = try makeAccess(
            AccessRequest(request.grant, scope: request.scope, lifetime: lifetime), of: bearer, until: token.expiresAt)
        try await take(token, by: trust, for: issued, workload)
        return issued
    }

    /// What a workload presents, and how it came here.
    private struct Workload {
        let text: String
        let client: String?
        let route: String
        let origin: Origin
        let now: Timestamp
    }

    /// Counts a token that does not work like every other credential; one that several trust is none of those.
    private func counted(_ error: Refusal, of workload: Workload) -> Refusal {
        guard case .badRequest = error, error != WorkloadFault.ambiguous.refusal,
            let wait = limits.countRefused(from: workload.origin.address, at: workload.now)
        else { return error }
        return .limited(retryAfter: wait)
    }

    /// Takes a workload's token once and for all.
    private func take(
        _ token: WorkloadToken, by trust: TrustedIssuer, for issued: IssuedAccess, _ workload: Workload
    ) async throws(Refusal) {
        let now = workload.now
        let caller = Caller(.bearer(issued.bearer.credential), origin: workload.origin)
        do throws(Refusal) {
            try await commit(as: caller) { db throws(Refusal) -> Void in
                guard let stood = try db.token(trust.id), stood.standing(at: now) == .active else {
                    throw WorkloadFault.untrusted.refusal
                }
                let isUsed = try db.isWorkloadTokenUsed(token.issuer, fingerprint: token.fingerprint)
                try db.apply(try trust.admit(token, issuing: issued.issue, isUsed: isUsed, by: caller, at: now))
            }
        } catch {
            guard error == WorkloadFault.replayed.refusal else { throw error }
            record(RefusedUse(.replayed, token: trust.id, owner: issued.bearer.account.id), of: workload)
            throw counted(error, of: workload)
        }
    }

    /// That somebody came with a token which a trust fits, and was not let in.
    private func record(_ refused: RefusedUse, of workload: Workload) {
        guard let trust = refused.token else { return }
        let use = Use(
            token: trust, at: workload.now, method: "POST", route: workload.route, address: workload.origin.address,
            userAgent: workload.origin.userAgent, outcome: .refused, owner: refused.owner)
        ledger.record(use, refused: refused)
    }

    /// The token, once its issuer has borne it out, and whoever trusts that issuer.
    private func trusted(
        _ text: String, at now: Timestamp
    ) async throws(Refusal) -> (token: WorkloadToken, trusts: [TrustedIssuer]) {
        guard text.utf8.count <= WorkloadToken.longest, let signed = try? SignedToken(text) else {
            throw WorkloadFault.malformed.refusal
        }
        guard let issuer = signed.claims.text("iss") else {
            throw WorkloadFault.badClaim("iss", "is missing").refusal
        }
        let trusts = try await store.read { db throws(Refusal) in try db.trustedIssuers(issuer, at: now) }
        guard !trusts.isEmpty else { throw WorkloadFault.unknownIssuer.refusal }
        do throws(SignOnFault) {
            try await documents.verify(signed, keysAt: try await documents.keysAddress(of: issuer))
        } catch {
            throw WorkloadFault.issuer(error).refusal
        }
        do throws(WorkloadFault) {
            return (try WorkloadToken(signed, at: now), trusts)
        } catch {
            throw error.refusal
        }
    }

    /// The one trust that this token fits, with the rights that it gives now. Where one service user has several, the
    /// oldest counts.
    private func admitted(
        _ token: WorkloadToken, by trusts: [TrustedIssuer], _ workload: Workload
    ) async throws(Refusal) -> (TrustedIssuer, Bearer) {
        let fitting = trusts.filter { token.fits($0) }
        // Made on another node a moment ago.
        if fitting.contains(where: { !index.contains($0.id) }) { try await feed.catchUpTogether() }
        var admitting: [(trust: TrustedIssuer, bearer: Bearer)] = []
        var refused: [RefusedUse] = []
        for trust in fitting {
            switch verifier.standing(of: trust.id, from: workload.origin.address, at: workload.now) {
            case .refused(let refusal): refused.append(refusal)
            case .valid(let bearer):
                guard workload.client == nil || workload.client == bearer.account.handle else { continue }
                admitting.append((trust, bearer))
            }
        }
        guard let first = admitting.first else {
            for refusal in refused { record(refusal, of: workload) }
            throw WorkloadFault.untrusted.refusal
        }
        guard admitting.allSatisfy({ $0.bearer.account.id == first.bearer.account.id }) else {
            throw WorkloadFault.ambiguous.refusal
        }
        return first
    }
}
