import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

/// Every check of OpenID Connect Core §3.1.3.7, each bent alone.
@Suite("An ID token")
struct IDTokenTests {
    private static let now = HandClock.start.seconds

    @Test("is refused for one wrong claim, which is named", arguments: wrong)
    func claims(bend: Bend) async throws {
        let house = try await SignOnHouse(on: .sqlite)
        let words = await house.words { $0.claims[bend.name] = .some(bend.value) }
        let opening = "The provider's ID token cannot be taken: \(bend.named) "
        #expect(words?.hasPrefix(opening) == true, "\(words ?? "taken")")
    }

    struct Bend: Sendable {
        let name: String
        let value: String?
        let named: String

        init(_ name: String, _ value: String?, named: String? = nil) {
            self.name = name
            self.value = value
            self.named = named ?? name
        }
    }

    static let wrong = [
        Bend("iss", nil), Bend("iss", #""https://evil.example.com""#), Bend("iss", #""https://id.example.com/""#),
        Bend("iss", #"["https://id.example.com"]"#),
        Bend("aud", nil), Bend("aud", #""other""#), Bend("aud", "[]"), Bend("aud", #"["other"]"#), Bend("aud", "7"),
        Bend("aud", #"["latchkey",7]"#), Bend("aud", #"["latchkey","other"]"#, named: "azp"),
        Bend("azp", #""other""#), Bend("azp", "7"),
        Bend("exp", nil), Bend("exp", "\(now - 60)"), Bend("exp", "-1"), Bend("exp", "1e300"),
        Bend("exp", #""\#(now + 600)""#),
        Bend("iat", nil), Bend("iat", "\(now + 61)"), Bend("iat", "\(now - 61)"), Bend("iat", #""now""#),
        Bend("nbf", "\(now + 61)"), Bend("nbf", #""x""#),
        Bend("nonce", nil), Bend("nonce", #""other""#), Bend("nonce", "7"),
        Bend("sub", nil), Bend("sub", #""""#), Bend("sub", "7"), Bend("sub", #""a\u0000b""#), Bend("sub", #""é""#),
        Bend("sub", "\"\(String(repeating: "x", count: 256))\""),
        Bend("at_hash", #""AAAAAAAAAAAAAAAAAAAAAA""#), Bend("at_hash", "7"),
    ]

    @Test("is taken as far as the clocks may differ, and without what may be left out", arguments: right)
    func leeway(bend: Bend) async throws {
        let house = try await SignOnHouse(on: .sqlite)
        let words = await house.words { $0.claims[bend.name] = .some(bend.value) }
        #expect(words == nil)
    }

    static let right = [
        Bend("exp", "\(now - 59)"), Bend("exp", "\(now + 600).5"), Bend("iat", "\(now + 60)"),
        Bend("iat", "\(now - 60)"), Bend("nbf", "\(now + 60)"), Bend("at_hash", nil), Bend("azp", #""latchkey""#),
        Bend("sub", "\"\(String(repeating: "x", count: 255))\""), Bend("more", #"{"a":[null,{"b":1}]}"#),
    ]

    @Test("for several audiences is taken when it says that it is for us")
    func party() async throws {
        let house = try await SignOnHouse(on: .sqlite)
        let words = await house.words {
            $0.claims["aud"] = #"["latchkey","other"]"#
            $0.claims["azp"] = #""latchkey""#
        }
        #expect(words == nil)
    }

    @Test(
        "is none when it cannot be read",
        arguments: ["", "a.b", "a.b.c.d", "..", "e30.e30.", "e30.e30.AA", "e30=.e30.AA"])
    func malformed(text: String) async throws {
        let house = try await SignOnHouse(on: .sqlite)
        let words = await house.words { $0.answers["/token"] = (200, #"{"id_token":"\#(text)"}"#) }
        #expect(words == SignOnFault.malformedToken.sentence)
    }
}
