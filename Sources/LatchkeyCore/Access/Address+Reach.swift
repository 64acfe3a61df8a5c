extension Address {
    /// Whether this is an address of the public internet: one that another server may be asked at, and that cannot be
    /// this machine, its network, or a cloud's own services.
    ///
    /// After IANA's special-purpose registries (RFC 6890 and its updates). Of IPv6 only 2000::/3 is given out at all,
    /// which leaves out unique local, link-local, site-local, multicast, and the translations 64:ff9b::/96 of IPv4.
    public var isPublic: Bool {
        if isIPv4 { return !Self.innerIPv4.contains { $0.contains(self) } }
        return high >> 61 == 0b001 && !Self.innerIPv6.contains { $0.contains(self) }
    }

    private static let innerIPv4 = blocks([
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        // Azure's own services: public by number, the machine's own by meaning.
        "168.63.129.16/32",
    ])

    /// Among them Teredo and 6to4, which carry an IPv4 address of anybody's choice.
    private static let innerIPv6 = blocks(["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"])

    private static func blocks(_ texts: [String]) -> [AddressBlock] {
        texts.compactMap { AddressBlock($0) }
    }
}
