import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

/// An authenticator app into which somebody types the key that the page shows.
struct Authenticator {
    private let code: OneTimeCode

    init(page html: String) throws {
        self.init(key: try #require(Self.key(in: html)))
    }

    init(key: String) {
        let letters = key.filter { $0 != " " }
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        let bits = letters.map { letter in
            let digits = String(alphabet.firstIndex(of: letter) ?? 0, radix: 2)
            return String(repeating: "0", count: 5 - digits.count) + digits
        }.joined()
        let bytes = stride(from: 0, to: bits.count - 7, by: 8).map { start in
            UInt8(bits.dropFirst(start).prefix(8), radix: 2) ?? 0
        }
        code = OneTimeCode(secret: bytes)
    }

    func code(at now: Timestamp) -> String { code.code(at: now) }

    static func key(in html: String) -> String? {
        html.firstMatch(of: /id="factor-key">([^<]+)</).map { String($0.1) }
    }
}

extension Browser {
    /// Sets up a second factor on its page, and says what came back.
    @discardableResult
    func setUpSecondFactor(on server: TestServer, from path: String = "/account/second-factor") async throws -> (
        authenticator: Authenticator, codes: Answer
    ) {
        let shown = try await get(path)
        let authenticator = try Authenticator(page: shown.text)
        let fields = ["sealed", "return_to"].map { ($0, Self.hidden($0, in: shown.text) ?? "") }
        let code = authenticator.code(at: server.clock.now)
        return (authenticator, try await send(fields + [("code", code)], to: "/account/second-factor", from: path))
    }

    /// The value of a hidden field.
    static func hidden(_ name: String, in html: String) -> String? {
        html.split(separator: "name=\"\(name)\" value=\"", omittingEmptySubsequences: false).dropFirst().first?
            .split(separator: "\"", omittingEmptySubsequences: false).first.map(String.init)
    }
}
