extension QRCode {
    /// Whether a mask turns the module over (§7.8.2).
    static func inverts(_ mask: Int, _ x: Int, _ y: Int) -> Bool {
        switch mask {
        case 0: (x + y) % 2 == 0
        case 1: y % 2 == 0
        case 2: x % 3 == 0
        case 3: (x + y) % 3 == 0
        case 4: (x / 3 + y / 2) % 2 == 0
        case 5: x * y % 2 + x * y % 3 == 0
        case 6: (x * y % 2 + x * y % 3) % 2 == 0
        default: ((x + y) % 2 + x * y % 3) % 2 == 0
        }
    }

    /// How badly a camera could read it (§7.8.3): long runs, blocks, what looks like a finder, too dark or too light.
    var penalty: Int {
        let columns = (0..<size).map { x in modules.map { $0[x] } }
        let lines = modules + columns
        return lines.map(Self.runPenalty).reduce(0, +) + lines.map(Self.finderPenalty).reduce(0, +) + blockPenalty
            + shadePenalty
    }

    private static func runPenalty(_ line: [Bool]) -> Int {
        var (penalty, run) = (0, 0)
        for place in line.indices {
            run = place > 0 && line[place] == line[place - 1] ? run + 1 : 1
            if run == 5 { penalty += 3 } else if run > 5 { penalty += 1 }
        }
        return penalty
    }

    private static let finder: [Bool] = [true, false, true, true, true, false, true]
    private static let space: [Bool] = [false, false, false, false]

    private static func finderPenalty(_ line: [Bool]) -> Int {
        let width = finder.count + space.count
        return (0...(line.count - width)).map { start in
            let part = Array(line[start..<(start + width)])
            return part == finder + space || part == space + finder ? 40 : 0
        }.reduce(0, +)
    }

    private var blockPenalty: Int {
        var blocks = 0
        for y in 1..<size {
            for x in 1..<size {
                let isDark = modules[y][x]
                let others = [modules[y - 1][x], modules[y][x - 1], modules[y - 1][x - 1]]
                if others.allSatisfy({ $0 == isDark }) { blocks += 1 }
            }
        }
        return blocks * 3
    }

    private var shadePenalty: Int {
        let dark = modules.reduce(0) { $0 + $1.filter { $0 }.count }
        return abs(dark * 20 - size * size * 10) / (size * size) * 10
    }

    /// The dark modules as one path, a rectangle for each run of a row; the quiet zone is in the coordinates.
    var path: String {
        var path = ""
        for (y, row) in modules.enumerated() {
            var x = 0
            while x < size {
                let run = row[x...].prefix { $0 }.count
                if run > 0 { path += "M\(x + Self.quietZone) \(y + Self.quietZone)h\(run)v1h-\(run)z" }
                x += max(run, 1)
            }
        }
        return path
    }
}
