import HTTPTypes
import LatchkeyApp
import LatchkeyCore

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

    init() {}

    init(_ fields: HTTPFields) {
        for field in fields { take(field.name.canonicalName, field.value) }
    }

    /// Takes in a field, whatever the case of its name.
    mutating func take(_ name: some FieldName, _ value: @autoclosure () -> String) {
        switch name.length {
        case 13 where name.isField("authorization"):
            authorization = value()
            authorizationCount += 1
        case 12 where name.isField("x-request-id"): requestID = value()
        case 12 where name.isField("content-type"):
            contentType = value()
            contentTypeCount += 1
        case 15 where name.isField("x-forwarded-for"): forwardedFor.append(value())
        case 15 where name.isField("idempotency-key"): idempotencyKey = value()
        case 10 where name.isField("user-agent"): userAgent = value()
        case 14 where name.isField("content-length"): contentLength = Int(value())
        default: return
        }
    }

    /// RFC 6750 §2.1, and no other way: not in a form, not in the query.
    var bearerToken: Substring {
        get throws(Refusal) {
            guard authorizationCount <= 1 else {
                throw .badRequest("Send one Authorization header, not \(authorizationCount).")
            }
            guard let authorization else { throw .unauthenticated(credentialSent: false) }
            guard let token = BearerHeader.token(in: authorization) else {
                throw .unauthenticated(credentialSent: true)
            }
            return token
        }
    }

    /// RFC 7644 §3.1.
    var isSCIM: Bool { isOfType("application/scim+json") }

    /// `application/json`, with no parameter but `charset=utf-8` (RFC 8259 §11 knows none; existing clients send it).
    var isJSON: Bool { isOfType("application/json") }

    /// RFC 6749 §B, with the same parameter at most.
    var isForm: Bool { isOfType("application/x-www-form-urlencoded") }

    private func isOfType(_ type: String) -> Bool {
        guard contentTypeCount == 1, let contentType else { return false }
        if contentType == type { return true }
        let parts = contentType.lowercased().split(separator: ";").map { part in
            String(part.filter { $0 != " " && $0 != "\t" && $0 != "\"" })
        }
        return parts.first == type && parts.dropFirst().allSatisfy { $0 == "charset=utf-8" }
    }
}
