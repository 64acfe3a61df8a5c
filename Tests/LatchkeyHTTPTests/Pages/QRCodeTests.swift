import Testing

@testable import LatchkeyHTTP

/// What is expected here was made by a foreign implementation, PyPI's qrcode 8, with the mask that ours takes: which of
/// the eight reads best is a matter of counting, and every reader takes them all.
@Suite("A QR code")
struct QRCodeTests {
    @Test("is drawn module by module as others draw it")
    func modules() throws {
        let code = try #require(QRCode("ada"))
        #expect(
            rows(code) == [
                "1fc87f", "104f41", "17575d", "175a5d", "17595d", "105a41", "1fd57f",
                "1400", "17c67c", "d1bcd", "19c566", "162fce", "bd920", "1125",
                "1fc69e", "105037", "175a94", "175fc8", "175960", "1043c8", "1fd526",
            ])
    }

    @Test(
        "is right in every version, with its blocks, alignment and version patterns",
        arguments: [
            (14, 0xd195d3eaa15578e7), (15, 0x884bcdb3b8aa9aaf), (60, 0x5561bd35e849d77b), (106, 0x64b4530113ad0219),
            (122, 0x3fb9898e1861cbb1), (154, 0xab185f98d306857b), (170, 0x4246dbaae6cb4121), (180, 0xc4a054e3b8d94f81),
            (200, 0x0666bb91547fd402), (230, 0x6879b997752af001), (260, 0xc5e57e2a6018b85a), (300, 0x74e6a70ecdd8d451),
            (340, 0xca0ac24042862d06), (380, 0x80852d376e7522cd), (420, 0xc344ba90eaab1b34), (470, 0x8ba50ccd5639fbc4),
            (520, 0x432af8bf8548a767), (560, 0xdadff64961b30b4e), (600, 0xbbd6b48beb93dcbe), (666, 0x145df5fd8d043d7e),
        ] as [(Int, UInt64)])
    func versions(length: Int, sum: UInt64) throws {
        let code = try #require(QRCode(String(repeating: "y", count: length)))
        #expect(Self.sum(rows(code).joined(separator: "\n")) == sum)
    }

    @Test("holds an authenticator's link")
    func link() throws {
        let text =
            "otpauth://totp/Latchkey:ada%40example.com?secret=ABCDEFGHIJK"
            + "LMNOPQRSTUVWXYZ234567&issuer=Latchkey"
        let code = try #require(QRCode(text))
        #expect(code.size == 41)
        #expect(Self.sum(rows(code).joined(separator: "\n")) == 0x7652375b5c4892c9)
        #expect(code.path.utf8.count < 10_000)
    }

    @Test("is none for a text that is too long")
    func tooLong() {
        #expect(QRCode(String(repeating: "y", count: 667)) == nil)
    }

    private func rows(_ code: QRCode) -> [String] {
        code.modules.map { row in
            let digits = row.map { $0 ? "1" : "0" }.joined()
            let padded = String(repeating: "0", count: (4 - row.count % 4) % 4) + digits
            let text = stride(from: 0, to: padded.count, by: 4).map { start in
                String(Int(padded.dropFirst(start).prefix(4), radix: 2) ?? 0, radix: 16)
            }.joined()
            return String(text.drop { $0 == "0" })
        }
    }

    /// FNV-1a, 64 bits.
    private static func sum(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
