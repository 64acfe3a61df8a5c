import LatchkeyCore

/// Uses and refusals of each day, as bars with their scale.
extension Drawing {
    private static let (chartWidth, chartHeight) = (720.0, 150.0)

    static func uses(_ days: [DailyUses], id: String, title: String) -> Drawing {
        let stacks = days.map { day in
            ChartDay(
                day.day, parts: [("uses", day.uses), ("refusals", day.refusals)],
                title: "\(day.day.shortDay): \(day.uses.grouped) uses, \(day.refusals.grouped) refused")
        }
        let (uses, refusals) = (days.reduce(0) { $0 + $1.uses }, days.reduce(0) { $0 + $1.refusals })
        return chart(
            stacks, id: id, title: title,
            summary: "\(uses.grouped) uses and \(refusals.grouped) refusals in \(days.count) days")
    }

    /// One column for each day, its parts on top of each other.
    static func chart(_ days: [ChartDay], id: String, title: String, summary: String) -> Drawing {
        let top = Scale.top(for: max(1, days.map(\.total).max() ?? 0))
        let step = chartWidth / Double(max(days.count, 1))
        var bars: [Bar] = []
        for (place, day) in days.enumerated() {
            var floor = chartHeight
            for part in day.parts where part.count > 0 {
                let tall = max(1, Double(part.count) / Double(top) * chartHeight)
                floor -= tall
                bars.append(
                    Bar(
                        part.kind, x: Double(place) * step, y: floor, width: max(1, step - 2), height: tall,
                        title: day.title))
            }
        }
        let lines = [("base", chartHeight), ("grid", 0)].map { kind, y in Line(kind, [(0, y), (chartWidth, y)]) }
        let ends = days.count > 1 ? [days.first, days.last].compactMap { $0?.label } : []
        return Drawing(
            id: id, title: title, summary: summary, width: Int(chartWidth), height: Int(chartHeight), bars: bars,
            lines: lines
        ).labelled(scale: [top.grouped, "0"], dates: ends)
    }
}

/// One column of a chart.
struct ChartDay {
    let label: String
    let parts: [(kind: String, count: Int)]
    let title: String

    var total: Int { parts.reduce(0) { $0 + $1.count } }

    init(_ day: Timestamp, parts: [(kind: String, count: Int)], title: String) {
        label = day.shortDay
        self.parts = parts
        self.title = title
    }
}

/// What the colours of a chart mean, for the partial `legend`.
struct LegendItem: View {
    let kind: String
    let label: String

    init(_ kind: String, _ label: String) {
        self.kind = kind
        self.label = label
    }
}
