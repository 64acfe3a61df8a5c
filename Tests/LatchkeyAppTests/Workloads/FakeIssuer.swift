import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Synchronization

/// An issuer of workloads' tokens, written from the public specifications (OpenID Connect Discovery, RFC 7517), which
/// a test bends where it wants to see something refused. Like the platforms' own, its document names keys alone.
final class FakeIssuer: Sendable {
    static let address = "https://ci.example.com"

    struct Manner: Sendable {
        var document = #"{"issuer":"https://ci.example.com","jwks_uri":"https://ci.example.com/keys"}"#
        var published: [TokenSigner] = [.usual]
        var faults: [String: FetchFault] = [:]
    }

    private let manner = Mutex(Manner())
    private let asked = Mutex<[String]>([])

    func bend(_ change: (inout Manner) -> Void) { manner.withLock { change(&$0) } }

    /// What was asked for, in order.
    var requests: [String] { asked.withLock { $0 } }

    var fetch: Fetch {
        { [self] request throws(FetchFault) in
            let path = request.address.target
            asked.withLock { $0.append(path) }
            let manner = manner.withLock { $0 }
            if let fault = manner.faults[path] { throw fault }
            switch path {
            case "/.well-known/openid-configuration": return Self.reply(manner.document)
            case "/keys": return Self.reply("{\"keys\":[\(manner.published.map(\.jwk).joined(separator: ","))]}")
            default: return FetchReply(status: 404, body: [])
            }
        }
    }

    private static func reply(_ text: String) -> FetchReply {
        FetchReply(status: 200, body: Array(text.utf8))
    }
}

/// A house with a service user that trusts the issuer.
struct WorkloadHouse {
    let issuer = FakeIssuer()
    let house: House
    let user: UserSummary
    let trust: TrustedIssuerSummary

    var app: App { house.app }

    init(
        on engine: EngineUnderTest, limits: NarrowingRequest = NarrowingRequest(), minutes: Int? = nil,
        refused: Quota? = nil
    ) async throws {
        house = try await House(on: engine, limits: LimitSettings(refused: refused), fetch: issuer.fetch)
        user = try await house.givenServiceUser(role: .editor)
        trust = try await Self.trust(house, user, limits: limits, minutes: minutes)
    }

    @discardableResult
    static func trust(
        _ house: House, _ user: UserSummary, name: String = "CI", subject: String = "repo:acme/pipelines:**",
        limits: NarrowingRequest = NarrowingRequest(), minutes: Int? = nil
    ) async throws -> TrustedIssuerSummary {
        let request = NewTrustedIssuer(
            name: name, owner: user.user.id, issuer: FakeIssuer.address, audience: "latchkey", subject: subject,
            minutes: minutes, limits: limits)
        return try await house.app.establishTrust(request, as: house.admin)
    }

    /// A token as the platform would give one to a job; values are spelled in JSON, `nil` leaves one out.
    func token(
        _ changes: [String: String?] = [:], signer: TokenSigner = .usual, header: String? = nil
    ) -> String {
        let now = house.clock.now.seconds
        let usual: [String: String?] = [
            "iss": "\"\(FakeIssuer.address)\"", "sub": #""repo:acme/pipelines:ref:refs/heads/main""#,
            "aud": #""latchkey""#, "iat": "\(now)", "exp": "\(now + 900)", "jti": #""one""#,
        ]
        let claims = FakeProvider.object(usual.merging(changes) { _, changed in changed })
        return signer.token(claims, header: header)
    }

    @discardableResult
    func exchange(
        _ token: String, client: String? = nil, scope: [String]? = nil, from address: String? = nil
    ) async throws(Refusal) -> IssuedAccess {
        let origin = Origin(requestID: "test", address: address.flatMap { Address($0) })
        return try await app.exchange(
            workload: token, for: AccessRequest(.tokenExchange, scope: scope), client: client,
            route: "/oauth2/token", from: origin)
    }
}
