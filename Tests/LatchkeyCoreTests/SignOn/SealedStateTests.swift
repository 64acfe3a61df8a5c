import LatchkeyCore
import LatchkeyTestSupport
import Testing

@Suite("What a browser carries while it signs in")
struct SealedStateTests {
    private let ring: KeyRing
    private let bytes = CountingBytes()

    init() {
        let bytes = bytes
        ring = KeyRing.generate(instance: "test") { bytes.bytes($0) }
    }

    private func request() -> SignOnRequest {
        SignOnRequest(to: ID(7), returnTo: "/x", at: Given.now) { [bytes] in bytes.bytes($0) }
    }

    @Test("comes back as it was, and only whole, for its purpose, and with our keys")
    func sealing() throws {
        let request = request()
        let text = try #require(ring.sealedText(request, purpose: "a", nonce: bytes.bytes(12)))
        let back = try #require(ring.opened(text, purpose: "a", as: SignOnRequest.self))
        #expect(back.state == request.state && back.nonce == request.nonce && back.proof == request.proof)
        #expect(back.providerID == ID(7) && back.returnTo == "/x" && back.startedAt == Given.now)
        #expect(ring.opened(text, purpose: "b", as: SignOnRequest.self) == nil)
        let other = KeyRing.generate(instance: "test") { [bytes] in bytes.bytes($0) }
        #expect(other.opened(text, purpose: "a", as: SignOnRequest.self) == nil)
        for place in stride(from: 0, to: text.count, by: 7) {
            var letters = Array(text)
            letters[place] = letters[place] == "A" ? "B" : "A"
            #expect(ring.opened(String(letters), purpose: "a", as: SignOnRequest.self) == nil)
        }
    }

    @Test("prints none of its secrets")
    func redaction() {
        let request = request()
        #expect("\(request)" == "SignOnRequest(redacted)")
        #expect(!String(reflecting: request).contains(request.proof))
    }

    @Test("a client secret opens in its provider's row alone")
    func clientSecret() throws {
        let sealed = try #require(ring.seal(try ClientSecret("s3cret"), of: "https://a", nonce: bytes.bytes(12)))
        #expect(ring.clientSecret(sealed, of: "https://a")?.reveal() == "s3cret")
        #expect(ring.clientSecret(sealed, of: "https://b") == nil)
    }
}
