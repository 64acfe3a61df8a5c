public import LatchkeyCore

/// Whose token is this, and does it work? The one function behind every door.
///
/// Form, then digest, then the index, then the standing of token, account and narrowing. It waits for nothing and
/// never touches the store. Nobody who lacks a token of ours gets past the digest, whatever they send.
public final class Verifier: Sendable {
    private let index: TokenIndex
    private let ring: Keys
    private let grants = AccessGrants()

    public init(index: TokenIndex, keys: Keys) {
        self.index = index
        ring = keys
    }

    /// The keys in use.
    public var keys: KeyRing { ring.current }

    public func verify(_ presented: String, from address: Address?, at now: Timestamp) -> Verdict {
        let verdict = presented.utf8.withContiguousStorageIfAvailable { verify($0, from: address, at: now) }
        return verdict ?? verify(Array(presented.utf8), from: address, at: now)
    }

    /// For a header's value behind its scheme.
    public func verify(_ presented: Substring, from address: Address?, at now: Timestamp) -> Verdict {
        let verdict = presented.utf8.withContiguousStorageIfAvailable { verify($0, from: address, at: now) }
        return verdict ?? verify(Array(presented.utf8), from: address, at: now)
    }

    public func verify(_ presented: [UInt8], from address: Address?, at now: Timestamp) -> Verdict {
        presented.withUnsafeBufferPointer { verify($0, from: address, at: now) }
    }

    public func verify(
        _ presented: UnsafeBufferPointer<UInt8>, from address: Address?, at now: Timestamp
    ) -> Verdict {
        guard TokenFormat.isWellFormed(presented) else {
            guard TokenFormat.isAccessToken(presented) else { return .refused(RefusedUse(.malformed)) }
            return verifyAccess(presented, from: address, at: now)
        }
        let keys = keys
        let digest = keys.digest(of: presented)
        if let entry = index.find(digest) { return Self.judge(entry, from: address, at: now, freshDigest: nil) }
        for generation in index.generations(besides: digest.generation) {
            guard let older = keys.digest(of: presented, generation: generation), let entry = index.find(older) else {
                continue
            }
            let fresh = generation < digest.generation ? digest : nil
            return Self.judge(entry, from: address, at: now, freshDigest: fresh)
        }
        return .refused(stranger(presented, keys))
    }

    /// The same for a token by its number, which is not presented: for those who may know what it can do.
    func standing(of token: ID<Token>, from address: Address?, at now: Timestamp) -> Verdict {
        guard let entry = index.find(token) else { return .refused(RefusedUse(.unknown)) }
        return Self.judge(entry, from: address, at: now, freshDigest: nil)
    }

    /// The same for who was admitted a while ago, by what was presented then.
    func standing(of credential: Caller.Credential, from address: Address?, at now: Timestamp) -> Verdict {
        if let grant = credential.access { return judge(grant, from: address, at: now) }
        guard index.contains(credential.token) else {
            return .refused(RefusedUse(.deleted, token: credential.token))
        }
        return standing(of: credential.token, from: address, at: now)
    }

    private func verifyAccess(
        _ presented: UnsafeBufferPointer<UInt8>, from address: Address?, at now: Timestamp
    ) -> Verdict {
        let keys = keys
        let grant = grants.grant(for: keys.digest(of: presented)) { keys.accessGrant(presented) }
        guard let grant else { return .refused(RefusedUse(.unknown)) }
        return judge(grant, from: address, at: now)
    }

    /// An access token works while the token that it came of does, with the rights that both leave. Once it is past its
    /// time it says nothing about that token, so its late use is not held against it.
    private func judge(_ grant: AccessGrant, from address: Address?, at now: Timestamp) -> Verdict {
        guard now.seconds < grant.expiresAt.seconds else { return .refused(RefusedUse(.expired)) }
        guard let (entry, isGivenUp) = index.find(grant) else {
            return .refused(RefusedUse(.deleted, token: grant.token))
        }
        guard Self.names(grant, entry) else { return .refused(RefusedUse(.unknown)) }
        guard !isGivenUp else {
            return .refused(RefusedUse(.revoked, token: grant.token, owner: entry.account?.id))
        }
        let verdict = Self.judge(entry, from: address, at: now, freshDigest: nil)
        guard case .valid(let bearer) = verdict else { return verdict }
        // None is ever made of another kind: not even the keys shall open a person's account.
        guard bearer.type == .service, !bearer.isSCIMOnly else { return .refused(RefusedUse(.unknown)) }
        return .valid(bearer.limited(by: grant))
    }

    /// Whether the token of this number is the one that the access token came of. After the restoration of an older
    /// backup the numbers behind it are given out again, to others.
    private static func names(_ grant: AccessGrant, _ entry: TokenIndex.Entry) -> Bool {
        let isLater = grant.issuedAt.seconds + clockLeeway >= Int64(entry.record.createdAt)
        return isLater && (entry.account.map { $0.handle == grant.subject } ?? true)
    }

    /// In seconds: as far apart the clocks of two nodes may be.
    private static let clockLeeway: Int64 = 5

    /// What the index does not know. A tag of ours and a number that is gone: a token that was deleted. A tag of ours
    /// and a number that is there: somebody altered the token, which says nothing about the real one.
    private func stranger(_ presented: UnsafeBufferPointer<UInt8>, _ keys: KeyRing) -> RefusedUse {
        guard let token = keys.tokenNamed(by: presented), !index.contains(token) else { return RefusedUse(.unknown) }
        return RefusedUse(.deleted, token: token)
    }

    /// What was done to a token outranks what merely happened to it, so that the record of a late use says the former.
    private static func judge(
        _ entry: TokenIndex.Entry, from address: Address?, at now: Timestamp, freshDigest: TokenDigest?
    ) -> Verdict {
        let record = entry.record
        func refuse(_ reason: RefusedUse.Reason) -> Verdict {
            .refused(RefusedUse(reason, token: ID(record.id), owner: entry.account?.id))
        }
        let seconds = now.seconds
        if record.retiresAt != 0, Int64(record.retiresAt) <= seconds { return refuse(.superseded) }
        if record.flags.contains(.isRevoked) { return refuse(.revoked) }
        if record.expiresAt != 0, Int64(record.expiresAt) <= seconds { return refuse(.expired) }
        guard let account = entry.account, account.isActive else { return refuse(.userDeactivated) }
        guard entry.narrowing.allows(address) else { return refuse(.addressNotAllowed) }
        return .valid(
            Bearer(
                token: ID(record.id), name: entry.name, type: record.flags.contains(.isPersonal) ? .personal : .service,
                isSCIMOnly: record.flags.contains(.isSCIMOnly), createdAt: Timestamp(seconds: Int64(record.createdAt)),
                expiresAt: TokenRecord.moment(record.expiresAt), account: account, membership: entry.membership,
                narrowing: entry.narrowing, freshDigest: freshDigest, proves: entry.proves, access: nil))
    }
}
