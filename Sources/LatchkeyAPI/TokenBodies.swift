/// A token; its value only where it was just made.
public struct TokenBody: Codable, Hashable, Sendable {
    public let id: Int64
    public let name: String
    public let active: Bool
    public let expiration: String?
    /// Shown this once: left out of every reply but that of an issue or a rotation.
    public let bearerToken: String?
    public let user: UserStub
    public let created: String
    /// `null`: not used.
    public let lastUsed: String?
    public let type: String
    public let status: String
    public let isSCIMOnly: Bool
    public let hint: String
    public let createdBy: UserStub?
    public let revocation: RevocationBody
    public let narrowing: NarrowingBody?
    public let rotation: RotationBody?
    public let predecessor: Int64?

    enum CodingKeys: String, CodingKey {
        case id, name, active, expiration
        case bearerToken = "bearer_token"
        case user, created
        case lastUsed = "last_used"
        case type, status
        case isSCIMOnly = "scim_endpoints_only"
        case hint
        case createdBy = "created_by"
        case narrowing, rotation
        case predecessor = "rotated_from"
    }

    public init(
        id: Int64, name: String, active: Bool, expiration: String?, bearerToken: String?, user: UserStub,
        created: String, lastUsed: String?, type: String, status: String, isSCIMOnly: Bool, hint: String,
        createdBy: UserStub?, revocation: RevocationBody, narrowing: NarrowingBody?, rotation: RotationBody?,
        predecessor: Int64?
    ) {
        self.id = id
        self.name = name
        self.active = active
        self.expiration = expiration
        self.bearerToken = bearerToken
        self.user = user
        self.created = created
        self.lastUsed = lastUsed
        self.type = type
        self.status = status
        self.isSCIMOnly = isSCIMOnly
        self.hint = hint
        self.createdBy = createdBy
        self.revocation = revocation
        self.narrowing = narrowing
        self.rotation = rotation
        self.predecessor = predecessor
    }

    public init(from decoder: any Decoder) throws {
        let body = try decoder.container(keyedBy: CodingKeys.self)
        id = try body.decode(Int64.self, forKey: .id)
        name = try body.decode(String.self, forKey: .name)
        active = try body.decode(Bool.self, forKey: .active)
        expiration = try body.decodeIfPresent(String.self, forKey: .expiration)
        bearerToken = try body.decodeIfPresent(String.self, forKey: .bearerToken)
        user = try body.decode(UserStub.self, forKey: .user)
        created = try body.decode(String.self, forKey: .created)
        lastUsed = try body.decodeIfPresent(String.self, forKey: .lastUsed)
        type = try body.decode(String.self, forKey: .type)
        status = try body.decode(String.self, forKey: .status)
        isSCIMOnly = try body.decode(Bool.self, forKey: .isSCIMOnly)
        hint = try body.decode(String.self, forKey: .hint)
        createdBy = try body.decodeIfPresent(UserStub.self, forKey: .createdBy)
        revocation = try RevocationBody(from: decoder)
        narrowing = try body.decodeIfPresent(NarrowingBody.self, forKey: .narrowing)
        rotation = try body.decodeIfPresent(RotationBody.self, forKey: .rotation)
        predecessor = try body.decodeIfPresent(Int64.self, forKey: .predecessor)
    }

    public func encode(to encoder: any Encoder) throws {
        var body = encoder.container(keyedBy: CodingKeys.self)
        try body.encode(id, forKey: .id)
        try body.encode(name, forKey: .name)
        try body.encode(active, forKey: .active)
        try body.encodeIfPresent(expiration, forKey: .expiration)
        if let bearerToken { try body.encode(bearerToken, forKey: .bearerToken) }
        try body.encode(user, forKey: .user)
        try body.encode(created, forKey: .created)
        try body.encodeIfPresent(lastUsed, forKey: .lastUsed)
        try body.encode(type, forKey: .type)
        try body.encode(status, forKey: .status)
        try body.encode(isSCIMOnly, forKey: .isSCIMOnly)
        try body.encode(hint, forKey: .hint)
        try body.encodeIfPresent(createdBy, forKey: .createdBy)
        try revocation.encode(to: encoder)
        try body.encodeIfPresent(narrowing, forKey: .narrowing)
        try body.encodeIfPresent(rotation, forKey: .rotation)
        try body.encodeIfPresent(predecessor, forKey: .predecessor)
    }
}

/// When, by whom and why a token was shut off; all `null` while it was not. Fields of the token itself.
public struct RevocationBody: Codable, Hashable, Sendable {
    public let at: String?
    public let by: UserStub?
    public let reason: String?

    enum CodingKeys: String, CodingKey {
        case at = "revoked_at"
        case by = "revoked_by"
        case reason
    }

    public init(at: String?, by: UserStub?, reason: String?) {
        self.at = at
        self.by = by
        self.reason = reason
    }
}

/// The limits of a token beyond those of its account; `null` is no limit.
public struct NarrowingBody: Codable, Hashable, Sendable {
    public let role: String?
    public let teamIDs: [Int64]?
    public let actions: [String]?
    public let allowedCIDRs: [String]?

    enum CodingKeys: String, CodingKey {
        case role
        case teamIDs = "team_ids"
        case actions
        case allowedCIDRs = "allowed_cidrs"
    }

    public init(role: String?, teamIDs: [Int64]?, actions: [String]?, allowedCIDRs: [String]?) {
        self.role = role
        self.teamIDs = teamIDs
        self.actions = actions
        self.allowedCIDRs = allowedCIDRs
    }
}

/// How far the rotation of a token has come.
public struct RotationBody: Codable, Hashable, Sendable {
    public let stage: String
    public let successorID: Int64
    public let overlap: String
    public let startedAt: String
    public let provenAt: String?
    public let retiresAt: String?

    enum CodingKeys: String, CodingKey {
        case stage
        case successorID = "successor_id"
        case overlap
        case startedAt = "started_at"
        case provenAt = "proven_at"
        case retiresAt = "retires_at"
    }

    public init(
        stage: String, successorID: Int64, overlap: String, startedAt: String, provenAt: String?, retiresAt: String?
    ) {
        self.stage = stage
        self.successorID = successorID
        self.overlap = overlap
        self.startedAt = startedAt
        self.provenAt = provenAt
        self.retiresAt = retiresAt
    }
}
