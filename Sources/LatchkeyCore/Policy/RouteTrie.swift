/// All templates of a policy as one tree, so that the time to find a rule depends on the path and hardly on the number
/// of rules.
///
/// Of several templates that match a path the most literal one counts, segment by segment from the left; where a
/// literal branch ends in nothing, the named one is tried. The tree is walked on bytes, without a hash: nobody can
/// choose paths that collide.
struct RouteTrie: Sendable {
    private struct Branch: Sendable {
        let literal: [UInt8]
        let node: Int
    }

    private struct Node: Sendable {
        /// In order of their bytes.
        var literals: [Branch] = []
        var named: Int?
        /// Rules for what comes after, however much it is.
        var rest: [PolicyRoute] = []
        /// Rules for paths that end here.
        var here: [PolicyRoute] = []
    }

    private var nodes = [Node()]

    init(_ routes: [PolicyRoute]) {
        for route in routes { insert(route) }
    }

    private mutating func insert(_ route: PolicyRoute) {
        var node = 0
        for part in route.template.parts {
            switch part {
            case .literal(let bytes): node = literal(bytes, under: node)
            case .named: node = named(under: node)
            case .rest:
                nodes[node].rest.append(route)
                return
            }
        }
        nodes[node].here.append(route)
    }

    private mutating func literal(_ bytes: [UInt8], under node: Int) -> Int {
        let place = nodes[node].literals.firstIndex { !$0.literal.lexicographicallyPrecedes(bytes) }
        if let place, nodes[node].literals[place].literal == bytes { return nodes[node].literals[place].node }
        let branch = Branch(literal: bytes, node: nodes.count)
        nodes.append(Node())
        nodes[node].literals.insert(branch, at: place ?? nodes[node].literals.endIndex)
        return branch.node
    }

    private mutating func named(under node: Int) -> Int {
        if let place = nodes[node].named { return place }
        nodes[node].named = nodes.count
        nodes.append(Node())
        return nodes.count - 1
    }

    /// The rules of the template that matches best, whatever their methods; empty for none.
    func rules(for path: RequestPath) -> [PolicyRoute] {
        walk(from: 0, at: 0, path) ?? []
    }

    /// No deeper than the path, and no wider than the tree: each node is visited at most once for each way to it.
    private func walk(from node: Int, at place: Int, _ path: RequestPath) -> [PolicyRoute]? {
        guard place < path.segments.count else { return nodes[node].here.isEmpty ? nil : nodes[node].here }
        if let next = literal(path.segments[place], of: path, under: node),
            let found = walk(from: next, at: place + 1, path)
        {
            return found
        }
        if let next = nodes[node].named, let found = walk(from: next, at: place + 1, path) { return found }
        return nodes[node].rest.isEmpty ? nil : nodes[node].rest
    }

    /// Binary search among the literal branches.
    private func literal(_ segment: Range<Int>, of path: RequestPath, under node: Int) -> Int? {
        var (low, high) = (0, nodes[node].literals.count)
        while low < high {
            let middle = (low + high) / 2
            switch Self.compare(nodes[node].literals[middle].literal, path.bytes, segment) {
            case 0: return nodes[node].literals[middle].node
            case ..<0: low = middle + 1
            default: high = middle
            }
        }
        return nil
    }

    /// As `lexicographicallyPrecedes` orders: below zero when the literal comes first.
    private static func compare(_ literal: [UInt8], _ bytes: [UInt8], _ segment: Range<Int>) -> Int {
        for place in 0..<min(literal.count, segment.count) {
            let difference = Int(literal[place]) - Int(bytes[segment.lowerBound + place])
            if difference != 0 { return difference }
        }
        return literal.count - segment.count
    }
}
