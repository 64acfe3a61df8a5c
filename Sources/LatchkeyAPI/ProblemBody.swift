/// A refusal in the words of RFC 9457.
public struct ProblemBody: Codable, Hashable, Sendable {
    /// A stable path under `/problems/`.
    public let type: String
    public let title: String
    public let status: Int
    /// A sentence that says what to do.
    public let detail: String
    /// The id of the request, as the log has it.
    public let instance: String
    /// The wrong parts of a request; left out when nothing was wrong with a part.
    public let errors: [FlawBody]?
    /// The id of the thing in the way; left out when there is none.
    public let related: Int64?

    public init(
        type: String, title: String, status: Int, detail: String, instance: String, errors: [FlawBody]? = nil,
        related: Int64? = nil
    ) {
        self.type = type
        self.title = title
        self.status = status
        self.detail = detail
        self.instance = instance
        self.errors = errors
        self.related = related
    }

    public func encode(to encoder: any Encoder) throws {
        var body = encoder.container(keyedBy: CodingKeys.self)
        try body.encode(type, forKey: .type)
        try body.encode(title, forKey: .title)
        try body.encode(status, forKey: .status)
        try body.encode(detail, forKey: .detail)
        try body.encode(instance, forKey: .instance)
        if let errors { try body.encode(errors, forKey: .errors) }
        if let related { try body.encode(related, forKey: .related) }
    }
}

public struct FlawBody: Codable, Hashable, Sendable {
    /// A JSON pointer into the body, or the name of a query parameter.
    public let pointer: String
    public let detail: String

    public init(pointer: String, detail: String) {
        self.pointer = pointer
        self.detail = detail
    }
}
