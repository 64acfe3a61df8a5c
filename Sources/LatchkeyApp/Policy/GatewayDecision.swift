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
    /// Whose token had too many calls; `nil` for an address with too many credentials that do not work.
    case limited(Bearer?, retryAfter: Duration)

    /// Whoever cannot answer denies.
    static let cannotSay = GatewayAnswer.denied(nil, "This authority cannot answer now. Try again in a moment.")

    public var bearer: Bearer? {
        switch self {
        case .allowed(let bearer), .denied(let bearer, _), .limited(let bearer, _): bearer
        case .unauthenticated: nil
        }
    }

    fileprivate var outcome: UseOutcome {
        switch self {
        case .allowed: .allowed
        case .denied: .denied
        case .unauthenticated, .limited: .failed
        }
    }
}

/// Forward authentication: may this request pass?
extension App {
    /// - Returns: `nil` when the feed must be read first; then ``authorize(_:)`` is to be asked.
    public func authorizeAtOnce(_ request: GatewayRequest) -> GatewayAnswer? {
        answer(request, isCaughtUp: false)
    }

    /// The same where the token may have been made elsewhere a moment ago. Whatever fails on the way is a denial.
    public func authorize(_ request: GatewayRequest) async -> GatewayAnswer {
        if let answer = authorizeAtOnce(request) { return answer }
        do throws(Refusal) {
            try await catchUp()
        } catch {
            return .cannotSay
        }
        return answer(request, isCaughtUp: true) ?? .unauthenticated(wasSent: true)
    }

    private func answer(_ request: GatewayRequest, isCaughtUp: Bool) -> GatewayAnswer? {
        let edition = policyInForce.edition
        let path: RequestPath
        do throws(RequestPath.Flaw) {
            path = try RequestPath(request.target)
        } catch {
            return .denied(nil, error.rawValue)
        }
        let route = edition.policy.route(method: request.method, path)
        guard let value = request.authorization else {
            let ruling = edition.policy.ruling(at: route, path, for: .anonymous) { _ in nil }
            return ruling.isAllowed ? .allowed(nil) : .unauthenticated(wasSent: false)
        }
        guard let presented = BearerHeader.token(in: value) else { return .unauthenticated(wasSent: true) }
        let label = route?.template.text ?? path.stem
        do throws(Refusal) {
            let bearer = try authenticateAtOnce(
                presented, method: request.method, route: label, from: request.origin, isCaughtUp: isCaughtUp)
            guard let bearer else { return nil }
            let answer = answer(for: bearer) {
                edition.policy.ruling(at: route, path, for: bearer.asker) { level(on: $0, of: bearer) }
            }
            recordUse(
                by: bearer, method: request.method, route: label, from: request.origin, outcome: answer.outcome)
            return answer
        } catch .unauthenticated {
            return .unauthenticated(wasSent: true)
        } catch .limited(let wait) {
            return .limited(nil, retryAfter: wait)
        } catch {
            return .cannotSay
        }
    }

    /// What a token that works is told.
    private func answer(for bearer: Bearer, ruling: () -> Ruling) -> GatewayAnswer {
        if let wait = limits.countForwarded(bearer.token, at: ambient.now()) {
            return .limited(bearer, retryAfter: wait)
        }
        let ruling = ruling()
        return ruling.isAllowed ? .allowed(bearer) : .denied(bearer, ruling.sentence)
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
        let space = UInt8(ascii: " ")
        let scheme = value.utf8.prefix { $0 != space }
        guard scheme.elementsEqual("bearer".utf8, by: { $0 | 0x20 == $1 }) else { return nil }
        return Substring(value.utf8[scheme.endIndex...].drop { $0 == space })
    }
}
