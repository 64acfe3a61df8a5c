import HTTPTypes

/// The header fields that matter to us, gathered in one pass: every look-up by name would be a pass of its own.
struct RequestHead: Sendable {
    private(set) var authorization: String?
    private(set) var authorizationCount = 0
    private(set) var requestID: String?
    private(set) var forwardedFor: [String] = []
    private(set) var userAgent: String?
    private(set) var contentLength: Int?
    private(set) var contentType: String?
    private(set) var contentTypeCount = 0
    private(set) var idempotencyKey: String?

    init(_ fields: HTTPFields) {
        for field in fields {
            switch field.name.canonicalName {
            case "authorization":
                authorization = field.value
                authorizationCount += 1
            case "x-request-id": requestID = field.value
            case "x-forwarded-for": forwardedFor.append(field.value)
            case "user-agent": userAgent = field.value
            case "content-length": contentLength = Int(field.value)
            case "content-type":
                contentType = field.value
                contentTypeCount += 1
            case "idempotency-key": idempotencyKey = field.value
            default: continue
            }
        }
    }

    /// RFC 7644 §3.1.
    var isSCIM: Bool { isOfType("application/scim+json") }

    /// `application/json`, with no parameter but `charset=utf-8` (RFC 8259 §11 knows none; existing clients send it).
    var isJSON: Bool { isOfType("application/json") }

    private func isOfType(_ type: String) -> Bool {
        guard contentTypeCount == 1, let contentType else { return false }
        let parts = contentType.lowercased().split(separator: ";").map { part in
            String(part.filter { $0 != " " && $0 != "\t" && $0 != "\"" })
        }
        return parts.first == type && parts.dropFirst().allSatisfy { $0 == "charset=utf-8" }
    }
}
