import LatchkeyCore
import Testing

@Suite("A network address")
struct AddressTests {
    @Test(
        "is read and written in its shortest form",
        arguments: [
            ("10.1.2.3", "10.1.2.3"), ("::ffff:10.1.2.3", "10.1.2.3"), ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"),
            ("::", "::"), ("::1", "::1"), ("fe80::1:0:0:2", "fe80::1:0:0:2"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
        ])
    func forms(text: String, written: String) {
        #expect(Address(text)?.description == written)
    }

    @Test(
        "is not guessed from other notations",
        arguments: [
            "", "010.0.0.1", "10.1", "167772161", "0x0a.0.0.1", "1.2.3.4.5", "1::2::3", ":::", "g::", "1:2",
            "10.0.0.256",
        ])
    func nonsense(text: String) {
        #expect(Address(text) == nil)
    }

    @Test("lies in a block or outside of it, each family in its own")
    func blocks() throws {
        let ten = try #require(AddressBlock("10.0.0.0/8"))
        let documentation = try #require(AddressBlock("2001:db8::/32"))
        let everyIPv6 = try #require(AddressBlock("::/0"))
        #expect(ten.contains(try #require(Address("10.255.0.1"))))
        #expect(ten.contains(try #require(Address("::ffff:10.0.0.1"))))
        #expect(!ten.contains(try #require(Address("11.0.0.0"))))
        #expect(documentation.contains(try #require(Address("2001:db8:ffff::1"))))
        #expect(!documentation.contains(try #require(Address("2001:db9::1"))))
        #expect(!everyIPv6.contains(try #require(Address("10.0.0.1"))))
    }

    @Test(
        "block with bits beyond its prefix is a slip, and refused",
        arguments: ["10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/08", "2001:db8::1/32", "/8", "10.0.0.0/"])
    func slips(text: String) {
        #expect(AddressBlock(text) == nil)
    }

    @Test("block prints as it is written")
    func blockText() {
        #expect(AddressBlock("10.0.0.0/8")?.description == "10.0.0.0/8")
        #expect(AddressBlock("10.1.2.3")?.description == "10.1.2.3/32")
        #expect(AddressBlock("2001:db8::/32")?.description == "2001:db8::/32")
    }
}
