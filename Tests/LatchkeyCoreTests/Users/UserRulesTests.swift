import LatchkeyCore
import Testing

@Suite("The rules of users")
struct UserRulesTests {
    private let admin = Given.caller(.admin)
    private let now = Given.now

    @Test("let nobody make, raise or lower anybody above their own role")
    func roles() {
        let manager = Given.caller(.manager)
        let request = NewServiceUser(name: "Sync", role: .admin)
        #expect(
            refusal { () throws(Refusal) in
                _ = try User.create(request, id: ID(5), teams: [], by: manager, at: now)
            }?.isForbidden == true)
        let edits: [(User, UserEdit)] = [
            (Given.serviceUser(role: .member), .role(.admin)), (Given.serviceUser(role: .admin), .role(.member)),
        ]
        for (user, edit) in edits {
            #expect(
                refusal { () throws(Refusal) in
                    _ = try user.applying([edit], teams: [], isLastAdmin: false, by: manager, at: now)
                }?.isForbidden == true)
        }
    }

    @Test("keep the last active Admin: neither demoted nor deactivated")
    func lastAdmin() {
        let ada = Given.person()
        #expect(
            refusal { () throws(Refusal) in
                _ = try ada.applying([.role(.member)], teams: [], isLastAdmin: true, by: admin, at: now)
            }?.isConflict == true)
        #expect(
            refusal { () throws(Refusal) in
                _ = try ada.deactivate(
                    activeTokens: [], sessions: [], revokingTokens: true, isLastAdmin: true, by: admin, at: now)
            }?.isConflict == true)
    }

    @Test("refuse to deactivate a service user with active tokens, naming how many, unless they go with it")
    func activeTokens() throws {
        let (user, tokens) = (Given.serviceUser(), [Given.token(1), Given.token(2)])
        let refused = refusal { () throws(Refusal) in
            _ = try user.deactivate(
                activeTokens: tokens, sessions: [], revokingTokens: false, isLastAdmin: false, by: admin, at: now)
        }
        guard case .badRequest(let text) = refused else {
            Issue.record("not a bad request: \(String(describing: refused))")
            return
        }
        #expect(text.contains("2 active tokens"))
        let decision = try user.deactivate(
            activeTokens: tokens, sessions: [], revokingTokens: true, isLastAdmin: false, by: admin, at: now)
        #expect(decision.events.map(\.verb) == [.deactivate, .revoke, .revoke])
        #expect(decision.changes.count == 3)
    }

    @Test("revoke a person's tokens and end their sessions with the account")
    func personalTokens() throws {
        let ada = Given.person(2)
        let decision = try ada.deactivate(
            activeTokens: [Given.token(1, owner: ada)], sessions: [ID(7), ID(8)], revokingTokens: false,
            isLastAdmin: false, by: admin, at: now)
        #expect(decision.events.map(\.verb) == [.deactivate, .revoke, .signOut, .signOut])
    }

    @Test("leave no event where nothing changes")
    func nothing() throws {
        let user = Given.serviceUser()
        let (_, decision) = try user.applying(
            [.name("Sync"), .role(.member), .teams([Given.team(1, "Public")])], teams: [], isLastAdmin: false,
            by: admin, at: now)
        #expect(decision == nil)
    }

    @Test("tell what an edit changed, before and after, and count the version")
    func edit() throws {
        let user = Given.serviceUser()
        let (edited, made) = try user.applying(
            [.name("Sync 2"), .teams([Given.team(3, "Data")])], teams: [Given.team(4, "Old")], isLastAdmin: false,
            by: admin, at: now)
        let decision = try #require(made)
        #expect(edited.handle == user.handle)
        #expect(decision.events[0].changes.map(\.field) == ["name", "teams"])
        #expect(decision.changes.count == 3)
    }

    @Test("let a person's name alone: it comes from elsewhere")
    func person() {
        #expect(
            refusal { () throws(Refusal) in
                _ = try Given.person().applying([.name("Bob")], teams: [], isLastAdmin: false, by: admin, at: now)
            }?.pointers == ["/name"])
    }

    @Test(
        "refuse names that are empty, too long, or hide something",
        arguments: ["", "   ", String(repeating: "a", count: 256), "a\u{202E}b", "a\nb", "日本"])
    func names(name: String) {
        #expect(
            refusal { () throws(Refusal) in
                let request = NewServiceUser(name: name, role: .member)
                _ = try User.create(request, id: ID(5), teams: [], by: admin, at: now)
            }?.pointers == ["/name"])
    }
}
