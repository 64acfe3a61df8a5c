import LatchkeyCore
import Testing

@Suite("A filter")
struct AttributeFilterTests {
    private let ada: AttributeRecord = [
        "userName": .text("Ada@Example.com"), "active": .flag(true), "externalId": .text("A1"),
        "emails": .list([
            .object(["value": .text("ada@work.example"), "type": .text("work"), "primary": .flag(true)]),
            .object(["value": .text("ada@home.example"), "type": .text("home")]),
        ]),
        "urn:x": .object(["department": .text("Engines")]),
    ]

    private func compare(
        _ path: AttributePath, _ comparison: AttributeFilter.Comparison, _ text: String, isExact: Bool = false
    ) -> Bool {
        AttributeFilter.compare(path, comparison, .text(text, isExact: isExact)).matches(ada)
    }

    @Test("compares texts with or without case, as the attribute's schema says")
    func texts() {
        #expect(compare(AttributePath("userName"), .equal, "ada@EXAMPLE.com"))
        #expect(!compare(AttributePath("externalId"), .equal, "a1", isExact: true))
        #expect(compare(AttributePath("externalId"), .equal, "A1", isExact: true))
        #expect(compare(AttributePath("userName"), .contains, "EXAMPLE"))
        #expect(compare(AttributePath("userName"), .startsWith, "ADA"))
        #expect(compare(AttributePath("userName"), .endsWith, ".COM"))
        #expect(compare(AttributePath("userName"), .greater, "abacus"))
        #expect(!compare(AttributePath("userName"), .less, "abacus"))
        #expect(compare(AttributePath("userName"), .greaterOrEqual, "ada@example.com"))
        #expect(compare(AttributePath("userName"), .lessOrEqual, "ada@example.com"))
    }

    @Test("fits when one of several values does, and looks at their value when no part is named")
    func severalValues() {
        #expect(compare(AttributePath("emails", "type"), .equal, "home"))
        #expect(compare(AttributePath("emails"), .equal, "ada@home.example"))
        #expect(compare(AttributePath("emails", "type"), .notEqual, "home"))
        #expect(!compare(AttributePath("emails", "type"), .equal, "other"))
    }

    @Test("in brackets asks one value everything")
    func within() {
        func inner(_ type: String, _ value: String) -> AttributeFilter {
            .within(
                AttributePath("emails"),
                .all(
                    .compare(AttributePath("type"), .equal, .text(type, isExact: false)),
                    .compare(AttributePath("value"), .endsWith, .text(value, isExact: false))))
        }
        #expect(inner("work", "work.example").matches(ada))
        #expect(!inner("work", "home.example").matches(ada))
    }

    @Test("takes an empty text for nothing where it asks what is present")
    func present() {
        let record: AttributeRecord = ["title": .text(""), "nickName": .text("A"), "name": .object([:])]
        #expect(AttributeFilter.present(AttributePath("nickName")).matches(record))
        for name in ["title", "name", "locale"] {
            #expect(!AttributeFilter.present(AttributePath(name)).matches(record))
        }
    }

    @Test("takes an attribute that is not there as unlike everything but null")
    func absent() {
        let path = AttributePath("title")
        #expect(!compare(path, .equal, "x"))
        #expect(compare(path, .notEqual, "x"))
        #expect(AttributeFilter.compare(path, .equal, .null).matches(ada))
        #expect(!AttributeFilter.compare(path, .notEqual, .null).matches(ada))
        #expect(!AttributeFilter.present(path).matches(ada))
        #expect(!compare(path, .greater, "x"))
    }

    @Test("is joined by and, or and not")
    func joined() {
        let (yes, no) = (
            AttributeFilter.present(AttributePath("userName")), AttributeFilter.present(AttributePath("x"))
        )
        #expect(AttributeFilter.all(yes, yes).matches(ada))
        #expect(!AttributeFilter.all(yes, no).matches(ada))
        #expect(AttributeFilter.any(no, yes).matches(ada))
        #expect(!AttributeFilter.any(no, no).matches(ada))
        #expect(AttributeFilter.not(no).matches(ada))
    }

    @Test("reaches into an extension")
    func extent() {
        #expect(compare(AttributePath(schema: "urn:x", "department"), .equal, "engines"))
        #expect(!compare(AttributePath(schema: "urn:y", "department"), .equal, "engines"))
        #expect(AttributeFilter.present(AttributePath(schema: "urn:x", nil)).matches(ada))
    }

    @Test("compares flags and numbers with their like alone")
    func otherKinds() {
        let path = AttributePath("active")
        #expect(AttributeFilter.compare(path, .equal, .flag(true)).matches(ada))
        #expect(AttributeFilter.compare(path, .notEqual, .flag(false)).matches(ada))
        #expect(!AttributeFilter.compare(path, .equal, .text("true", isExact: false)).matches(ada))
        let record: AttributeRecord = ["n": .integer(3), "d": .decimal(2.5)]
        #expect(AttributeFilter.compare(AttributePath("n"), .greater, .decimal(2.5)).matches(record))
        #expect(AttributeFilter.compare(AttributePath("d"), .less, .integer(3)).matches(record))
        #expect(!AttributeFilter.compare(AttributePath("n"), .contains, .integer(3)).matches(record))
    }
}
