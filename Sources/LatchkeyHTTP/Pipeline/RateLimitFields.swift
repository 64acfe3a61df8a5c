import HTTPTypes
import LatchkeyApp
import LatchkeyCore

extension Reply {
    /// Says what is left, as draft-ietf-httpapi-ratelimit-headers-10 spells it: lists of items with parameters.
    mutating func say(_ admission: Admission) {
        let policies = admission.shares.map { #""\#($0.name)";q=\#($0.quota.calls);w=\#($0.quota.span.wholeSeconds)"# }
        let shares = admission.shares.map { #""\#($0.name)";r=\#($0.left);t=\#($0.wait.wholeSeconds)"# }
        fields.removeAll { $0.name == .rateLimit }
        fields.append(HTTPField(name: .rateLimitPolicy, value: policies.joined(separator: ", ")))
        fields.append(HTTPField(name: .rateLimit, value: shares.joined(separator: ", ")))
    }
}

extension Duration {
    /// Rounded up.
    fileprivate var wholeSeconds: Int64 {
        components.seconds + (components.attoseconds > 0 ? 1 : 0)
    }
}
