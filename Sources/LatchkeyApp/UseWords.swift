import LatchkeyCore

/// Puts the uses of a batch into words. Neighbours are often alike, of one proxy, one program or one route, so that
/// what equals the one before is not written out again.
struct UseWords: Sendable {
    private var address: (of: Address, text: String)?
    private var agent: (of: String, text: String)?
    private var route: (method: String, path: String, text: String)?

    mutating func lastUse(_ use: Use) -> LastUse {
        LastUse(
            token: use.token, at: use.at.wholeSecond, address: use.address.map { text(of: $0) },
            userAgent: use.userAgent.map { clipped($0) }, route: line(use.method, use.route), owner: use.owner)
    }

    mutating func text(of address: Address) -> String {
        if let known = self.address, known.of == address { return known.text }
        let text = "\(address)"
        self.address = (address, text)
        return text
    }

    private mutating func clipped(_ agent: String) -> String {
        if let known = self.agent, known.of == agent { return known.text }
        let text = UserAgent.clipped(agent)
        self.agent = (agent, text)
        return text
    }

    private mutating func line(_ method: String, _ path: String) -> String {
        if let known = route, known.method == method, known.path == path { return known.text }
        let text = "\(method) \(path)"
        route = (method, path, text)
        return text
    }
}
