/// Files, functions and lines stay of a size that is read at a glance.
extension HouseRule {
    static let everywhere = ["Sources", "Tests", "Benchmarks"]

    static let sizes = HouseRule(
        "a file has at most 300 lines", in: everywhere,
        against: [Example(String(repeating: "let one = 1\n", count: 301))],
        not: [Example(String(repeating: "let one = 1\n", count: 300))]
    ) { file in
        file.lines.count > 300 ? [file.finding(0, "has \(file.lines.count) lines: is there a second noun in it?")] : []
    }

    static let width = HouseRule(
        "a line has at most 120 columns", in: everywhere,
        against: [Example("// " + String(repeating: "x", count: 118))],
        not: [Example("// " + String(repeating: "ü", count: 117))]
    ) { file in
        let long = file.lines.indices.filter { file.lines[$0].utf8.count > 120 && file.lines[$0].count > 120 }
        return long.map { file.finding($0, "is too long") }
    }

    static let functionSizes = HouseRule(
        "a function has at most 40 lines", in: everywhere,
        against: [
            Example("func long() {\n" + String(repeating: "    step()\n", count: 41) + "}"),
            Example(
                "    init(\n        a: Int\n    ) {\n" + String(repeating: "        step()\n", count: 41) + "    }"),
            Example(
                "func outer() {\n    func inner<T>(_ t: T) throws -> Int {\n" + String(repeating: "\n", count: 41)
                    + "} }"),
        ],
        not: [
            Example("func short() {\n" + String(repeating: "    step()\n", count: 40) + "}"),
            Example("protocol P {\n    func a()\n    func b()\n}\n" + String(repeating: "\n", count: 50) + "enum E {}"),
        ]
    ) { file in
        file.functions.filter { $0.bodyLines > 40 }.map { function in
            file.finding(function.line, "\(function.name) has \(function.bodyLines) lines")
        }
    }

    /// The initializer of a plain value has as many as the value has parts.
    static let parameters = HouseRule(
        "a function has at most 6 parameters", in: everywhere,
        against: [Example("func f(a: Int, b: Int, c: [Int: Int], d: (Int, Int) -> Int, e: Int, f: Int, g: Int) {}")],
        not: [
            Example("func f(a: Int, b: Int, c: [Int: Int], d: (Int, (Int) -> Int), e: Int, f: Set<Int>,\n) {}"),
            Example("init(a: Int, b: Int, c: Int, d: Int, e: Int, f: Int, g: Int) {}"),
        ]
    ) { file in
        file.functions.filter { !$0.isInitializer && $0.parameters > 6 }.map { function in
            file.finding(function.line, "\(function.name) has \(function.parameters) parameters")
        }
    }
}
