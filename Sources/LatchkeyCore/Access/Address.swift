/// A network address of a caller: IPv4 or IPv6, an IPv4 one mapped into IPv6 counted as IPv4.
public struct Address: Hashable, Sendable {
    /// 16 bytes in network order; IPv4 stands in its mapped form `::ffff:a.b.c.d` (RFC 4291 §2.5.5.2).
    let high: UInt64
    let low: UInt64

    var isIPv4: Bool { high == 0 && low >> 32 == 0xffff }

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// What belongs to one subscriber: an IPv4 address itself, the /64 of an IPv6 one.
    public var household: Address { isIPv4 ? self : Address(high: high, low: 0) }

    /// The household as one number. No household of IPv6 has the number of an IPv4 address: `0:ffff::/32` is nobody's.
    public var householdNumber: UInt64 { isIPv4 ? low : high }

    public init(ipv4: UInt32) {
        self.init(high: 0, low: 0xffff_0000_0000 | UInt64(ipv4))
    }

    /// Reads dotted decimal or RFC 4291 text; forms that resolvers guess at (octal, one number) are refused.
    public init?(_ text: some StringProtocol) {
        if let ipv4 = Self.ipv4(text) {
            self.init(ipv4: ipv4)
            return
        }
        guard let groups = Self.ipv6Groups(text) else { return nil }
        let high = groups[0..<4].reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
        let low = groups[4..<8].reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
        self.init(high: high, low: low)
    }

    private static func ipv4(_ text: some StringProtocol) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (48...57).contains($0) }),
                part == "0" || part.first != "0", let byte = UInt8(part)
            else { return nil }
            value = value << 8 | UInt32(byte)
        }
        return value
    }

    private static func ipv6Groups(_ text: some StringProtocol) -> [UInt16]? {
        guard text.contains(":"), text.utf8.count <= 45, !text.contains(":::") else { return nil }
        guard let gap = text.firstRange(of: "::") else {
            let groups = groups(text)
            return groups?.count == 8 ? groups : nil
        }
        let (head, tail) = (text[..<gap.lowerBound], text[gap.upperBound...])
        guard let before = groups(head), let after = groups(tail) else { return nil }
        let missing = 8 - before.count - after.count
        guard missing >= 1, !tail.contains("::") else { return nil }
        return before + [UInt16](repeating: 0, count: missing) + after
    }

    /// The 16-bit groups of text without `::`; the last may be dotted decimal and counts as two.
    private static func groups(_ text: some StringProtocol) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var groups: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (place, part) in parts.enumerated() {
            if place == parts.count - 1, let ipv4 = ipv4(part) {
                groups += [UInt16(ipv4 >> 16), UInt16(truncatingIfNeeded: ipv4)]
            } else {
                let isGroup = (1...4).contains(part.utf8.count) && part.allSatisfy(\.isHexDigit)
                guard isGroup, let group = UInt16(part, radix: 16) else { return nil }
                groups.append(group)
            }
        }
        return groups
    }
}

extension Address: CustomStringConvertible {
    public var description: String {
        if isIPv4 { return [24, 16, 8, 0].map { String((low >> $0) & 0xff) }.joined(separator: ".") }
        return ipv6Text
    }

    /// RFC 5952: lower case, no leading zeros, the longest run of two or more zero groups as `::`.
    private var ipv6Text: String {
        let groups = [high, low].flatMap { half in [48, 32, 16, 0].map { UInt16(truncatingIfNeeded: half >> $0) } }
        var (best, bestLength, start) = (0, 0, 0)
        while start < 8 {
            let length = groups[start...].prefix { $0 == 0 }.count
            if length > bestLength { (best, bestLength) = (start, length) }
            start += max(1, length)
        }
        func text(_ part: ArraySlice<UInt16>) -> String { part.map { String($0, radix: 16) }.joined(separator: ":") }
        guard bestLength >= 2 else { return text(groups[...]) }
        return text(groups[..<best]) + "::" + text(groups[(best + bestLength)...])
    }
}
