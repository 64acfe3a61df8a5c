import LatchkeyCore
import LatchkeyTestSupport
import Testing

@Suite("An edit of attributes")
struct AttributeEditTests {
    private static let work: AttributeFilter = .compare(AttributePath("type"), .equal, .text("work", isExact: false))
    private static let emails = AttributeTarget(AttributePath("emails"), isMultiValued: true)

    private func email(_ value: String, _ type: String, primary: Bool? = nil) -> AttributeValue {
        var object: AttributeRecord = ["value": .text(value), "type": .text(type)]
        object["primary"] = primary.map { .flag($0) }
        return .object(object)
    }

    @Test("adds a value once, and a new primary one takes the old one's place")
    func adds() throws {
        let record: AttributeRecord = ["emails": .list([email("a@x", "work", primary: true)])]
        let again = try record.applying([.add(Self.emails, email("a@x", "work", primary: true))])
        #expect(again == record)
        let more = try record.applying([.add(Self.emails, email("b@x", "home", primary: true))])
        #expect(
            more["emails"]
                == .list([email("a@x", "work", primary: false), email("b@x", "home", primary: true)]))
    }

    @Test("leaves no two values the primary one")
    func onePrimary() throws {
        let record: AttributeRecord = [
            "emails": .list([email("a@x", "work"), email("b@x", "work"), email("c@x", "home", primary: true)])
        ]
        let part = AttributePath("emails", "primary")
        let targets = [
            AttributeTarget(part, filter: Self.work, isMultiValued: true), AttributeTarget(part, isMultiValued: true),
        ]
        for target in targets {
            let refused = refusal { () throws(Refusal) in
                _ = try record.applying([.replace(target, .flag(true))])
            }
            #expect(refused?.pointers == ["emails"])
        }
        let home: AttributeFilter = .compare(AttributePath("value"), .equal, .text("a@x", isExact: false))
        let moved = try record.applying([
            .replace(AttributeTarget(part, filter: home, isMultiValued: true), .flag(true))
        ])
        #expect(moved["emails"]?.items.map { $0.object?["primary"] } == [.flag(true), nil, .flag(false)])
    }

    @Test("makes what Entra adds to a filtered path that nothing fits")
    func makes() throws {
        let target = AttributeTarget(AttributePath("emails", "value"), filter: Self.work, isMultiValued: true)
        let record = try AttributeRecord().applying([.add(target, .text("a@x"))])
        #expect(record["emails"] == .list([email("a@x", "work")]))
    }

    @Test("refuses to replace what is not there with noTarget")
    func noTarget() {
        let target = AttributeTarget(AttributePath("emails", "value"), filter: Self.work, isMultiValued: true)
        let refused = refusal { () throws(Refusal) in
            _ = try AttributeRecord().applying([.replace(target, .text("a@x"))])
        }
        guard case .invalid(let flaws)? = refused else {
            Issue.record("not refused")
            return
        }
        #expect(flaws.map(\.kind) == [.noTarget])
    }

    @Test("changes those values alone that the filter fits")
    func filtered() throws {
        let record: AttributeRecord = ["emails": .list([email("a@x", "work"), email("b@x", "home")])]
        let value = AttributeTarget(AttributePath("emails", "value"), filter: Self.work, isMultiValued: true)
        let changed = try record.applying([.replace(value, .text("c@x"))])
        #expect(changed["emails"] == .list([email("c@x", "work"), email("b@x", "home")]))
        let whole = AttributeTarget(AttributePath("emails"), filter: Self.work, isMultiValued: true)
        let gone = try record.applying([.remove(whole, values: [])])
        #expect(gone["emails"] == .list([email("b@x", "home")]))
        let stripped = try record.applying([.remove(value, values: [])])
        #expect(stripped["emails"] == .list([.object(["type": .text("work")]), email("b@x", "home")]))
    }

    @Test("removes the values it names, by their value, and leaves no empty list")
    func removes() throws {
        let record: AttributeRecord = ["emails": .list([email("a@x", "work"), email("b@x", "home")])]
        let one = try record.applying([.remove(Self.emails, values: [.object(["value": .text("a@x")])])])
        #expect(one["emails"] == .list([email("b@x", "home")]))
        let none = try one.applying([.remove(Self.emails, values: [.object(["value": .text("b@x")])])])
        #expect(none["emails"] == nil)
        #expect(try none.applying([.remove(Self.emails, values: [])]) == none)
    }

    @Test("of a complex attribute leaves the parts that it does not name")
    func merges() throws {
        let record: AttributeRecord = ["name": .object(["givenName": .text("Ada"), "familyName": .text("L")])]
        let name = AttributeTarget(AttributePath("name"))
        let changed = try record.applying([.replace(name, .object(["familyName": .text("King")]))])
        #expect(changed["name"] == .object(["givenName": .text("Ada"), "familyName": .text("King")]))
        let part = AttributeTarget(AttributePath("name", "givenName"))
        let stripped = try changed.applying([.remove(part, values: [])])
        #expect(stripped["name"] == .object(["familyName": .text("King")]))
    }

    @Test("reaches an extension, in part and as a whole")
    func extent() throws {
        let department = AttributeTarget(AttributePath(schema: "urn:x", "department"))
        let whole = AttributeTarget(AttributePath(schema: "urn:x", nil))
        var record = try AttributeRecord().applying([.add(department, .text("Engines"))])
        #expect(record == ["urn:x": .object(["department": .text("Engines")])])
        record = try record.applying([.add(whole, .object(["division": .text("North")]))])
        #expect(record["urn:x"] == .object(["department": .text("Engines"), "division": .text("North")]))
        #expect(
            try record.applying([.remove(department, values: [])])["urn:x"] == .object(["division": .text("North")]))
        #expect(try record.applying([.remove(whole, values: [])]).isEmpty)
    }

    @Test("that adds, and then removes the same, restores what was there")
    func restores() throws {
        let bytes = CountingBytes(seed: 3)
        for round in 0..<200 {
            let draw = bytes.bytes(3)
            let held = (0..<Int(draw[0] % 4)).map { email("held\($0)@x", "work") }
            let record: AttributeRecord = held.isEmpty ? [:] : ["emails": .list(held)]
            let new = email("new\(round)@x", draw[1] % 2 == 0 ? "home" : "other")
            let back = try record.applying([.add(Self.emails, new), .remove(Self.emails, values: [new])])
            #expect(back == record)
        }
    }
}
