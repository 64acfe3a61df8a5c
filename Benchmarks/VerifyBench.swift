import Foundation
import LatchkeyApp
import LatchkeyCore

/// Verification alone, no HTTP: every token of the index once, in random order.
enum VerifyBench {
    static func run(_ options: Options) async throws -> [Result] {
        let keys = KeyRing.generate(instance: "bench", randomBytes: Crowd.randomBytes)
        let index = TokenIndex()
        for id in 1...options.accounts { index.insert(Crowd.user(ID(Int64(id))), teams: []) }
        let texts = try await fill(index, keys, options)
        let verifier = Verifier(index: index, keys: Keys(keys))
        let known = try measure(texts, verifier)
        let strange = strangers(verifier, texts)
        let perToken = Double(index.size.tokenBytes) / Double(index.size.tokens)
        return [
            Result(what: "verify, \(options.tokens) tokens", measured: "\(known.text()) ns", goal: "≤ 2000 ns"),
            Result(what: "verify, a forged token", measured: "\(strange.text()) ns", goal: "about a hit"),
            Result(what: "index, bytes a token", measured: perToken.text(), goal: "about 100"),
        ]
    }

    /// Makes the tokens on all cores, and gives their texts in random order.
    private static func fill(_ index: TokenIndex, _ keys: KeyRing, _ options: Options) async throws -> [[UInt8]] {
        let (tokens, accounts) = (options.tokens, Int64(options.accounts))
        return try await withThrowingTaskGroup(of: [[UInt8]].self) { group in
            let workers = ProcessInfo.processInfo.activeProcessorCount
            for worker in 0..<workers {
                group.addTask {
                    try stride(from: worker + 1, through: tokens, by: workers).map { id in
                        let owner = ID<User>(Int64(id) % accounts + 1)
                        let (token, text) = try Crowd.token(Int64(id), owner: owner, keys: keys, isSigned: true)
                        index.insert(token)
                        return Array((text ?? "").utf8)
                    }
                }
            }
            // Shuffled, then copied: a token that is presented has just come in, so its own bytes are at hand.
            return try await group.reduce(into: []) { $0 += $1 }.shuffled().map { $0 + [] }
        }
    }

    /// - Returns: nanoseconds a token, the median of three passes.
    private static func measure(_ texts: [[UInt8]], _ verifier: Verifier) throws -> Double {
        let now = Crowd.start + .seconds(1)
        let passes = try (0..<3).map { _ in
            var valid = 0
            let span = ContinuousClock().measure {
                for text in texts where verifier.verify(text, from: nil, at: now).bearer != nil { valid += 1 }
            }
            guard valid == texts.count else { throw BenchFailure("\(texts.count - valid) tokens were refused") }
            return span.seconds * 1e9 / Double(texts.count)
        }
        return passes.median
    }

    /// The right form, but altered: the dearest thing that a stranger can send.
    private static func strangers(_ verifier: Verifier, _ texts: [[UInt8]]) -> Double {
        let forged = texts.prefix(100_000).map { text in
            var text = text
            text[200] = text[200] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            return text
        }
        let span = ContinuousClock().measure {
            for text in forged { _ = verifier.verify(text, from: nil, at: Crowd.start) }
        }
        return span.seconds * 1e9 / Double(forged.count)
    }
}
