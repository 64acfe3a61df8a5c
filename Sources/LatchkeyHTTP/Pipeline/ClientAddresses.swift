import LatchkeyCore

/// Where a request comes from.
///
/// `X-Forwarded-For` is a list to which each proxy appends what it saw. Only what trusted proxies appended can be
/// believed, so it is read from the right, and the first address that is not a trusted proxy's is the client's.
/// Everything further left may have been made up by anybody.
struct ClientAddresses: Sendable {
    let trustedProxies: [AddressBlock]

    func client(peer: Address?, forwardedFor: [String]) -> Address? {
        guard !trustedProxies.isEmpty, !forwardedFor.isEmpty, let peer, isTrusted(peer) else { return peer }
        var client = peer
        for hop in forwardedFor.joined(separator: ",").split(separator: ",").reversed() {
            guard let address = Address(Self.bare(hop)) else { return client }
            client = address
            if !isTrusted(address) { return address }
        }
        return client
    }

    private func isTrusted(_ address: Address) -> Bool {
        trustedProxies.contains { $0.contains(address) }
    }

    /// Without spaces, brackets and port: `[2001:db8::1]:443`, `192.0.2.1:5000`.
    private static func bare(_ hop: Substring) -> Substring {
        var text = hop.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        if text.first == "[" { return text.dropFirst().prefix { $0 != "]" } }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 ? parts[0] : text
    }
}
