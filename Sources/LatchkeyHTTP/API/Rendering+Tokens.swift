import LatchkeyAPI
import LatchkeyApp
import LatchkeyCore

extension Rendering {
    /// The only place where a token's value enters a reply.
    func issued(_ issued: IssuedToken) -> TokenBody {
        token(issued.summary, value: issued.secret.reveal())
    }

    func token(_ summary: TokenSummary) -> TokenBody {
        token(summary, value: nil)
    }

    private func token(_ summary: TokenSummary, value: String?) -> TokenBody {
        let token = summary.token
        let standing = token.standing(at: now())
        return TokenBody(
            id: token.id.value, name: token.name, active: standing == .active, expiration: token.expiresAt?.text,
            bearerToken: value, user: stub(summary.owner), created: token.createdAt.text,
            lastUsed: summary.lastUse?.at.text, type: token.type.rawValue, status: standing.rawValue,
            isSCIMOnly: token.isSCIMOnly, hint: token.hint, createdBy: summary.createdBy.map(stub),
            revocation: revocation(summary, standing), narrowing: narrowing(token.narrowing),
            rotation: rotation(summary), predecessor: token.predecessor?.value)
    }

    /// A rotated token whose overlap has run out reads as revoked from that moment, as it is refused from then on.
    private func revocation(_ summary: TokenSummary, _ standing: Standing) -> RevocationBody {
        if let revocation = summary.token.revocation {
            return RevocationBody(
                at: revocation.at.text, by: summary.revokedBy.map(stub), reason: revocation.reason.rawValue)
        }
        guard standing == .revoked, let end = summary.token.rotation?.retiresAt else {
            return RevocationBody(at: nil, by: nil, reason: nil)
        }
        return RevocationBody(at: end.text, by: nil, reason: RevocationReason.superseded.rawValue)
    }

    private func narrowing(_ narrowing: Narrowing) -> NarrowingBody? {
        guard !narrowing.isNone else { return nil }
        return NarrowingBody(
            role: narrowing.role?.rawValue, teamIDs: narrowing.teams?.map(\.value).sorted(),
            actions: narrowing.actions?.sorted(), allowedCIDRs: narrowing.addresses?.map(\.description))
    }

    private func rotation(_ summary: TokenSummary) -> RotationBody? {
        let token = summary.token
        guard let rotation = token.rotation,
            let stage = token.rotationStage(at: now(), lastUsed: summary.lastUse?.at, watch: watch)
        else { return nil }
        return RotationBody(
            stage: stage.rawValue, successorID: rotation.successor.value, overlap: rotation.overlap.text,
            startedAt: rotation.startedAt.text, provenAt: rotation.provenAt?.text,
            retiresAt: rotation.retiresAt?.text)
    }
}
