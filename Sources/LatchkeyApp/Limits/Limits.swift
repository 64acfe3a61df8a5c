public import LatchkeyCore

/// How often somebody may call; `nil` for as often as they like.
public struct LimitSettings: Hashable, Sendable {
    /// Of each token.
    public var token: Quota?
    /// Of each client address: an IPv4 address, the /64 of an IPv6 one.
    public var address: Quota?
    /// Credentials that do not work, of each client address.
    public var refused: Quota?

    public init(token: Quota? = nil, address: Quota? = nil, refused: Quota? = nil) {
        self.token = token
        self.address = address
        self.refused = refused
    }
}

/// The buckets of this process. Who has a token that works never pays for what others at the same address present.
final class Limits: Sendable {
    private static let sizeBits = 16

    private let settings: LimitSettings
    private let tokens: BucketTable?
    private let addresses: BucketTable?
    private let refused: BucketTable?

    init(_ settings: LimitSettings) {
        self.settings = settings
        tokens = settings.token.map { BucketTable($0, sizeBits: Self.sizeBits) }
        addresses = settings.address.map { BucketTable($0, sizeBits: Self.sizeBits) }
        refused = settings.refused.map { BucketTable($0, sizeBits: Self.sizeBits) }
    }

    /// Counts a credential that does not work.
    ///
    /// - Returns: how long to wait, when there were too many from this address.
    func countRefused(from address: Address?, at now: Timestamp) -> Duration? {
        guard let refused, case .refused(let wait) = refused.take(address?.householdNumber ?? 0, at: now) else {
            return nil
        }
        return wait
    }

    /// Counts a call of a token that works, which a gateway has received: against the token alone, for all who come
    /// through a gateway may have its address.
    ///
    /// - Returns: how long to wait, when it is one too many.
    func countForwarded(_ token: ID<Token>, at now: Timestamp) -> Duration? {
        guard let tokens, case .refused(let wait) = tokens.take(UInt64(bitPattern: token.value), at: now) else {
            return nil
        }
        return wait
    }

    /// Counts a call of a token that works. `nil` where nothing is limited.
    func count(_ token: ID<Token>, from address: Address?, at now: Timestamp) -> Admission? {
        guard tokens != nil || addresses != nil else { return nil }
        var admission = Admission()
        if let tokens, let quota = settings.token {
            admission.note("token", quota, tokens.take(UInt64(bitPattern: token.value), at: now))
        }
        if let addresses, let quota = settings.address, admission.wait == nil {
            admission.note("address", quota, addresses.take(address?.householdNumber ?? 0, at: now))
        }
        return admission
    }
}

/// What the limits say of one call.
public struct Admission: Sendable {
    public struct Share: Sendable {
        public let name: String
        public let quota: Quota
        public let left: Int
        /// Until the quota is whole again, or until the next call when there is none left.
        public let wait: Duration
    }

    public private(set) var shares: [Share] = []
    /// Set when the call is one too many.
    public private(set) var wait: Duration?

    mutating func note(_ name: String, _ quota: Quota, _ allowance: Quota.Allowance) {
        switch allowance {
        case .granted(let left, let fullIn):
            shares.append(Share(name: name, quota: quota, left: left, wait: fullIn))
        case .refused(let after):
            shares.append(Share(name: name, quota: quota, left: 0, wait: after))
            wait = after
        }
    }
}

extension App {
    /// Counts a call of a token that works against the limits, for doors that say how much is left.
    ///
    /// - Returns: `nil` where nothing is limited. A call with a ``Admission/wait`` is to be refused.
    public func admit(_ bearer: Bearer, from address: Address?) -> Admission? {
        limits.count(bearer.token, from: address, at: ambient.now())
    }
}
