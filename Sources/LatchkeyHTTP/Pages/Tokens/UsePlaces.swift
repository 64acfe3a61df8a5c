import LatchkeyApp
import LatchkeyCore

/// From where, with what and where to a token was used: the most frequent of each.
struct UsePlaces: View {
    let addresses: [Place]
    let agents: [Place]
    let routes: [Place]

    private static let mostShown = 10

    struct Place: View {
        let name: String
        let count: String
        let refused: String?
        let last: Moment
    }

    /// Those of several tokens together.
    init(_ sums: UseSums, _ visit: Visit) {
        addresses = Self.places(sums.addresses, visit, nameless: "unknown")
        agents = Self.places(sums.agents, visit, nameless: "none named")
        routes = Self.places(sums.routes, visit, nameless: "")
    }

    private static func places(_ sums: [UseSum], _ visit: Visit, nameless: String) -> [Place] {
        sums.map { sum in
            Place(
                name: sum.name.isEmpty ? nameless : sum.name, count: sum.uses.grouped,
                refused: sum.refusals > 0 ? sum.refusals.grouped : nil, last: Moment(sum.last, now: visit.now))
        }
    }

    init(_ counts: [UsageCount], _ visit: Visit) {
        addresses = Self.most(counts, visit) { $0.address.isEmpty ? "unknown" : $0.address }
        agents = Self.most(counts, visit) { $0.agent.isEmpty ? "none named" : $0.agent }
        routes = Self.most(counts, visit) { "\($0.method) \($0.route)" }
    }

    private struct Sum {
        var count: Int64 = 0
        var refused: Int64 = 0
        var last = Timestamp(seconds: 0)
    }

    private static func most(_ counts: [UsageCount], _ visit: Visit, by name: (UsageKey) -> String) -> [Place] {
        var sums: [String: Sum] = [:]
        for count in counts {
            sums[name(count.key), default: Sum()].count += count.count
            if count.key.outcome.isRefusal { sums[name(count.key), default: Sum()].refused += count.count }
            sums[name(count.key), default: Sum()].last = max(sums[name(count.key)]?.last ?? count.last, count.last)
        }
        return sums.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.prefix(mostShown).map { name, sum in
            Place(
                name: name, count: Int(sum.count).grouped,
                refused: sum.refused > 0 ? Int(sum.refused).grouped : nil, last: Moment(sum.last, now: visit.now))
        }
    }
}
