import LatchkeyCore
import LatchkeyTestSupport
import Testing

@Suite("What tries are counted by")
struct SignInTryTests {
    private static let ring = {
        let bytes = CountingBytes()
        return KeyRing.generate(instance: "test", randomBytes: { bytes.bytes($0) })
    }()

    @Test("no name can be typed that counts as another, from another place, or as a code")
    func namesDoNotMeet() throws {
        let home = try #require(Address("192.0.2.1"))
        let user = ID<User>(7)
        let counters = [
            TryCounter.passwords(of: "grace", .elsewhere, Self.ring),
            .passwords(of: "grace", .known(home), Self.ring),
            .passwords(of: "grace", .session(ID(7)), Self.ring),
            .passwords(of: "at 192.0.2.1 grace", .elsewhere, Self.ring),
            .passwords(of: "elsewhere grace", .elsewhere, Self.ring),
            .passwords(of: "7", .elsewhere, Self.ring),
            .codes(of: user, .elsewhere, Self.ring), .codes(of: user, .known(home), Self.ring),
            .codes(of: user, .session(ID(7)), Self.ring),
            .everything(from: home, Self.ring), .everything(from: nil, Self.ring),
            .returns(from: home, Self.ring), .returns(from: nil, Self.ring), .strangers(Self.ring),
        ]
        #expect(Set(counters.map(\.digest)).count == counters.count)
    }

    @Test("addresses of one IPv6 household count as one, of two as two")
    func households() throws {
        let addresses = try ["2001:db8::1", "2001:db8::ffff", "2001:db8:0:1::1"].map { try #require(Address($0)) }
        let digests = addresses.map { TryCounter.everything(from: $0, Self.ring).digest }
        #expect(digests[0] == digests[1])
        #expect(digests[0] != digests[2])
    }

    @Test("there is room until there are as many as may be, and again when the oldest is a quarter of an hour old")
    func room() {
        let counter = TryCounter.passwords(of: "grace", .elsewhere, Self.ring)
        let now = Timestamp(milliseconds: 1_800_000_000_000)
        #expect(counter.wait(tries: 9, oldest: now, at: now) == nil)
        #expect(counter.wait(tries: 10, oldest: now, at: now) == .minutes(15))
        #expect(counter.wait(tries: 10, oldest: now, at: now + .minutes(14)) == .minutes(1))
        #expect(counter.wait(tries: 10, oldest: now + .minutes(9), at: now) == .minutes(15), "a clock was wrong")
        #expect(TryCounter.everything(from: nil, Self.ring).wait(tries: 49, oldest: now, at: now) == nil)
        #expect(TryCounter.everything(from: nil, Self.ring).wait(tries: 50, oldest: now, at: now) != nil)
    }
}
