import HTTPTypes
import LatchkeyCore
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
