public import LatchkeyCore

/// A request as a gateway tells of it.
public struct GatewayRequest: Sendable {
    public let method: String
    /// Path and query, as the gateway received them.
    public let target: String
    /// The value of `Authorization`; `nil` for none.
    public let authorization: String?
    public let origin: Origin

    public init(method: String, target: String, authorization: String?, origin: Origin) {
        self.method = method
        self.target = target
        self.authorization = authorization
        self.origin = origin
    }
}

/// Whether a gateway may let a request through.
public enum GatewayAnswer: Sendable {
    /// With whose identity; `nil` where everybody may and nobody said who they are.
    case allowed(Bearer?)
    /// No credential, or none that works.
    case unauthenticated(wasSent: Bool)
    /// By whom it was denied, with the reason in words.
    case denied(Bearer?, String)

    public var bearer: Bearer? {
        switch self {
        case .allowed(let bearer), .denied(let bearer, _): bearer
        case .unauthenticated: nil
        }
    }
}

/// Forward authentication: may this request pass?
extension App {
    /// - Returns: `nil` when the feed must be read first; then ``authorize(_:)`` is to be asked.
    public func authorizeAtOnce(_ request: GatewayRequest) -> GatewayAnswer? {
        let policy = policyInForce.current
        let path: RequestPath
        do throws(RequestPath.Flaw) {
            path = try RequestPath(request.target)
        } catch {
            return .denied(nil, error.rawValue)
        }
        let route = policy.route(method: request.method, path)
        guard let value = request.authorization else {
            let ruling = policy.ruling(at: route, path, for: .anonymous) { _ in nil }
            return ruling.isAllowed ? .allowed(nil) : .unauthenticated(wasSent: false)
        }
        guard let presented = BearerHeader.token(in: value) else { return .unauthenticated(wasSent: true) }
        let verdict = verifier.verify(presented, from: request.origin.address, at: ambient.now())
        if verdict.refusal?.reason == .deleted { return nil }
        let label = route?.template.text ?? path.stem
        do throws(Refusal) {
            let bearer = try settle(verdict, method: request.method, route: label, from: request.origin)
            let ruling = policy.ruling(at: route, path, for: bearer.asker) { level(on: $0, of: bearer) }
            recordUse(
                by: bearer, method: request.method, route: label, from: request.origin,
                outcome: ruling.isAllowed ? .allowed : .denied)
            return ruling.isAllowed ? .allowed(bearer) : .denied(bearer, ruling.sentence)
        } catch {
            return .unauthenticated(wasSent: true)
        }
    }

    /// The same where the token may have been made elsewhere a moment ago. Whatever fails on the way is a denial.
    public func authorize(_ request: GatewayRequest) async -> GatewayAnswer {
        if let answer = authorizeAtOnce(request) { return answer }
        do throws(Refusal) {
            try await feed.catchUpTogether()
        } catch {
            return .denied(nil, "This authority cannot answer now. Try again in a moment.")
        }
        return authorizeAtOnce(request) ?? .unauthenticated(wasSent: true)
    }

    /// The highest level at which a bearer's teams open a resource.
    func level(on resource: PolicyResource, of bearer: Bearer) -> TeamPermission? {
        index.level(on: resource, of: bearer.teams)
    }
}

extension Bearer {
    /// This bearer as a policy sees it.
    public var asker: Asker { Asker(of: account.type, role: role, isSCIMOnly: isSCIMOnly, narrowing: narrowing) }
}

/// `Authorization: Bearer …` (RFC 6750 §2.1).
public enum BearerHeader {
    /// `nil` for another scheme.
    public static func token(in value: String) -> Substring? {
        let scheme = value.prefix { $0 != " " }
        guard scheme.utf8.count == 6, scheme.lowercased() == "bearer" else { return nil }
        return value[scheme.endIndex...].drop { $0 == " " }
    }
}
