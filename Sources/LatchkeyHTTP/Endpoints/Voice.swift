import HTTPTypes

/// In which protocol's words an endpoint refuses.
enum Voice: Sendable {
    /// RFC 9457.
    case problem
    /// RFC 7644 §3.12.
    case scim

    func reply(to error: any Error, requestID: String) -> Reply {
        switch self {
        case .problem: return Reply(Problem(error), requestID: requestID)
        case .scim:
            let fault = SCIMFault(error)
            let fields = Problem(error).fields
            let bytes = (try? StreamEncoder.encode(fault.body)) ?? []
            return Reply(
                status: HTTPResponse.Status(code: fault.status), bytes: bytes, contentType: Reply.scim, fields: fields)
        }
    }
}
