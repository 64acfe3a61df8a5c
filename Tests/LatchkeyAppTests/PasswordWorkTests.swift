import LatchkeyCore
import LatchkeyTestSupport
import Synchronization
import Testing

@testable import LatchkeyApp

@Suite("The work of passwords")
struct PasswordWorkTests {
    /// Who is turned away has written nothing, so a flood cannot fill the table of tries.
    @Test("has a line, and beyond its length nothing is begun")
    func line() async throws {
        let bytes = CountingBytes()
        let work = PasswordWork(cost: .trivial, randomBytes: { bytes.bytes($0) })
        let (gate, opener) = AsyncStream<Void>.makeStream()
        let begun = Atomic<Int>(0)
        await withTaskGroup(of: Void.self) { group in
            let (arrivals, arrived) = AsyncStream<Void>.makeStream()
            for _ in 0..<PasswordWork.longestLine {
                group.addTask {
                    _ = try? await work.check(Password("any"), against: nil) { () throws(Refusal) in
                        arrived.yield()
                        for await _ in gate {}
                    }
                }
            }
            var waiting = arrivals.makeAsyncIterator()
            for _ in 0..<PasswordWork.longestLine { await waiting.next() }
            for _ in 0..<3 {
                let refused = await refusal {
                    _ = try await work.check(Password("any"), against: nil) { () throws(Refusal) in
                        begun.wrappingAdd(1, ordering: .relaxed)
                    }
                }
                #expect(refused?.isUnavailable == true)
            }
            opener.finish()
            await group.waitForAll()
        }
        #expect(begun.load(ordering: .relaxed) == 0)
        #expect(work.runCount == PasswordWork.longestLine)
        let again = await refusal { _ = try await work.check(Password("any"), against: nil) { () throws(Refusal) in } }
        #expect(again == nil)
    }
}

extension PasswordWorkTests {
    /// Some signs grow to eighteen when they are folded.
    @Test("does not fold a megabyte of what can be nobody's password, and computes all the same")
    func longest() async throws {
        let bytes = CountingBytes()
        let work = PasswordWork(cost: .trivial, randomBytes: { bytes.bytes($0) })
        let text = String(repeating: "\u{FDFA}", count: 350_000)
        let hash = try await work.hash(Password(text))
        let before = work.runCount
        let (answer, _) = try await work.check(Password(text), against: hash) { () throws(Refusal) in }
        guard case .wrong = answer else {
            Issue.record("it was folded")
            return
        }
        #expect(work.runCount == before + 1)
    }
}

extension Refusal {
    fileprivate var isUnavailable: Bool {
        if case .unavailable = self { true } else { false }
    }
}
