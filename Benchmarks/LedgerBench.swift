import LatchkeyApp
import LatchkeyCore

/// Counting a use: what each request pays beside verification.
enum LedgerBench {
    static func run(_ options: Options) async throws -> [Result] {
        let keys = KeyRing.generate(instance: "bench", randomBytes: Crowd.randomBytes)
        let index = TokenIndex()
        index.insert(Crowd.user(ID(1)), teams: [])
        let (token, text) = try Crowd.token(1, owner: ID(1), keys: keys, isSigned: true)
        index.insert(token)
        let verifier = Verifier(index: index, keys: Keys(keys))
        guard let bearer = verifier.verify(text ?? "", from: nil, at: Crowd.start).bearer else {
            throw BenchFailure("the token was refused")
        }
        let nanoseconds = measure(bearer, tokens: Int64(options.presented))
        return [Result(what: "count a use", measured: "\(nanoseconds.text()) ns", goal: "< 1000 ns")]
    }

    private static func measure(_ bearer: Bearer, tokens: Int64) -> Double {
        let ledger = UsageLedger()
        let address = Address("10.1.2.3")
        let uses = 1_000_000
        let span = ContinuousClock().measure {
            for number in 0..<uses {
                let use = Use(
                    token: ID(Int64(number) * 7919 % tokens + 1), at: Crowd.start, method: "GET",
                    route: "/api/users/me", address: address, userAgent: "python-requests/2.31.0 (a longer comment)",
                    outcome: .allowed)
                ledger.record(use, by: bearer)
            }
        }
        return span.seconds * 1e9 / Double(uses)
    }
}
