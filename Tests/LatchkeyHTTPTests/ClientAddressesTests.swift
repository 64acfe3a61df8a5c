import LatchkeyCore
import Testing

@testable import LatchkeyHTTP

@Suite("A client's address")
struct ClientAddressesTests {
    private let addresses = ClientAddresses(
        trustedProxies: ["10.0.0.0/8", "2001:db8::/32"].compactMap(AddressBlock.init))

    @Test(
        "is the socket's, or that of the last hop that is no trusted proxy",
        arguments: [
            ("192.0.2.1", ["203.0.113.9"], "192.0.2.1"), ("10.0.0.1", [], "10.0.0.1"),
            ("10.0.0.1", ["203.0.113.9"], "203.0.113.9"),
            ("10.0.0.1", ["198.51.100.7, 203.0.113.9"], "203.0.113.9"),
            ("10.0.0.1", ["198.51.100.7", "203.0.113.9, 10.0.0.2"], "203.0.113.9"),
            ("10.0.0.1", ["evil, 203.0.113.9"], "203.0.113.9"), ("10.0.0.1", ["203.0.113.9, evil"], "10.0.0.1"),
            ("10.0.0.1", ["203.0.113.9:4711"], "203.0.113.9"), ("2001:db8::1", ["[2001:db9::7]:443"], "2001:db9::7"),
            ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"), ("10.0.0.1", [" , "], "10.0.0.1"),
        ])
    func client(peer: String, forwarded: [String], expected: String) {
        #expect(addresses.client(peer: Address(peer), forwardedFor: forwarded) == Address(expected))
    }

    @Test("is the socket's where no proxy is trusted")
    func noProxy() {
        let bare = ClientAddresses(trustedProxies: [])
        #expect(bare.client(peer: Address("10.0.0.1"), forwardedFor: ["203.0.113.9"]) == Address("10.0.0.1"))
    }
}

@Suite("A request's id")
struct RequestIDsTests {
    @Test(
        "is the client's if it is fit for a log line, else one of ours",
        arguments: ["", " ", "a b", "ü", "a\nb", String(repeating: "x", count: 65)])
    func ids(given: String) {
        let ids = RequestIDs(random: [1, 2, 3, 4, 5, 6, 7, 8])
        let made = ids.id(for: given)
        #expect(made != given)
        #expect(made != ids.id(for: nil))
        #expect(ids.id(for: String(repeating: "x", count: 64)) == String(repeating: "x", count: 64))
    }
}

@Suite("The request meter")
struct RequestMeterTests {
    @Test("tells counts and times in Prometheus' text")
    func text() {
        let meter = RequestMeter()
        let route = meter.route("GET", "/api/users/{id}")
        _ = meter.route("GET", "/api/never")
        route.count(200, .milliseconds(2))
        route.count(404, .seconds(20))
        let text = meter.prometheusText
        #expect(text.contains(#"latchkey_http_requests_total{method="GET",route="/api/users/{id}",status="200"} 1"#))
        #expect(text.contains(#"_bucket{method="GET",route="/api/users/{id}",le="0.0025"} 1"#))
        #expect(text.contains(#"_bucket{method="GET",route="/api/users/{id}",le="+Inf"} 2"#))
        #expect(!text.contains("never"))
    }
}
