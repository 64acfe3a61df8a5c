import HTTPTypes
import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

@Suite("The page of directory sync")
struct DirectoryPageTests {
    @Test("shows the URL, the live tokens with their last contact, what was synced and what was refused")
    func overview() async throws {
        let directory = try await DirectoryServer()
        try await directory.test { client in
            _ = try await client.givenPerson("ada")
            _ = try await client.ask(.post, "/Users", Directory.person("ada"))
        }
        try await directory.server.browse { browser in
            let page = try await browser.get(DirectoryPage.path)
            #expect(page.status == 200)
            for text in [
                "https://latchkey.example.com/api/scim/v2", "1 person created", "POST /Users", "Okta", ">scim</a>",
                "There is a user of this userName already.",
            ] {
                #expect(page.text.contains(text), "\(text)")
            }
        }
    }

    @Test("shows each of several live tokens with its own last contact, and none that has run out")
    func tokens() async throws {
        let directory = try await DirectoryServer()
        let server = directory.server
        _ = try await server.givenToken(for: directory.account, name: "next", isSCIMOnly: true)
        let gone = NewToken(name: "gone", owner: directory.account, lifetime: .days(1), isSCIMOnly: true)
        _ = try await server.app.issueToken(gone, as: server.adminCaller)
        server.clock.advance(by: .days(2))
        try await directory.test { client in _ = try await client.givenPerson("ada") }
        try await server.browse { browser in
            let text = try await browser.get(DirectoryPage.path).text
            let live = text.split(separator: "Live SCIM tokens").last.map(String.init) ?? ""
            let rows = live.split(separator: "<tr>").filter { $0.contains("/settings/tokens/") }
            #expect(rows.count == 2)
            let used = rows.filter { $0.contains(">scim</a>") }
            let waiting = rows.filter { $0.contains(">next</a>") }
            #expect(used.count == 1 && used.allSatisfy { !$0.contains("Never") && $0.contains("<time") })
            #expect(waiting.count == 1 && waiting.allSatisfy { $0.contains("Never") })
            #expect(!live.contains(">gone</a>"))
        }
    }

    @Test("tells what each sync changed, by kind")
    func changes() async throws {
        let directory = try await DirectoryServer()
        try await directory.test { client in
            let id = try await client.givenPerson("ada")
            let other = try await client.givenPerson("bob")
            let group = try await client.givenGroup("Guides", members: [id, other])
            for value in ["false", "true"] {
                _ = try await client.patch("/Users/\(id)", #"[{"op":"replace","path":"active","value":\#(value)}]"#)
            }
            _ = try await client.patch("/Users/\(id)", #"[{"op":"add","path":"title","value":"Guide"}]"#)
            _ = try await client.patch(
                "/Groups/\(group)", #"[{"op":"remove","path":"members[value eq \"\#(id)\"]"}]"#)
            _ = try await client.ask(.delete, "/Users/\(other)")
            _ = try await client.ask(.delete, "/Groups/\(group)")
        }
        try await directory.server.browse { browser in
            let text = try await browser.get(DirectoryPage.path).text
            for words in [
                "2 people created", "1 person updated", "1 person deactivated", "1 person reactivated",
                "1 person deleted", "1 team created", "1 team deleted", "2 members added",
            ] {
                #expect(text.contains(words), "\(words)")
            }
        }
    }

    @Test("checks the directory that is chosen, and says in words what would not work")
    func failedCheck() async throws {
        let directory = try await DirectoryServer()
        let server = directory.server
        let bare = try await server.givenServiceUser("Entra")
        try await server.browse { browser in
            let one = try await browser.get(DirectoryPage.path).text
            #expect(one.contains(#"<input type="hidden" name="directory" value="\#(directory.account)">"#))
            let check = try await browser.send(
                [("directory", "\(bare)")], to: "\(DirectoryPage.path)/check", from: DirectoryPage.path)
            #expect(check.status == 200)
            #expect(check.text.contains("This directory has no live SCIM token."))
            #expect(!check.text.contains("Everything would work."))
        }
        _ = try await server.givenToken(for: bare, name: "second", isSCIMOnly: true)
        try await server.browse { browser in
            let several = try await browser.get(DirectoryPage.path).text
            #expect(several.contains(#"<option value="\#(bare)">Entra</option>"#))
        }
    }

    @Test("rehearses a sync, and releases a directory after it has asked")
    func work() async throws {
        let directory = try await DirectoryServer()
        try await directory.test { client in _ = try await client.givenPerson("ada") }
        let path = "\(DirectoryPage.path)/\(directory.account)/release"
        try await directory.server.browse { browser in
            let check = try await browser.send([], to: "\(DirectoryPage.path)/check", from: DirectoryPage.path)
            #expect(check.status == 200)
            #expect(check.text.contains("Everything would work."))
            let question = try await browser.get(path)
            #expect(question.text.contains("Its 1 person and 0 teams"))
            let done = try await browser.send([], to: path, from: path)
            #expect(done.status == 303 && done.location == DirectoryPage.path)
            #expect(try await browser.get(path).status == 404)
        }
    }
}
