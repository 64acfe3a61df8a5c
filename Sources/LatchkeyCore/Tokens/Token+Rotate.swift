/// What somebody says of a rotation.
public struct RotationRequest: Hashable, Sendable {
    public let overlap: Overlap
    /// `nil` for the same length as the old token's.
    public let lifetime: Lifetime?
    /// `nil` for the old name with a number behind it.
    public let name: String?

    public init(overlap: Overlap = .untilFirstUse, lifetime: Lifetime? = nil, name: String? = nil) {
        self.overlap = overlap
        self.lifetime = lifetime
        self.name = name
    }
}

extension Token {
    /// A successor lives as long as its predecessor did, unless told otherwise.
    public var ownLifetime: Lifetime {
        expiresAt.map { .span($0 - createdAt) } ?? .never
    }

    /// `api-production` → `api-production (2)`, the first number that is free.
    public func successorName<Failure: Error>(
        isTaken: (String) throws(Failure) -> Bool
    ) throws(Failure) -> String {
        var stem = name[...]
        if let match = name.firstMatch(of: /\ \([0-9]{1,9}\)$/) { stem = name[..<match.range.lowerBound] }
        var number = 2
        while true {
            let ending = " (\(number))"
            let name = String(stem.unicodeScalars.prefix(Names.longest - ending.count)) + ending
            if try !isTaken(name) { return name }
            number += 1
        }
    }

    /// Decides a rotation: exactly one successor, with the same limits. The others of a race learn its id.
    public func rotate(
        _ request: RotationRequest, _ minting: Minting, name: String, owner user: User, by caller: Caller
    ) throws(Refusal) -> (successor: Token, decision: Decision) {
        let now = minting.at
        try requireRotatable(owner: user, by: caller, at: now)
        let successor = Token(
            id: minting.id, owner: owner, type: type, isSCIMOnly: isSCIMOnly,
            name: try Names.checked(name, at: "/name"), digest: minting.digest, hint: minting.hint,
            signedBy: minting.signedBy, createdAt: now.wholeSecond, createdBy: caller.userID,
            expiresAt: minting.expiresAt, narrowing: narrowing, predecessor: id)
        let decision = superseded(by: successor.id, request.overlap, caller, at: now)
            .and(Decision(successor.issued(by: caller, at: now), [.insertToken(successor)]))
        return (successor, decision)
    }

    private func requireRotatable(owner user: User, by caller: Caller, at now: Timestamp) throws(Refusal) {
        try caller.requireLasting()
        guard !isKeyless else {
            throw .conflict("Nobody holds this token: it stands for a trusted issuer, so there is nothing to rotate.")
        }
        let standing = standing(at: now)
        guard standing == .active, user.isActive else {
            let state = user.isActive ? standing.rawValue : "one of a deactivated user"
            throw .conflict("Only an active token can be rotated, and this one is \(state).")
        }
        if let rotation, rotation.abortedAt == nil {
            throw .conflict(
                "This token has been rotated already; its successor is token \(rotation.successor).",
                related: rotation.successor.value)
        }
        guard narrowing.isWithin(caller.narrowing) else {
            throw .forbidden("This token is limited more loosely than the one that would rotate it.")
        }
    }

    private func superseded(
        by successor: ID<Token>, _ overlap: Overlap, _ caller: Caller, at now: Timestamp
    ) -> Decision {
        var old = self
        var changes = [
            FieldChange("successor", after: .number(successor.value)),
            FieldChange("overlap", after: .text(overlap.text)),
        ]
        old.rotation = Rotation(successor: successor, startedAt: now.wholeSecond, overlap: overlap)
        switch overlap {
        case .none:
            old.revocation = Revocation(at: now.wholeSecond, by: caller.userID, reason: .superseded)
            changes.append(FieldChange("revoked_at", after: .text(now.text)))
        case .span(let span): old.rotation?.retiresAt = now.wholeSecond + span
        case .untilFirstUse: break
        }
        return old.updated(.rotate, changes, by: caller, at: now)
    }
}

/// What becomes of a rotation later on. Each is `nil` when there is nothing to do, so that jobs may repeat themselves.
extension Token {
    /// The successor has been used for the first time.
    public func prove(at use: Timestamp, policy: TokenPolicy, by caller: Caller, at now: Timestamp) -> Decision? {
        guard var rotation, rotation.provenAt == nil, rotation.abortedAt == nil else { return nil }
        rotation.provenAt = use
        if rotation.overlap == .untilFirstUse { rotation.retiresAt = use + policy.grace }
        var token = self
        token.rotation = rotation
        return token.updated(.prove, [FieldChange("proven_at", after: .text(use.text))], by: caller, at: now)
    }

    /// The overlap has run out: the old token becomes a revoked one.
    public func retire(by caller: Caller, at now: Timestamp) -> Decision? {
        guard let retiresAt = rotation?.retiresAt, retiresAt <= now, revocation == nil else { return nil }
        var token = self
        token.revocation = Revocation(at: retiresAt, by: nil, reason: .superseded)
        return token.updated(
            .retire, [FieldChange("revoked_at", after: .text(retiresAt.text))], by: caller, at: now)
    }

    /// The successor was shut off before its first use: the old token goes on as if it had not been rotated, if it
    /// still works. One whose overlap is over stays what it is.
    public func abortRotation(by caller: Caller, at now: Timestamp) -> Decision? {
        guard var rotation, rotation.provenAt == nil, rotation.abortedAt == nil, standing(at: now) == .active else {
            return nil
        }
        rotation.abortedAt = now.wholeSecond
        rotation.retiresAt = nil
        var token = self
        token.rotation = rotation
        return token.updated(
            .abort, [FieldChange("successor", before: .number(rotation.successor.value))],
            by: caller, at: now)
    }
}
