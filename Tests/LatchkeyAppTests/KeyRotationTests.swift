import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@Suite("A rotation of keys")
struct KeyRotationTests {
    @Test("lets no key go while servers or access tokens may need it", arguments: EngineUnderTest.available)
    func settling(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let before = try await KeyRotation.needed(in: house.store, at: house.clock.now)
        #expect(before != nil)
        try await KeyRotation.record(house.app.keys.current, in: house.store, at: house.clock.now)
        let soon = try await KeyRotation.needed(in: house.store, at: house.clock.now + .minutes(70) - .seconds(1))
        #expect(soon == nil)
        let later = try await KeyRotation.needed(in: house.store, at: house.clock.now + .minutes(70))
        #expect(later != nil)
    }
}
