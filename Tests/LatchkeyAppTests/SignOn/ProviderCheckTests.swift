import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@Suite("Trying a provider out")
struct ProviderCheckTests {
    private func findings(
        _ bend: (inout FakeProvider.Manner) -> Void
    ) async throws -> [ProviderCheck] {
        let house = try await SignOnHouse(on: .sqlite)
        house.provider.bend(bend)
        return try await house.app.checkIdentityProvider(house.set.id, as: house.admin)
    }

    @Test("says that all is well")
    func good() async throws {
        let checks = try await findings { _ in }
        #expect(checks.map(\.step) == [.discovery, .keys, .client])
        #expect(!checks.contains { !$0.isGood })
        #expect(checks.last?.finding == "The provider takes the client id and secret.")
    }

    @Test("says in words what is wrong, at the step where it is", arguments: wrong)
    func bad(fault: Fault) async throws {
        let checks = try await findings(fault.bend)
        #expect(checks.last?.isGood == false)
        #expect(checks.last?.step == fault.step)
        #expect(checks.last?.finding == fault.words)
        #expect(!checks.dropLast().contains { !$0.isGood })
    }

    struct Fault: Sendable {
        let step: ProviderCheck.Step
        let words: String
        let bend: @Sendable (inout FakeProvider.Manner) -> Void

        init(
            _ step: ProviderCheck.Step, _ words: String, _ bend: @escaping @Sendable (inout FakeProvider.Manner) -> Void
        ) {
            self.step = step
            self.words = words
            self.bend = bend
        }
    }

    private static let discovery = "/.well-known/openid-configuration"
    static let wrong = [
        Fault(.discovery, "The discovery document of the provider: it answered with status 404.") {
            $0.answers[discovery] = (404, "")
        },
        Fault(.discovery, "The discovery document of the provider is no JSON object.") {
            $0.answers[discovery] = (200, "<html>")
        },
        Fault(.discovery, "The discovery document of the provider: its certificate is not trusted.") {
            $0.faults[discovery] = .untrusted
        },
        Fault(
            .discovery,
            "The discovery document of the provider names another issuer than the one that is set up, to the letter."
        ) { $0.discovery["issuer"] = #""https://id.example.com/""# },
        Fault(.discovery, "The discovery document of the provider names no jwks_uri.") {
            $0.discovery["jwks_uri"] = #""javascript:alert(1)""#
        },
        Fault(.discovery, "The discovery document of the provider does not offer PKCE with S256.") {
            $0.discovery["code_challenge_methods_supported"] = #"["plain"]"#
        },
        Fault(.keys, "The key set of the provider: it did not answer in time.") { $0.faults["/keys"] = .timedOut },
        Fault(.keys, "The key set of the provider is no JWK set.") { $0.answers["/keys"] = (200, "{}") },
        Fault(.keys, "The key set of the provider has no key for signatures that is taken here.") {
            $0.answers["/keys"] = (200, #"{"keys":[{"kty":"oct","k":"AAAA"}]}"#)
        },
        Fault(.client, "The provider does not take the client id and secret that are set up here.") {
            $0.secret = "another"
        },
    ]
}
