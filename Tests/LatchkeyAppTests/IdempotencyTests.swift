import LatchkeyCore
import LatchkeyStore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyApp

@Suite("A reply that is kept")
struct IdempotencyTests {
    private struct Unwritable: Error {}

    @Test("is there if its change is, and the change is not if it is not", arguments: EngineUnderTest.available)
    func together(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let request = try house.app.idempotentRequest(key: "k", content: [1], as: house.admin)
        let wanted = NewServiceUser(name: "One", role: .member)
        let refused = await refusal {
            let keeping = ReplyKeeping<UserSummary>(request) { _ in throw Unwritable() }
            _ = try await house.app.createServiceUser(wanted, as: house.admin, keeping: keeping)
        }
        guard case .unavailable = refused else {
            Issue.record("made: \(String(describing: refused))")
            return
        }
        let nothing = try await house.app.keptReply(request)
        #expect(nothing == nil)
        let keeping = ReplyKeeping<UserSummary>(request) { Array($0.user.name.utf8) }
        _ = try await house.app.createServiceUser(wanted, as: house.admin, keeping: keeping)
        let kept = try await house.app.keptReply(request)
        #expect(kept == Array("One".utf8))
    }

    @Test("belongs to the first of two, and the second changes nothing", arguments: EngineUnderTest.available)
    func once(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let request = try house.app.idempotentRequest(key: "k", content: [1], as: house.admin)
        let keeping = ReplyKeeping<UserSummary>(request) { Array($0.user.name.utf8) }
        for name in ["One", "Two"] {
            let refused = await refusal {
                _ = try await house.app.createServiceUser(
                    NewServiceUser(name: name, role: .member), as: house.admin, keeping: keeping)
            }
            #expect((refused == nil) == (name == "One"))
        }
        let users = try await house.app.listUsers(
            UserFilter(type: .service), PageRequest(), as: house.admin)
        #expect(users.items.map(\.user.name) == ["One"])
    }

    @Test("is erased after a day, though nobody asks for anything any more", arguments: EngineUnderTest.available)
    func erased(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let request = try house.app.idempotentRequest(key: "k", content: [1], as: house.admin)
        try await house.app.keep([2], for: request)
        house.clock.advance(by: .hours(24))
        try await house.app.forgetOldReplies()
        let kept = try await house.app.keptReply(request)
        #expect(kept == [2], "a day is not over yet")
        house.clock.advance(by: .milliseconds(1))
        try await house.app.forgetOldReplies()
        let rest = try await house.store.read { db throws(Refusal) in
            try db.idempotentReply(caller: request.caller, key: "k", since: request.at)
        }
        #expect(rest == nil)
    }
}
