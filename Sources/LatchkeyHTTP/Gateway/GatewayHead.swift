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

    init(method: String, target: String, dialect: GatewayDialect) {
        (self.method, self.target, self.dialect) = (method, target, dialect)
    }

    /// Takes in a field, whatever the case of its name.
    mutating func add(_ name: String, _ value: String) {
        switch name.utf8.count {
        case 13 where name.isField("authorization"): Self.take(value, &authorization, &isAmbiguous)
        case 10 where name.isField("user-agent"): userAgent = value
        case 12 where name.isField("x-request-id"): requestID = value
        case 15 where name.isField("x-forwarded-for"): forwardedFor.append(value)
        default:
            guard let names = dialect.names else { return }
            if name.isField(names.method) { Self.take(value, &saidMethod, &isAmbiguous) }
            if name.isField(names.target) { Self.take(value, &saidTarget, &isAmbiguous) }
        }
    }

    private static func take(_ value: String, _ place: inout String?, _ isAmbiguous: inout Bool) {
        if place != nil { isAmbiguous = true }
        place = value
    }

    /// The request that the gateway received; `nil` when it does not say in this dialect.
    var original: (method: String, target: String)? {
        guard dialect == .itself else {
            guard let saidMethod, let saidTarget else { return nil }
            return (saidMethod, saidTarget)
        }
        let rest = target.dropFirst(Gateway.path.utf8.count)
        return (method, rest.first == "/" ? String(rest) : "/" + rest)
    }
}
