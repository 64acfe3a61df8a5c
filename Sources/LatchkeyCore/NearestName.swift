/// Finds the name that somebody meant.
public enum NearestName {
    /// In bytes. The work grows with the length, which strangers choose; nothing that is longer was meant for a name.
    static let longest = 64

    /// The closest candidate, if it is close enough to be worth saying.
    public static func of(_ name: String, among candidates: [String]) -> String? {
        guard name.utf8.count <= longest else { return nil }
        let ranked = candidates.map { (name: $0, distance: distance(Array(name.utf8), Array($0.utf8))) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= max(2, name.utf8.count / 3) ? best.name : nil
    }

    /// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours, one each.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let same = left[row] == right[column]
                var best = min(last[column] + (same ? 0 : 1), last[column + 1] + 1, current[column] + 1)
                let swapped =
                    row > 0 && column > 0 && left[row] == right[column - 1] && left[row - 1] == right[column]
                if swapped { best = min(best, beforeLast[column - 1] + 1) }
                current.append(best)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
