import Testing

/// What `CONTRIBUTING.md` asks for and a program can check. The rest is for reviewers.
@Suite("The house rules")
struct HouseRules {
    static let all: [HouseRule] = [
        .walls, .sizes, .functionSizes, .parameters, .width, .clockAndChance, .reveal, .queries, .printing, .testsRun,
        .testsLook, .noSleep, .names, .openEnds, .promises,
    ]

    @Test("hold in every file", arguments: all)
    func hold(rule: HouseRule) throws {
        let files = try SourceFile.all(under: rule.folders)
        try #require(files.count > 3)
        let findings = files.flatMap(rule.findings)
        #expect(findings.isEmpty, "\(rule.sentence):\n\(findings.joined(separator: "\n"))")
    }

    @Test("find what they look for", arguments: all)
    func canFail(rule: HouseRule) throws {
        try #require(!rule.violations.isEmpty)
        for example in rule.violations {
            let findings = rule.findings(example.file)
            #expect(!findings.isEmpty, "\(rule.sentence), but nothing is said of:\n\(example.content)")
        }
    }

    @Test("leave alone what is right", arguments: all)
    func letPass(rule: HouseRule) throws {
        try #require(!rule.manners.isEmpty)
        for example in rule.manners {
            let findings = rule.findings(example.file)
            #expect(findings.isEmpty, "\(rule.sentence), yet \(findings) is said of:\n\(example.content)")
        }
    }

    @Test("know every target")
    func everyTargetHasWalls() throws {
        let targets = Set(
            try SourceFile.paths(under: "Sources").compactMap { $0.split(separator: "/").dropFirst().first })
        #expect(Set(targets.map(String.init)) == Set(Walls.imports.keys))
    }

    @Test("ask for a reason for every package")
    func everyPackageHasItsReason() throws {
        let reasons = try SourceFile.text(of: "docs/decisions/0009-dependencies.md")
        let packages = try SourceFile.text(of: "Package.swift").matches(of: /url: "[^"]*\/([^\/"]+?)(?:\.git)?"/)
        let clients = try SourceFile.text(of: "Tests/Real/requirements.txt").matches(of: /(?m)^([\w-]+).*==/)
        try #require(packages.count > 5 && clients.count > 5)
        for name in packages.map(\.1) + clients.map(\.1) where !reasons.contains("**\(name)**") {
            Issue.record("docs/decisions/0009-dependencies.md has no line for \(name)")
        }
    }
}
