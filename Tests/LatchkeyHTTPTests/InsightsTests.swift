import HTTPTypes
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

@Suite("GET /api/activity/insights")
struct InsightsTests {
    @Test("counts by day, verb and actor, with the filters of the list")
    func counts() async throws {
        let server = try await TestServer()
        try await server.test { client in
            _ = try await client.post("/api/users", #"{"name":"One","role":"Member"}"#)
            server.clock.advance(by: .days(1))
            _ = try await client.post("/api/users", #"{"name":"Two","role":"Member"}"#)
            let answer = try await client.get("/api/activity/insights?actions=create&object_type=user&timeframe=week")
            #expect(answer.status == 200)
            #expect(answer["events"] == .integer(3))
            #expect(answer["people"] == .integer(3))
            #expect(answer["by_verb"]?.items.first?["verb"] == "create")
            let days = answer["by_day"]?.items ?? []
            #expect(days.count == 8)
            #expect(days.suffix(2).compactMap { $0["people"]?.number } == [2, 1])
            #expect(days.last?["day"] == "2027-11-22")
            let actors = answer["by_actor"]?.items.compactMap { $0["user_id"]?.string } ?? []
            #expect(Set(actors) == ["ada@example.com", "host"])
        }
    }

    @Test("refuses a span of more than a year, and pages, which it has none of")
    func refusals() async throws {
        let server = try await TestServer()
        try await server.test { client in
            let long = try await client.get("/api/activity/insights?start_date=2020-01-01")
            #expect(long.status == 422)
            #expect(long.pointers == ["start_date"])
            let paged = try await client.get("/api/activity/insights?page=2")
            #expect(paged.pointers == ["page"])
        }
    }
}
