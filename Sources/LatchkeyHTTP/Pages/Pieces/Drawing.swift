/// A drawing, made here as SVG for the partial `drawing`. Its shapes bear classes that the stylesheet colours; what it
/// shows is also said in words, so that nothing hangs on seeing it.
///
/// A chart is stretched to the width that it gets; what is written beside it is text of the page, which is not.
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
    /// Beside it, from the top to the bottom.
    private(set) var scale: [String] = []
    /// Below it, from the left to the right, at equal distances.
    private(set) var dates: [String] = []

    init(
        id: String, title: String, summary: String, width: Int, height: Int, bars: [Bar] = [], lines: [Line] = []
    ) {
        self.id = id
        self.title = title
        self.summary = summary
        self.width = width
        self.height = height
        box = "0 0 \(width) \(height)"
        self.bars = bars
        self.lines = lines
    }

    func labelled(scale: [String] = [], dates: [String]) -> Drawing {
        var labelled = self
        (labelled.scale, labelled.dates) = (scale, dates)
        return labelled
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

/// The upper end of a scale: the least round number that holds a value, so that the drawing fills half of it and more.
enum Scale {
    static func top(for value: Int) -> Int {
        var power = 1
        while power <= Int.max / 10 {
            for factor in [1, 2, 3, 4, 5, 6, 8] where power * factor >= value { return power * factor }
            power *= 10
        }
        return .max
    }
}

/// A small curve of counts, for one row of a list: one line, because a page has many of them.
extension Drawing {
    static func spark(_ counts: [Int], id: String, title: String, width: Int = 96, height: Int = 22) -> Drawing {
        let (wide, tall) = (Double(width), Double(height))
        let top = Double(max(counts.max() ?? 0, 1))
        let step = wide / Double(max(counts.count - 1, 1))
        let total = counts.reduce(0, +)
        let curve = counts.enumerated().map { place, count in
            (x: Double(place) * step, y: tall - Double(count) / top * (tall - 2))
        }
        // A run of equal counts is drawn by its ends.
        let bends = curve.enumerated().filter { place, point in
            place == 0 || place == curve.count - 1 || counts[place - 1] != counts[place]
                || counts[place + 1] != counts[place]
        }
        let area = total == 0 ? [] : [Line("spark", [(0, tall)] + bends.map(\.element) + [(wide, tall)])]
        return Drawing(
            id: id, title: title, summary: "\(total.grouped) uses in \(counts.count) days", width: width,
            height: height, lines: area + [Line("base", [(0, tall), (wide, tall)])])
    }
}
