import LatchkeyCore
import Testing

@testable import LatchkeyHTTP

@Suite("The filter grammar")
struct FilterParserTests {
    private func parse(_ text: String, _ type: ResourceType = .user) throws(SCIMFault) -> AttributeFilter {
        try FilterParser.filter(text, of: type)
    }

    private func fault(_ text: String) -> SCIMFault? {
        do {
            _ = try parse(text)
            return nil
        } catch {
            return error
        }
    }

    @Test("reads the examples of RFC 7644")
    func examples() throws {
        #expect(
            try parse(#"userName eq "bjensen""#)
                == .compare(AttributePath("userName"), .equal, .text("bjensen", isExact: false)))
        #expect(
            try parse(#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J""#)
                == .compare(AttributePath("userName"), .startsWith, .text("J", isExact: false)))
        #expect(try parse("title pr") == .present(AttributePath("title")))
        #expect(
            try parse(#"meta.lastModified gt "2011-05-13T04:42:34Z""#)
                == .compare(
                    AttributePath("meta", "lastModified"), .greater, .text("2011-05-13T04:42:34Z", isExact: true)))
        #expect(
            try parse(#"userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")"#)
                == .all(
                    .compare(AttributePath("userType"), .equal, .text("Employee", isExact: false)),
                    .any(
                        .compare(AttributePath("emails"), .contains, .text("example.com", isExact: false)),
                        .compare(AttributePath("emails", "value"), .contains, .text("example.org", isExact: false)))))
        #expect(
            try parse(#"emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp"]"#)
                == .any(
                    .within(
                        AttributePath("emails"),
                        .all(
                            .compare(AttributePath("type"), .equal, .text("work", isExact: false)),
                            .compare(AttributePath("value"), .contains, .text("@example.com", isExact: false)))),
                    .within(
                        AttributePath("ims"), .compare(AttributePath("type"), .equal, .text("xmpp", isExact: false)))))
    }

    @Test("reads what Entra asks of a part of the value that it picked")
    func partOfPicked() throws {
        let asked = try parse(#"emails[type eq "work"].value eq "Ada@X" and active eq true"#)
        #expect(
            asked
                == .all(
                    .within(
                        AttributePath("emails"),
                        .all(
                            .compare(AttributePath("type"), .equal, .text("work", isExact: false)),
                            .compare(AttributePath("value"), .equal, .text("Ada@X", isExact: false)))),
                    .compare(AttributePath("active"), .equal, .flag(true))))
        for text in [#"emails[type eq "work"].value"#, #"emails[type eq "work"]. eq "x""#, #"emails[type pr].a.b pr"#] {
            #expect(fault(text)?.type == .invalidFilter, "\(text)")
        }
    }

    @Test("binds and closer than or, and not to its group")
    func precedence() throws {
        let (a, b, c) = (
            AttributeFilter.present(AttributePath("title")), AttributeFilter.present(AttributePath("locale")),
            AttributeFilter.present(AttributePath("nickName"))
        )
        #expect(try parse("title pr or locale pr and nickName pr") == .any(a, .all(b, c)))
        #expect(try parse("(title pr or locale pr) and nickName pr") == .all(.any(a, b), c))
        #expect(try parse("not (title pr) and locale pr") == .all(.not(a), b))
        #expect(try parse("NOT(title PR) AND LOCALE Pr") == .all(.not(a), b))
    }

    @Test("reads names and operators without case, an extension's URN, and values of every kind")
    func values() throws {
        #expect(
            try parse(#"USERNAME Eq "a""#) == .compare(AttributePath("userName"), .equal, .text("a", isExact: false)))
        #expect(try parse("active eq True") == .compare(AttributePath("active"), .equal, .flag(true)))
        #expect(try parse(#"active eq "false""#) == .compare(AttributePath("active"), .equal, .flag(false)))
        #expect(try parse("title eq null") == .compare(AttributePath("title"), .equal, .null))
        #expect(
            try parse(#"userName eq "q\"\\é""#)
                == .compare(AttributePath("userName"), .equal, .text("q\"\\é", isExact: false)))
        let urn = SCIMSchema.enterpriseUser.urn
        #expect(
            try parse("\(urn.uppercased()):department eq \"x\"")
                == .compare(AttributePath(schema: urn, "department"), .equal, .text("x", isExact: false)))
        #expect(
            try parse("\(urn):manager.value eq \"7\"")
                == .compare(AttributePath(schema: urn, "manager", "value"), .equal, .text("7", isExact: true)))
    }

    @Test("takes what no schema knows as an attribute that nobody has")
    func unknown() throws {
        let filter = try parse(#"shoeSize eq 43 and urn:example:x:y pr"#)
        #expect(!filter.matches(["userName": .text("a")]))
    }

    @Test(
        "refuses what is not in it with invalidFilter",
        arguments: [
            "", "   ", "userName", "userName eq", #"userName eq "a"#, #"userName eq 'a'"#, "userName eq a",
            #"eq "a""#, #"userName = "a""#, #"userName eq "a" and"#, #"userName eq "a" or or title pr"#,
            #"(userName eq "a""#, #"userName eq "a")"#, "not userName pr", #"emails[type eq "work""#,
            #"emails[type eq "work"]]"#, #"emails[emails[type eq "x"]]"#, #"userName eq "a" "b""#, "5 eq 5",
            #"active gt true"#, #"active co "t""#, "active eq 5", #"active eq "maybe""#, #"name eq "x""#,
            #"userName eq 5"#, #"meta.created gt "yesterday""#, #"userName gt null"#, #"userName eq true"#,
            #"x509Certificates.value gt "AA""#, #"user name eq "a""#, "üser pr", #"a.b.c pr"#, "userName eq \"\\u12\"",
        ])
    func refused(text: String) {
        #expect(fault(text)?.type == .invalidFilter, "\(text)")
        #expect(fault(text)?.status == 400)
    }

    @Test("bounds length, depth and comparisons")
    func bounds() {
        let long = "userName eq \"\(String(repeating: "a", count: FilterLexer.longest))\""
        #expect(fault(long)?.type == .invalidFilter)
        let deep = String(repeating: "(", count: 1000) + "title pr" + String(repeating: ")", count: 1000)
        #expect(fault(deep)?.type == .invalidFilter)
        let wide = Array(repeating: "title pr", count: FilterParser.mostComparisons + 1).joined(separator: " or ")
        #expect(fault(wide)?.type == .invalidFilter)
        #expect(
            fault(Array(repeating: "title pr", count: FilterParser.mostComparisons).joined(separator: " or ")) == nil)
    }

    @Test("survives every cut and every foreign sign in a filter")
    func mutilated() {
        let text =
            #"not (emails[type eq "work" and primary eq true]) or userName sw "a\"b" and meta.created ge "2027-01-01""#
        let signs = Array(text)
        for cut in 0...signs.count { _ = fault(String(signs[..<cut])) }
        for place in signs.indices {
            for sign in ["(", ")", "[", "]", "\"", "\\", " ", ".", "$", ":", "é", "\0"] {
                var broken = signs
                broken[place] = Character(sign)
                if let fault = fault(String(broken)) { #expect(fault.type == .invalidFilter) }
            }
        }
    }
}
