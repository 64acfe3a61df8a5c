import LatchkeyCore
import Testing

@Suite("An address of the web")
struct WebAddressTests {
    @Test("is read into its parts and written again", arguments: good)
    func reading(text: String, host: String, port: Int?, again: String) throws {
        let address = try #require(WebAddress(text))
        #expect(address.host == host)
        #expect(address.port == port)
        #expect(address.text == again)
    }

    static let good: [(String, String, Int?, String)] = [
        ("https://id.example.com", "id.example.com", nil, "https://id.example.com/"),
        ("http://ID.Example.com:8080/a/b?c=d", "id.example.com", 8080, "http://id.example.com:8080/a/b?c=d"),
        ("https://[2001:DB8::1]:443?x", "2001:db8::1", 443, "https://[2001:db8::1]:443/?x"),
    ]

    @Test("is none when two readers could understand it differently", arguments: bad)
    func refusing(text: String) {
        #expect(WebAddress(text) == nil)
    }

    static let bad = [
        "", "id.example.com", "//id.example.com", "ftp://id.example.com", "https://", "https://a@b", "https://a:b@c",
        "https://a#b", "https://a b", "https://a\\b", "https://a:0", "https://a:65536", "https://a:x", "https://a\n",
        "https://é.example.com", "https://a%2eb", "javascript:alert(1)", "HTTPS://a",
        "https://" + String(repeating: "a", count: 2048),
    ]
}

@Suite("Addresses of the public internet")
struct AddressReachTests {
    @Test(
        "are those that are given out", arguments: ["1.1.1.1", "8.8.8.8", "172.32.0.1", "2606:4700::1111", "2a00::1"])
    func outer(text: String) throws {
        #expect(try #require(Address(text)).isPublic)
    }

    @Test(
        "are no others",
        arguments: [
            "0.1.2.3", "10.255.255.255", "100.127.0.1", "127.255.0.1", "169.254.0.1", "172.31.0.1", "192.0.0.8",
            "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.19.0.1", "203.0.113.9", "239.1.1.1", "240.0.0.1",
            "168.63.129.16", "::", "::1", "::ffff:10.0.0.1", "::10.0.0.1", "64:ff9b::1.1.1.1", "100::1", "2001:1::1",
            "2001:db8::1", "2002:102:304::1", "3fff::1", "5f00::1", "fc00::1", "fdff::1", "fe80::1", "fec0::1",
            "ff0e::1", "4000::1",
        ])
    func inner(text: String) throws {
        #expect(!(try #require(Address(text)).isPublic))
    }
}
