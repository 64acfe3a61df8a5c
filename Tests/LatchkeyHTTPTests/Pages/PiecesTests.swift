import HTTPTypes
import LatchkeyCore
import Testing

@testable import LatchkeyHTTP

@Suite("The pieces of pages")
struct PiecesTests {
    private static let now = Timestamp(seconds: 1_826_712_000)

    @Test(
        "say how far away a moment is",
        arguments: [
            (0, "just now"), (-44, "just now"), (30, "in a moment"), (-60, "1 minute ago"), (-3_599, "59 minutes ago"),
            (7_200, "in 2 hours"), (-86_400, "1 day ago"), (45 * 86_400, "in 45 days"), (-90 * 86_400, "3 months ago"),
            (400 * 86_400, "in 1 year"),
        ] as [(Int, String)])
    func relative(seconds: Int, words: String) {
        #expect(Moment.relative(Self.now + .seconds(seconds), now: Self.now) == words)
    }

    @Test("write numbers, days and places")
    func writing() {
        #expect([0, 999, 1000, 1_234_567, -12_345].map(\.grouped) == ["0", "999", "1,000", "1,234,567", "−12,345"])
        #expect(Self.now.exact == "20 Nov 2027, 12:00 UTC")
        #expect([0, 1.04, 1.25, -0.56, 120, .nan].map(\.drawn) == ["0", "1", "1.3", "-0.6", "120", "0"])
        #expect([0, 1, 3, 7, 11, 22, 51, 700, 801].map(Scale.top) == [1, 1, 3, 8, 20, 30, 60, 800, 1000])
    }

    @Test("take initials from a name")
    func initials() {
        let names = ["Ada Lovelace", "grace@example.com", "x", "", "Jean-Luc de la Tour"]
        #expect(names.map { Avatar(name: $0, isService: false).initials } == ["AL", "GC", "X", "", "JT"])
    }

    @Test("say after a change only what is on the list")
    func flashes() {
        for saying in Flash.Saying.allCases {
            #expect(Flash(word: saying.rawValue[...]) == .said(saying))
        }
        #expect(Flash(word: "tokens-revoked.3")?.text == "3 user tokens successfully revoked")
        for word in ["", "hello", "tokens-revoked.-1", "tokens-revoked.x", "tokens-revoked.99999999"] {
            #expect(Flash(word: word[...]) == nil)
        }
    }

    @Test("show a form again with what was typed and what is wrong")
    func form() throws {
        let typed = FormFields("name=&teams=A&teams=B&note=x")
        let flaws = [
            Flaw(pointer: "/name", detail: "must not be empty"), Flaw(pointer: "/teams/1", detail: "No such team."),
            Flaw(pointer: "/hidden", detail: "is odd"),
        ]
        let form = try #require(Form(typed, refused: .invalid(flaws)))
        #expect(form.text("name", "Name", "before").value == "")
        #expect(form.text("name", "Name").flaw == "This must not be empty.")
        #expect(form.flaw("teams") == "No such team.")
        #expect(form.notice(besides: ["name", "teams"]) == "This is odd.")
        #expect(form.status == .unprocessableContent)
        #expect(Form(typed, refused: .forbidden("no")) == nil)
    }

    @Test("say when to come back, and nothing of what failed inside")
    func refusals() throws {
        struct Inside: Error, CustomStringConvertible { let description = "canary-of-the-inside" }
        let failed = RefusalWords(Inside())
        #expect(failed.status == .internalServerError)
        #expect(!(failed.headline + failed.detail).contains("canary"))
        let once = try #require(Form(FormFields("name=x"), refused: .limited(retryAfter: .seconds(60))))
        #expect(once.notice(besides: []) == "Too many tries. Try again in 1 minute.")
        let later = try #require(Form(FormFields("name=x"), refused: .limited(retryAfter: .seconds(61))))
        #expect(later.notice(besides: []) == "Too many tries. Try again in 2 minutes.")
        #expect(Refusal.limited(retryAfter: .seconds(61)).wait == .seconds(61))
        #expect(Refusal.forbidden("no").wait == nil)
    }
}
