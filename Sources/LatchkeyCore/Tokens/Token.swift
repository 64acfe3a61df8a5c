/// A bearer credential: personal when a person's, service when a service user's.
public struct Token: Hashable, Sendable {
    public let id: ID<Token>
    public let owner: ID<User>
    public let type: TokenType
    /// Opens the SCIM endpoints and nothing else.
    public let isSCIMOnly: Bool
    public var name: String
    public var digest: TokenDigest
    /// The last four characters, by which people tell their tokens apart.
    public let hint: String
    /// The `kid` of the key that signed it.
    public let signedBy: String
    public let createdAt: Timestamp
    public let createdBy: ID<User>?
    /// Whole seconds; `nil` for never.
    public let expiresAt: Timestamp?
    public let narrowing: Narrowing
    public var revocation: Revocation?
    public var deletedAt: Timestamp?
    /// The token that this one was rotated from.
    public let predecessor: ID<Token>?
    /// Set once this token has been rotated.
    public var rotation: Rotation?
    public var version: Int64

    public init(
        id: ID<Token>, owner: ID<User>, type: TokenType, isSCIMOnly: Bool, name: String, digest: TokenDigest,
        hint: String, signedBy: String, createdAt: Timestamp, createdBy: ID<User>?, expiresAt: Timestamp?,
        narrowing: Narrowing = .none, revocation: Revocation? = nil, deletedAt: Timestamp? = nil,
        predecessor: ID<Token>? = nil, rotation: Rotation? = nil, version: Int64 = 1
    ) {
        self.id = id
        self.owner = owner
        self.type = type
        self.isSCIMOnly = isSCIMOnly
        self.name = name
        self.digest = digest
        self.hint = hint
        self.signedBy = signedBy
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.expiresAt = expiresAt
        self.narrowing = narrowing
        self.revocation = revocation
        self.deletedAt = deletedAt
        self.predecessor = predecessor
        self.rotation = rotation
        self.version = version
    }
}

public enum TokenType: String, Hashable, Sendable, CaseIterable {
    case personal = "Personal"
    case service = "Service"

    public init(for owner: UserType) {
        switch owner {
        case .human: self = .personal
        case .service: self = .service
        }
    }
}

/// When, by whom and why a token was shut off.
public struct Revocation: Hashable, Sendable {
    public let at: Timestamp
    public let by: ID<User>?
    public let reason: RevocationReason

    public init(at: Timestamp, by: ID<User>?, reason: RevocationReason) {
        self.at = at
        self.by = by
        self.reason = reason
    }
}

/// The words of RFC 5280 §5.3.1 that fit a token.
public enum RevocationReason: String, Hashable, Sendable, CaseIterable {
    case unspecified, compromised, superseded, cessation
    case affiliationChanged = "affiliation_changed"
}

/// What a token is at a moment, its account and the instance left aside.
public enum Standing: String, Hashable, Sendable, CaseIterable {
    case active, revoked, expired, deleted
}

extension Token {
    /// Deletion outranks revocation and that outranks expiry, so that an audit of a leaked token says what was done.
    /// A rotated token whose overlap has run out counts as revoked, although the job that says so comes a moment later.
    public func standing(at now: Timestamp) -> Standing {
        if deletedAt != nil { return .deleted }
        if revocation != nil { return .revoked }
        if let retiresAt = rotation?.retiresAt, retiresAt <= now { return .revoked }
        if let expiresAt, expiresAt <= now { return .expired }
        return .active
    }
}

/// A token with what lists and pages show beside it.
public struct TokenSummary: Hashable, Sendable {
    public let token: Token
    public let owner: UserReference
    public let createdBy: UserReference?
    public let revokedBy: UserReference?
    public let lastUse: LastUse?

    public init(
        token: Token, owner: UserReference, createdBy: UserReference?, revokedBy: UserReference?, lastUse: LastUse?
    ) {
        self.token = token
        self.owner = owner
        self.createdBy = createdBy
        self.revokedBy = revokedBy
        self.lastUse = lastUse
    }
}

/// Which tokens a list shows. Deleted ones are never in a list.
public struct TokenFilter: Hashable, Sendable {
    public var type: TokenType?
    public var owner: ID<User>?
    /// A part of the name, compared folded.
    public var name: String?
    /// Whether ``name`` is how the name begins rather than any part of it: that is found at once among millions.
    public var isNameItsBeginning = false
    /// `active`, `revoked` or `expired`, judged at `now`.
    public var standing: Standing?
    public var isSCIMOnly: Bool?
    public var expiresBefore: Timestamp?
    /// Not used at or after this moment; never used counts.
    public var unusedSince: Timestamp?
    public var expiresFrom: Timestamp?
    public var neverExpires = false
    /// Whether it was revoked, whatever else is the matter with it; ``standing`` asks for what it is now.
    public var isRevoked: Bool?
    /// Presented again after its revocation: somebody still holds it.
    public var isUsedAfterRevocation = false
    public var sorting: Sorting<Column>
    public var now: Timestamp

    public enum Column: String, Hashable, Sendable, CaseIterable {
        case created, name, expiration
        case lastUsed = "last_used"
    }

    public init(
        type: TokenType? = nil, owner: ID<User>? = nil, name: String? = nil, standing: Standing? = nil,
        isSCIMOnly: Bool? = nil, expiresBefore: Timestamp? = nil, unusedSince: Timestamp? = nil,
        sorting: Sorting<Column> = Sorting(.created, descending: true), now: Timestamp
    ) {
        self.type = type
        self.owner = owner
        self.name = name
        self.standing = standing
        self.isSCIMOnly = isSCIMOnly
        self.expiresBefore = expiresBefore
        self.unusedSince = unusedSince
        self.sorting = sorting
        self.now = now
    }
}
