import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@Suite("The audit log in figures")
struct InsightTests {
    @Test("counts what was done, and that it was counted", arguments: EngineUnderTest.available)
    func counts(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let before = try await house.app.activityInsights(ActivityFilter(), as: house.admin)
        let user = try await house.givenServiceUser()
        _ = try await house.givenToken(for: user)
        let after = try await house.app.activityInsights(ActivityFilter(), as: house.admin)
        #expect(after.figures.events == before.figures.events + 3)
        #expect(after.days.last?.start.dayNumber == house.clock.now.dayNumber)
        #expect(after.days.count == 30)
        let readings = after.verbs.first { $0.verb == .read }
        #expect(readings?.events == 1)
        #expect(after.actors.contains { $0.actor.handle == "ada@example.com" })
    }

    @Test("sees automation apart from people", arguments: EngineUnderTest.available)
    func automation(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let robot = try await house.givenServiceUser("Robot", role: .admin)
        let caller = try await house.caller(try await house.givenToken(for: robot).secret)
        _ = try await house.app.createServiceUser(NewServiceUser(name: "Made by it", role: .member), as: caller)
        let insights = try await house.app.activityInsights(ActivityFilter(), as: house.admin)
        #expect(insights.figures.automation == 1)
    }

    @Test("is the Admins' alone", arguments: EngineUnderTest.available)
    func permission(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let manager = try await house.givenServiceUser(role: .manager)
        let caller = try await house.caller(try await house.givenToken(for: manager).secret)
        let refusals = [
            await refusal { _ = try await house.app.activityInsights(ActivityFilter(), as: caller) },
            await refusal { _ = try await house.app.surveyActivity(ActivityFilter(), PageRequest(), as: caller) },
        ]
        for refused in refusals {
            guard case .forbidden? = refused else {
                Issue.record("a Manager saw it: \(String(describing: refused))")
                continue
            }
        }
    }

    @Test("comes with the list as one reading", arguments: EngineUnderTest.available)
    func survey(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        _ = try await house.givenServiceUser()
        let survey = try await house.app.surveyActivity(ActivityFilter(), PageRequest(size: 2), as: house.admin)
        #expect(survey.events.total == survey.insights?.figures.events)
        #expect(survey.events.items.count == 2)
        let readings = try await house.app.listActivity(
            ActivityFilter(verbs: [.read]), PageRequest(), as: house.admin)
        #expect(readings.total == 1)
    }

    @Test("comes with the first page of the list; the others only know how many", arguments: EngineUnderTest.available)
    func laterPages(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        for number in 1...4 { _ = try await house.givenServiceUser("Load \(number)") }
        let filter = ActivityFilter(verbs: [.create])
        let first = try await house.app.surveyActivity(filter, PageRequest(size: 2), as: house.admin)
        let second = try await house.app.surveyActivity(filter, PageRequest(number: 2, size: 2), as: house.admin)
        #expect(first.insights != nil)
        #expect(second.insights == nil)
        #expect(second.events.total == first.events.total)
        #expect(second.events.items.count == 2)
        #expect(Set(first.events.items.map(\.seq)).isDisjoint(with: second.events.items.map(\.seq)))
        #expect((second.from, second.until) == (first.from, first.until))
    }
}
