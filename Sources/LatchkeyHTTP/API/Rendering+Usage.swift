import LatchkeyAPI
import LatchkeyCore

extension Rendering {
    func usage(_ counts: [UsageCount], _ query: UsageQuery) -> UsageBody {
        UsageBody(
            tokenID: query.token.value, from: query.from.text, until: query.until.text, step: query.step.rawValue,
            total: counts.reduce(0) { $0 + $1.count }, items: counts.map(item))
    }

    private func item(_ count: UsageCount) -> UsageItem {
        let key = count.key
        return UsageItem(
            start: Timestamp(seconds: key.hour * 3600).text, method: key.method, route: key.route,
            address: key.address, agent: key.agent, outcome: key.outcome.rawValue, count: count.count,
            first: count.first.text, last: count.last.text)
    }
}
