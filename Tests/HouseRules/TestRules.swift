/// Tests run, and wait for nothing but what they wait for.
extension HouseRule {
    /// A test that lost its `@Test` still compiles, and never runs again.
    static let testsRun = HouseRule(
        "a function that expects something is a test, or a private part of one", in: ["Tests"],
        against: [
            test("    func expires() {\n        #expect(1 == 1)\n    }"),
            test(
                """
                    @Test func first() {
                        #expect(true)
                    }

                    func second() throws {
                        try #require(x)
                    }
                """),
            test("    func fails() {\n        Issue.record(\"no\")\n    }"),
        ],
        not: [
            test(
                """
                    @Test("it expires", arguments: [1])
                    func expires(
                        day: Int
                    ) {
                        #expect(day == 1)
                    }
                """),
            test("    private func check() {\n        #expect(true)\n    }"),
            test("    func given() -> Int {\n        1 // #expect\n    }"),
        ]
    ) { file in
        guard file.name.hasSuffix("Tests.swift") else { return [] }
        return file.functions.compactMap { function in
            guard !function.isPrivate, !function.isInitializer, expects(function.code),
                !hasTestAttribute(above: function.line, in: file)
            else { return nil }
            return file.finding(function.line, "\(function.name) expects something but is no @Test")
        }
    }

    /// A test that returns before it has looked at anything passes, whatever it was about.
    static let testsLook = HouseRule(
        "a test does not end early without a word", in: ["Tests"],
        against: [
            test(
                """
                    @Test("it is shut off", arguments: [1])
                    func stops(day: Int) throws {
                        guard case .updateToken(let token) = changes[0] else { return }
                        #expect(token.isRevoked)
                    }
                """),
            test("    @Test func stops() {\n        guard isThere else {\n            return\n        }\n    }"),
        ],
        not: [
            test(
                """
                    @Test func stops() {
                        guard isThere else {
                            Issue.record("it is gone")
                            return
                        }
                    }
                """),
            test("    private func put() {\n        guard isThere else { return }\n    }"),
            test("    @Test func stops() throws {\n        let token = try #require(changes.first)\n    }"),
        ]
    ) { file in
        guard file.name.hasSuffix("Tests.swift") else { return [] }
        return file.functions.compactMap { function in
            guard hasTestAttribute(above: function.line, in: file),
                function.code.contains(/else\s*\{\s*return\s*\}/)
            else { return nil }
            return file.finding(function.line, "\(function.name) may pass without a look: use #require, or a trait")
        }
    }

    static let noSleep = HouseRule(
        "tests do not sleep", in: ["Tests"],
        against: [test("try await Task.sleep(for: .seconds(1))"), test("    usleep(10)"), test("    sleep(1)")],
        not: [test("let name = \"no sleep\""), test("clock.advance(by: .seconds(1))")]
    ) { file in
        let words = ["Task.sleep", "usleep(", "Thread.sleep", "nanosleep(", " sleep("]
        return lines(file.code, of: file, with: words, say: "makes a test slow, or wrong now and then")
    }

    private static func expects(_ code: Substring) -> Bool {
        ["#expect", "#require", "Issue.record", "confirmation("].contains { code.contains($0) }
    }

    /// Attributes stand on the function's own line or on those right above it, down from the last end of something.
    private static func hasTestAttribute(above line: Int, in file: SourceFile) -> Bool {
        let above = file.code[..<line].reversed().prefix { text in
            let text = text.trimmed
            return !text.isEmpty && !text.hasSuffix("}") && !text.hasSuffix("{")
        }
        return file.code[line].contains("@Test") || above.contains { $0.contains("@Test") }
    }

    private static func test(_ content: String) -> Example { Example(content, in: "Tests/AnyTests/ThingTests.swift") }
}
