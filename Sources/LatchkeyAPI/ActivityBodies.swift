/// One event of the audit log.
public struct ActivityBody: Codable, Hashable, Sendable {
    public let transaction: TransactionBody
    public let verb: String
    public let objectType: String
    public let objectID: Int64
    public let tokenID: Int64?
    public let address: String?
    public let userAgent: String?
    public let changes: [ChangeBody]
    public let requestID: String?
    public let seq: Int64

    enum CodingKeys: String, CodingKey {
        case transaction, verb
        case objectType = "object_type"
        case objectID = "object_id"
        case tokenID = "token_id"
        case address
        case userAgent = "user_agent"
        case changes
        case requestID = "request_id"
        case seq
    }

    public init(
        transaction: TransactionBody, verb: String, objectType: String, objectID: Int64, tokenID: Int64?,
        address: String?, userAgent: String?, changes: [ChangeBody], requestID: String?, seq: Int64
    ) {
        self.transaction = transaction
        self.verb = verb
        self.objectType = objectType
        self.objectID = objectID
        self.tokenID = tokenID
        self.address = address
        self.userAgent = userAgent
        self.changes = changes
        self.requestID = requestID
        self.seq = seq
    }
}

/// When and by whom something was done; `user` is `null` where no account did it.
public struct TransactionBody: Codable, Hashable, Sendable {
    public let id: Int64
    public let issuedAt: String
    public let user: ActorBody?

    enum CodingKeys: String, CodingKey {
        case id
        case issuedAt = "issued_at"
        case user
    }

    public init(id: Int64, issuedAt: String, user: ActorBody?) {
        self.id = id
        self.issuedAt = issuedAt
        self.user = user
    }
}

public struct ActorBody: Codable, Hashable, Sendable {
    public let id: Int64
    public let name: String
    public let userName: String
    public let email: String?

    enum CodingKeys: String, CodingKey {
        case id, name
        case userName = "user_name"
        case email
    }

    public init(id: Int64, name: String, userName: String, email: String?) {
        self.id = id
        self.name = name
        self.userName = userName
        self.email = email
    }
}

/// What became of one field. `null` means it was, or is, not there.
public struct ChangeBody: Codable, Hashable, Sendable {
    public let field: String
    public let before: ChangeValue?
    public let after: ChangeValue?

    public init(field: String, before: ChangeValue?, after: ChangeValue?) {
        self.field = field
        self.before = before
        self.after = after
    }
}

public enum ChangeValue: Hashable, Sendable {
    case text(String)
    case number(Int64)
    case flag(Bool)
    case list([String])
}

extension ChangeValue: Codable {
    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let flag = try? value.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? value.decode(Int64.self) {
            self = .number(number)
        } else if let list = try? value.decode([String].self) {
            self = .list(list)
        } else {
            self = .text(try value.decode(String.self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .text(let text): try value.encode(text)
        case .number(let number): try value.encode(number)
        case .flag(let flag): try value.encode(flag)
        case .list(let list): try value.encode(list)
        }
    }
}

/// One change in the life of a user, token or team.
public struct HistoryBody: Codable, Hashable, Sendable {
    public let at: String
    public let verb: String
    /// The author as they were called then: a `user_id`, `host`, or `job:` and its name.
    public let by: String
    public let user: UserStub?
    public let tokenID: Int64?
    public let reason: String?
    public let changes: [ChangeBody]
    public let requestID: String?
    public let seq: Int64

    enum CodingKeys: String, CodingKey {
        case at, verb, by, user
        case tokenID = "token_id"
        case reason, changes
        case requestID = "request_id"
        case seq
    }

    public init(
        at: String, verb: String, by: String, user: UserStub?, tokenID: Int64?, reason: String?,
        changes: [ChangeBody], requestID: String?, seq: Int64
    ) {
        self.at = at
        self.verb = verb
        self.by = by
        self.user = user
        self.tokenID = tokenID
        self.reason = reason
        self.changes = changes
        self.requestID = requestID
        self.seq = seq
    }
}
