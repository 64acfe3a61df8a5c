/// A drawing, made here as SVG for the partial `drawing`. Its shapes bear classes that the stylesheet colours; what it
/// shows is also said in words, so that nothing hangs on seeing it.
struct Drawing: View {
    let width: Int
    let height: Int
    /// For `viewBox`.
    let box: String
    let title: String
    /// What the drawing shows, in words.
    let summary: String
    /// Unique on the page; title and summary are found by it.
    let id: String
    let bars: [Bar]
    let lines: [Line]
    let labels: [Label]

    init(
        id: String, title: String, summary: String, width: Int, height: Int, bars: [Bar] = [], lines: [Line] = [],
        labels: [Label] = []
    ) {
        self.id = id
        self.title = title
        self.summary = summary
        self.width = width
        self.height = height
        box = "0 0 \(width) \(height)"
        self.bars = bars
        self.lines = lines
        self.labels = labels
    }

    struct Bar: View {
        let kind: String
        let x: String
        let y: String
        let width: String
        let height: String
        /// Shown on hover.
        let title: String?
        /// Where a click leads.
        let path: String?

        init(
            _ kind: String, x: Double, y: Double, width: Double, height: Double, title: String? = nil,
            path: String? = nil
        ) {
            self.kind = kind
            self.x = x.drawn
            self.y = y.drawn
            self.width = width.drawn
            self.height = height.drawn
            self.title = title
            self.path = path
        }
    }

    struct Line: View {
        let kind: String
        /// Pairs of coordinates, for `points`.
        let points: String

        init(_ kind: String, _ points: [(x: Double, y: Double)]) {
            self.kind = kind
            self.points = points.map { "\($0.x.drawn),\($0.y.drawn)" }.joined(separator: " ")
        }
    }

    struct Label: View {
        let text: String
        let x: String
        let y: String
        /// `start`, `middle` or `end`.
        let anchor: String

        init(_ text: String, x: Double, y: Double, anchor: String = "start") {
            self.text = text
            self.x = x.drawn
            self.y = y.drawn
            self.anchor = anchor
        }
    }
}

extension Double {
    /// To a tenth, which is finer than a screen; no exponent, no trailing zero.
    var drawn: String {
        let tenths = (self * 10).rounded()
        guard tenths.isFinite, abs(tenths) < 1e9 else { return "0" }
        let (whole, rest) = Int(abs(tenths)).quotientAndRemainder(dividingBy: 10)
        return (tenths < 0 ? "-" : "") + (rest == 0 ? "\(whole)" : "\(whole).\(rest)")
    }
}

/// The upper end of a scale: the least of 1, 2, 5, 10, 20, 50 … that holds a value.
enum Scale {
    static func top(for value: Int) -> Int {
        var power = 1
        while power <= Int.max / 10 {
            for factor in [1, 2, 5] where power * factor >= value { return power * factor }
            power *= 10
        }
        return .max
    }
}

/// A small curve of counts, for one row of a list.
extension Drawing {
    static func spark(_ counts: [Int], id: String, title: String, width: Int = 96, height: Int = 22) -> Drawing {
        let top = Double(max(counts.max() ?? 0, 1))
        let step = Double(width) / Double(max(counts.count, 1))
        let total = counts.reduce(0, +)
        let bars = counts.enumerated().filter { $0.element > 0 }.map { place, count in
            let tall = max(1.5, Double(count) / top * Double(height))
            return Bar(
                "uses", x: Double(place) * step, y: Double(height) - tall, width: max(step - 1, 1), height: tall)
        }
        return Drawing(
            id: id, title: title, summary: "\(total.grouped) uses in \(counts.count) days", width: width,
            height: height, bars: bars, lines: [Line("base", [(0, Double(height)), (Double(width), Double(height))])])
    }
}
