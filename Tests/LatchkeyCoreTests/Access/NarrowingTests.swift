import LatchkeyCore
import Testing

@Suite("A narrowing")
struct NarrowingTests {
    private let blocks = ["10.0.0.0/8", "192.168.1.0/24"].compactMap { AddressBlock($0) }

    @Test("only ever takes away: both limits hold")
    func within() throws {
        let outer = Narrowing(role: .editor, teams: [ID(1), ID(2)], actions: ["users:read"], addresses: blocks)
        let asked = Narrowing(
            role: .admin, teams: [ID(2), ID(3)], addresses: [try #require(AddressBlock("10.1.0.0/16"))])
        let result = asked.within(outer)
        #expect(result.role == .editor)
        #expect(result.teams == [ID(2)])
        #expect(result.actions == ["users:read"])
        #expect(result.addresses?.map(\.description) == ["10.1.0.0/16"])
        #expect(result.isWithin(outer))
        #expect(!asked.isWithin(outer))
    }

    @Test("lies within itself, nested blocks and all, and within no other that lacks something of it")
    func nested() {
        let nested = Narrowing(addresses: ["127.0.0.0/8", "127.0.0.1"].compactMap { AddressBlock($0) })
        #expect(nested.isWithin(nested))
        #expect(!nested.isWithin(Narrowing(addresses: blocks)))
        #expect(!Narrowing.none.isWithin(nested))
    }

    @Test("is inherited whole where nothing was asked for")
    func inherited() {
        let outer = Narrowing(role: .member, teams: [], actions: [], addresses: blocks)
        #expect(Narrowing.none.within(outer) == outer)
        #expect(outer.within(.none) == outer)
    }

    @Test("survives its column")
    func stored() {
        let narrowing = Narrowing(role: .manager, teams: [ID(7)], actions: ["self:read"], addresses: blocks)
        #expect(Narrowing(stored: narrowing.stored) == narrowing)
        #expect(Narrowing(stored: nil) == .none)
        #expect(Narrowing.none.stored == nil)
    }

    @Test("whose column cannot be read narrows to nothing at all")
    func damaged() {
        let narrowing = Narrowing(stored: "{oops")
        #expect(narrowing.role == .member)
        #expect(!narrowing.allows(action: "self:read"))
        #expect(!narrowing.allows(Address("10.0.0.1")))
    }

    @Test("to addresses shuts out a caller whose address is not known")
    func unknownAddress() {
        #expect(!Narrowing(addresses: blocks).allows(nil))
        #expect(Narrowing.none.allows(nil))
    }
}
