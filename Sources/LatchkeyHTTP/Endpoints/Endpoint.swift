import HTTPTypes
import LatchkeyCore

/// One call of the API, told once: the router, the OpenAPI document and the tests are all made from it.
struct Endpoint: Sendable {
    typealias Handler = @Sendable (Call) async throws -> Reply

    let method: HTTPRequest.Method
    /// Below the root path, with `{id}` for what varies.
    let path: String
    /// The operation's name in the document, also the name of the handler.
    let operation: String
    let summary: String
    let access: Access
    var query: [QueryParameter] = []
    /// Off only for what no endpoint answers, where a query makes no difference.
    var isQueryChecked = true
    var body: BodyRule = .none
    var success: Success = .noContent
    /// Whether the path stands below the root path, as all but `/.well-known` do.
    var isBelowRoot = true
    /// What it may refuse with, beside what every endpoint may.
    var refusals: [Problem.Kind] = []
    /// In whose words it refuses.
    var voice = Voice.problem
    let handler: Handler

    /// Who may call. Use cases ask again; here it is asked before anything of the request is looked at.
    enum Access: Sendable {
        /// Anybody; a credential is not looked at.
        case open
        /// Any token that is not for SCIM alone.
        case anyToken
        case needs(Permission)
    }

    enum BodyRule: Sendable {
        /// Whatever comes along with the request is not read.
        case none
        case required(ObjectSchema)
        /// An empty body counts as an object without fields.
        case optional(ObjectSchema)
        /// A SCIM message: `application/scim+json`, or plain JSON.
        case scim

        var isRead: Bool {
            if case .none = self { false } else { true }
        }

        var schema: ObjectSchema? {
            switch self {
            case .none, .scim: nil
            case .required(let schema), .optional(let schema): schema
            }
        }
    }

    enum Success: Sendable {
        case ok(Schema)
        case created(Schema)
        case noContent

        var status: HTTPResponse.Status {
            switch self {
            case .ok: .ok
            case .created: .created
            case .noContent: .noContent
            }
        }

        var schema: Schema? {
            switch self {
            case .ok(let schema), .created(let schema): schema
            case .noContent: nil
            }
        }
    }
}

extension Endpoint {
    /// Whether a token for SCIM alone opens it.
    var isForDirectories: Bool {
        if case .needs(.provision) = access { true } else { false }
    }

    /// The names of the path's variable parts.
    var pathParameters: [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }
}
