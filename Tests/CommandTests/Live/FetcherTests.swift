import LatchkeyApp
import LatchkeyCore
import Synchronization
import Testing

@testable import latchkey

@Suite("Fetching documents of other servers")
struct FetcherTests {
    /// A busy machine takes its time.
    private static let patient: Fetcher = {
        var fetcher = Fetcher(allowsPrivate: true)
        fetcher.patience = .seconds(60)
        return fetcher
    }()

    private static func fault(_ fetcher: Fetcher, _ text: String, longest: Int = 1000) async throws -> FetchFault? {
        let address = try #require(WebAddress(text))
        do throws(FetchFault) {
            _ = try await fetcher.fetch(FetchRequest(address, longest: longest))
            return nil
        } catch {
            return error
        }
    }

    /// Every notation that some program takes for an address, and what clouds keep at such.
    @Test("refuses inner addresses in any notation", arguments: inner)
    func innerAddresses(host: String) async throws {
        let fault = try await Self.fault(Fetcher(allowsPrivate: false), "https://\(host)/")
        #expect(fault == .innerAddress)
    }

    static let inner = [
        "127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "0.0.0.0", "[::1]", "[::]",
        "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::1]", "[2001::1]", "10.0.0.1",
        "172.16.0.1", "192.168.1.1", "100.64.0.1", "100.100.100.200", "169.254.169.254", "2852039166",
        "168.63.129.16", "192.0.0.192", "[fd00:ec2::254]", "[fe80::1]", "[fec0::1]", "[ff02::1]", "[2001:db8::1]",
        "224.0.0.1", "255.255.255.255", "198.51.100.7",
    ]

    @Test("refuses a name of which one address is an inner one, and one that has none")
    func mixed() async throws {
        let answers: [([String], FetchFault)] = [(["1.1.1.1", "127.0.0.1"], .innerAddress), ([], .unknownHost)]
        for (texts, expected) in answers {
            let fetcher = Fetcher(allowsPrivate: false) { _ in texts.compactMap { Address($0) } }
            let fault = try await Self.fault(fetcher, "https://id.example.com/")
            #expect(fault == expected)
        }
    }

    @Test("asks the name service once, and goes to what it said then")
    func pinning() async throws {
        let server = try await CannedServer(CannedServer.reply("200 OK", body: #"{"a":1}"#))
        let asked = Mutex<[String]>([])
        let fetcher = Fetcher(allowsPrivate: true) { host in
            asked.withLock { $0.append(host) }
            return [Address("127.0.0.1")].compactMap { $0 }
        }
        // Nobody else knows this name (RFC 6761 §6.4): a second look-up could not succeed.
        let address = try #require(WebAddress("http://ID.invalid:\(server.port)/a?b=c"))
        let reply = try await fetcher.fetch(FetchRequest(address, method: .post(form: "x=y"), authorization: "Basic z"))
        #expect(reply.status == 200)
        #expect(String(decoding: reply.body, as: UTF8.self) == #"{"a":1}"#)
        #expect(asked.withLock { $0 } == ["id.invalid"])
        let sent = server.asked.first ?? ""
        #expect(sent.hasPrefix("POST /a?b=c HTTP/1.1\r\n"))
        #expect(sent.lowercased().contains("\r\nhost: id.invalid:\(server.port)\r\n"))
        #expect(sent.contains("Authorization: Basic z"))
        await server.close()
    }

    @Test("refuses plain HTTP, even on the public internet")
    func plain() async throws {
        let fetcher = Fetcher(allowsPrivate: false) { _ in
            Issue.record("the name was looked up")
            return []
        }
        let fault = try await Self.fault(fetcher, "http://id.example.com/")
        #expect(fault == .unencrypted)
    }

    @Test("follows no redirect")
    func redirects() async throws {
        let other = try await CannedServer(CannedServer.reply("200 OK"))
        let server = try await CannedServer(
            CannedServer.reply("302 Found", "Location: http://127.0.0.1:\(other.port)/\r\n"))
        let fault = try await Self.fault(Self.patient, "http://127.0.0.1:\(server.port)/")
        #expect(fault == .redirected)
        #expect(other.asked.isEmpty)
        await server.close()
        await other.close()
    }

    @Test("reads no more than it was told to, whatever is announced")
    func size() async throws {
        let long = String(repeating: "x", count: 5000)
        let chunk = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + "1388\r\n\(long)\r\n0\r\n\r\n"
        for answer in [CannedServer.reply("200 OK", body: long), chunk] {
            let server = try await CannedServer(answer)
            let fault = try await Self.fault(Self.patient, "http://127.0.0.1:\(server.port)/")
            #expect(fault == .tooLong)
            await server.close()
        }
    }

    @Test("waits no longer than its patience", .timeLimit(.minutes(1)))
    func patience() async throws {
        for answer in ["", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx"] {
            let server = try await CannedServer(answer)
            var fetcher = Fetcher(allowsPrivate: true)
            fetcher.patience = .milliseconds(200)
            let fault = try await Self.fault(fetcher, "http://127.0.0.1:\(server.port)/")
            #expect(fault == .timedOut)
            await server.close()
        }
    }

    @Test("waits no longer for a reply that comes drop by drop", .timeLimit(.minutes(1)))
    func dripping() async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"
        for (answer, drop) in [(head, "x"), ("HTTP/1.1 200 OK\r\n", "X-Slow: x\r\n")] {
            let server = try await CannedServer(answer, dripping: drop)
            var fetcher = Fetcher(allowsPrivate: true)
            fetcher.patience = .milliseconds(300)
            let fault = try await Self.fault(fetcher, "http://127.0.0.1:\(server.port)/")
            #expect(fault == .timedOut)
            await server.close()
        }
    }

    @Test("says what is wrong with the other side")
    func others() async throws {
        let server = try await CannedServer(CannedServer.reply("503 Busy"))
        let port = server.port
        let address = try #require(WebAddress("http://127.0.0.1:\(port)/"))
        let reply = try await Self.patient.fetch(FetchRequest(address))
        #expect(reply.status == 503)
        let plain = try await Self.fault(Self.patient, "https://127.0.0.1:\(port)/")
        #expect(plain == .untrusted)
        await server.close()
        let gone = try await Self.fault(Self.patient, "http://127.0.0.1:\(port)/")
        #expect(gone == .unreachable)
        let unknown = try await Self.fault(Self.patient, "http://nowhere.invalid/")
        #expect(unknown == .unknownHost || unknown == .timedOut)
    }
}
