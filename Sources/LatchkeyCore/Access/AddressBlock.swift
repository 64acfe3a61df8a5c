/// A block of addresses in CIDR notation (RFC 4632, RFC 4291 §2.3).
public struct AddressBlock: Hashable, Sendable {
    let base: Address
    /// Length in bits of the common prefix, counted on the 128-bit form.
    let prefix: Int

    /// Reads `10.0.0.0/8`, `2001:db8::/32` or a single address; bits beyond the prefix must be zero,
    /// so that a slip of the pen is told apart from a range.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let base = Address(parts[0]) else { return nil }
        let longest = base.isIPv4 && !parts[0].contains(":") ? 32 : 128
        var length = longest
        if parts.count == 2 {
            guard let given = Int(parts[1]), (0...longest).contains(given), String(given) == parts[1] else {
                return nil
            }
            length = given
        }
        self.init(base: base, prefix: length + 128 - longest)
        guard Self.mask(base, to: prefix) == base else { return nil }
    }

    private init(base: Address, prefix: Int) {
        self.base = base
        self.prefix = prefix
    }

    public func contains(_ address: Address) -> Bool {
        base.isIPv4 == address.isIPv4 && Self.mask(address, to: prefix) == base
    }

    public func contains(_ other: AddressBlock) -> Bool {
        other.prefix >= prefix && contains(other.base)
    }

    private static func mask(_ address: Address, to bits: Int) -> Address {
        let high = bits >= 64 ? UInt64.max : ~(UInt64.max >> UInt64(bits))
        let low = bits <= 64 ? 0 : (bits == 128 ? UInt64.max : ~(UInt64.max >> UInt64(bits - 64)))
        return Address(high: address.high & high, low: address.low & low)
    }
}

extension AddressBlock: CustomStringConvertible {
    public var description: String {
        "\(base)/\(base.isIPv4 ? prefix - 96 : prefix)"
    }
}
