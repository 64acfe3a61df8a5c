import LatchkeyCore
import Testing

@Suite("What a claim has to be")
struct ClaimPatternTests {
    private func pattern(_ text: String, given: Int = 2) throws(Refusal) -> ClaimPattern {
        try ClaimPattern(text, given: given, at: "/subject")
    }

    @Test("without a star is compared to the letter")
    func exact() throws {
        let pattern = try pattern("repo:acme/pipelines:ref:refs/heads/main")
        #expect(pattern.matches("repo:acme/pipelines:ref:refs/heads/main"))
        for other in [
            "repo:acme/pipelines:ref:refs/heads/main2", "repo:acme/pipelines:ref:refs/heads", "",
            "Repo:acme/pipelines:ref:refs/heads/main", "repo:acme/pipelines:ref:refs/heads/main ",
            "repo/acme/pipelines:ref:refs/heads/main",
        ] {
            #expect(!pattern.matches(other), "\(other)")
        }
        #expect(try !self.pattern("ns:é").matches("ns:e\u{301}"), "texts that only look alike are two")
    }

    @Test("with * leaves exactly one whole part open")
    func onePart() throws {
        let pattern = try pattern("repo:acme/*:ref:refs/heads/main")
        #expect(pattern.matches("repo:acme/pipelines:ref:refs/heads/main"))
        for other in [
            "repo:acme/a/b:ref:refs/heads/main", "repo:acme/a:b:ref:refs/heads/main", "repo:acme/:ref:refs/heads/main",
            "repo:acme-evil/a:ref:refs/heads/main", "repo:acme/a/ref:refs/heads/main", "repo:acme/*:ref:refs/heads/dev",
        ] {
            #expect(!pattern.matches(other), "\(other)")
        }
    }

    @Test("with ** at the end leaves one part or more open")
    func rest() throws {
        let pattern = try pattern("repo:acme/pipelines:**")
        #expect(pattern.matches("repo:acme/pipelines:environment"))
        #expect(pattern.matches("repo:acme/pipelines:ref:refs/heads/a/b"))
        #expect(!pattern.matches("repo:acme/pipelines"))
        #expect(!pattern.matches("repo:acme/pipelines:"))
        #expect(!pattern.matches("repo:acme/pipelines2:x"))
    }

    @Test(
        "is refused where a star would let strangers in",
        arguments: [
            "*", "**", "repo:*", "repo:**", "repo:acme*", "repo:acme/pipe*", "repo:acme/**:ref:main", "*:acme/x",
            "repo:acme/***", "", "a\nb:c", String(repeating: "a", count: 1001),
        ])
    func bounds(text: String) {
        #expect(refusal { () throws(Refusal) in _ = try pattern(text) }?.pointers == ["/subject"])
    }

    @Test("of a claim beside the subject begins with one part that is given")
    func claims() throws {
        #expect(try pattern("refs/*/main", given: 1).matches("refs/heads/main"))
        #expect(refusal { () throws(Refusal) in _ = try pattern("*/main", given: 1) } != nil)
    }
}
