import Foundation
import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@Suite("The signature of an ID token")
struct SignatureTests {
    @Test("may be of every algorithm that a key here can have", arguments: signers)
    func algorithms(signer: TokenSigner) async throws {
        let house = try await SignOnHouse(on: .sqlite)
        let words = await house.words { manner in
            manner.signer = signer
            manner.published = [.elliptic(kid: "other"), signer]
            manner.claims["at_hash"] = .some(nil)
        }
        #expect(words == nil)
    }

    static let signers =
        ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"].map { TokenSigner.rsa(kid: "k", $0) }
        + [.elliptic(kid: "k"), .elliptic(kid: "k", isLong: true), .edwards(kid: "k")]

    @Test("has to be there and to be of a key that the provider publishes")
    func foreign() async throws {
        let house = try await SignOnHouse(on: .sqlite)
        let elliptic = TokenSigner.elliptic(kid: "rsa")
        let words = await house.words { $0.signer = elliptic }
        #expect(words == SignOnFault.unknownKey.sentence)
        let other = await house.words {
            $0.published = [.elliptic(kid: "k")]
            $0.signer = .elliptic(kid: "k")
        }
        house.clock.advance(by: .minutes(11))
        #expect(other == SignOnFault.unknownKey.sentence, "the first set was kept")
        let wrong = await house.words { _ in }
        #expect(wrong == SignOnFault.badSignature.sentence)
    }

    @Test("is never `none`, and never a public key taken for a secret", arguments: [true, false])
    func confusion(isPublished: Bool) async throws {
        let house = try await SignOnHouse(on: .sqlite)
        let secret = TokenSigner.shared(Array(TokenSigner.usual.jwk.utf8), kid: "rsa")
        for forged in [secret, .unsigned(kid: "rsa")] {
            let words = await house.words {
                $0.signer = forged
                $0.published = isPublished ? [.usual, forged] : [.usual]
            }
            let expected = [SignOnFault.unknownKey.sentence, SignOnFault.malformedToken.sentence]
            #expect(expected.contains(words ?? "taken"))
        }
    }

    @Test("is held against the algorithm of the key, not against that of the header")
    func pinned() async throws {
        let house = try await SignOnHouse(on: .sqlite)
        for header in [
            #"{"alg":"ES256","kid":"rsa"}"#, #"{"alg":"HS256","kid":"rsa"}"#, #"{"alg":"none","kid":"rsa"}"#,
            #"{"alg":"rs256","kid":"rsa"}"#, #"{"alg":"RS256","kid":"other"}"#,
        ] {
            let words = await house.words { $0.header = header }
            #expect(words == SignOnFault.unknownKey.sentence, "\(header)")
        }
        let rs384 = await house.words { $0.header = #"{"alg":"RS384","kid":"rsa"}"# }
        #expect(rs384 == SignOnFault.badSignature.sentence)
        let critical = await house.words { $0.header = #"{"alg":"RS256","kid":"rsa","crit":["exp"]}"# }
        #expect(critical == SignOnFault.malformedToken.sentence)
    }

    @Test("covers every byte")
    func altered() async throws {
        let house = try await SignOnHouse(on: .sqlite)
        let claims = #"{"iss":"https://id.example.com","sub":"subject-1"}"#
        let parts = TokenSigner.usual.token(claims).split(separator: ".")
        let forged = Data(claims.replacing("subject-1", with: "subject-2").utf8).base64URL
        let token = [String(parts[0]), forged, String(parts[2])].joined(separator: ".")
        let words = await house.words { $0.answers["/token"] = (200, #"{"id_token":"\#(token)"}"#) }
        #expect(words == SignOnFault.badSignature.sentence)
    }

    @Test("may leave its key unnamed where one alone can be meant")
    func unnamed() async throws {
        let house = try await SignOnHouse(on: .sqlite)
        let one = await house.words { $0.header = #"{"alg":"RS256"}"# }
        #expect(one == nil)
        house.clock.advance(by: .minutes(11))
        let two = await house.words { $0.published = [.usual, .rsa(kid: "second", "RS256")] }
        #expect(two == SignOnFault.unknownKey.sentence)
    }

    @Test("is checked with keys that were rotated a moment ago, and unknown ones are not asked for in a row")
    func rotation() async throws {
        let house = try await SignOnHouse(on: .sqlite)
        _ = try await house.admitted()
        house.clock.advance(by: .seconds(61))
        let next = TokenSigner.elliptic(kid: "next")
        let user = try await house.admitted { manner in
            manner.signer = next
            manner.published.append(next)
            manner.claims["at_hash"] = .some(nil)
        }
        #expect(user.role == .member)
        let asked = house.provider.requests.count { $0 == "/keys" }
        #expect(asked == 2)
        for number in 0..<5 {
            let stranger = TokenSigner.elliptic(kid: "made up \(number)")
            let words = await house.words { $0.signer = stranger }
            #expect(words == SignOnFault.unknownKey.sentence)
        }
        let then = house.provider.requests.count { $0 == "/keys" }
        #expect(then == asked)
    }
}
