/// What matters of the head of a gateway's question, gathered in one pass, from NIO's fields or from Hummingbird's.
struct GatewayHead: Sendable {
    private let dialect: GatewayDialect
    /// Of the question itself.
    private let method: String
    private let target: String

    private var saidMethod: String?
    private var saidTarget: String?
    private(set) var authorization: String?
    private(set) var forwardedFor: [String] = []
    private(set) var userAgent: String?
    private(set) var requestID: String?
    /// A field that may be there once was there twice: then nobody knows which one another reader would take.
    private(set) var isAmbiguous = false
    /// A field of another dialect was there: from a client, or from a gateway that the setting does not fit, which
    /// passes on what clients write in the fields of the set one.
    private(set) var isMixed = false

    init(method: String, target: String, dialect: GatewayDialect) {
        (self.method, self.target, self.dialect) = (method, target, dialect)
    }

    /// Takes in a field, whatever the case of its name.
    mutating func add(_ name: some FieldName, _ value: @autoclosure () -> String) {
        switch name.length {
        case 13 where name.isField("authorization"): Self.take(value(), &authorization, &isAmbiguous)
        case 10 where name.isField("user-agent"): userAgent = value()
        case 12 where name.isField("x-request-id"): requestID = value()
        case 15 where name.isField("x-forwarded-for"): forwardedFor.append(value())
        case 14 where name.isField("x-original-uri"): take(target: value(), .nginx)
        case 17 where name.isField("x-original-method"): take(method: value(), .nginx)
        case 15 where name.isField("x-forwarded-uri"): take(target: value(), .forwarded)
        case 18 where name.isField("x-forwarded-method"): take(method: value(), .forwarded)
        default: return
        }
    }

    private mutating func take(method: String, _ spoken: GatewayDialect) {
        guard spoken == dialect else { return isMixed = true }
        Self.take(method, &saidMethod, &isAmbiguous)
    }

    private mutating func take(target: String, _ spoken: GatewayDialect) {
        guard spoken == dialect else { return isMixed = true }
        Self.take(target, &saidTarget, &isAmbiguous)
    }

    private static func take(_ value: String, _ place: inout String?, _ isAmbiguous: inout Bool) {
        if place != nil { isAmbiguous = true }
        place = value
    }

    /// The request that the gateway received; `nil` when it does not say in this dialect and in no other.
    ///
    /// A query behind `/authz` says nothing: Caddy leaves the request's there.
    var original: (method: String, target: String)? {
        guard !isMixed else { return nil }
        let rest = Substring(target.utf8.dropFirst(Gateway.path.utf8.count))
        let isBehind = rest.utf8.first == UInt8(ascii: "/")
        guard dialect == .itself else {
            guard !isBehind, let saidMethod, let saidTarget else { return nil }
            return (saidMethod, saidTarget)
        }
        return isBehind ? (method, String(rest)) : nil
    }
}
