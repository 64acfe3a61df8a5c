import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@Suite("Identity providers")
struct IdentityProviderTests {
    @Test("are an Admin's to set up, and nobody else's", arguments: [Role.member, .editor, .manager])
    func permission(role: Role) async throws {
        let house = try await SignOnHouse(on: .sqlite)
        let user = try await house.house.givenServiceUser("Other", role: role)
        let caller = try await house.house.caller(try await house.house.givenToken(for: user).secret)
        let (app, id) = (house.app, house.set.id)
        let attempts: [@Sendable () async throws -> Void] = [
            { _ = try await app.listIdentityProviders(as: caller) },
            { _ = try await app.findIdentityProvider(id, as: caller) },
            { _ = try await app.createIdentityProvider(SignOnHouse.edit(), as: caller) },
            { _ = try await app.updateIdentityProvider(id, IdentityProviderEdit(), as: caller) },
            { _ = try await app.deleteIdentityProvider(id, as: caller) },
            { _ = try await app.checkIdentityProvider(id, as: caller) },
            { _ = try await app.linkIdentity("s", at: id, to: user.user.id, as: caller) },
        ]
        for attempt in attempts {
            guard case .forbidden = await refusal({ try await attempt() }) else {
                Issue.record("a \(role) got through")
                return
            }
        }
    }

    @Test("keep their secret sealed, and out of the log", arguments: EngineUnderTest.available)
    func secret(engine: EngineUnderTest) async throws {
        let house = try await SignOnHouse(on: engine)
        let sealed = try #require(house.set.sealedSecret)
        #expect(!String(decoding: sealed, as: UTF8.self).contains("s3cret"))
        var edit = IdentityProviderEdit()
        edit.clientSecret = .some(try ClientSecret("other-s3cret"))
        let changed = try await house.app.updateIdentityProvider(house.set.id, edit, as: house.admin)
        #expect(changed.version == 2)
        let events = try await house.app.listActivity(
            ActivityFilter(objectType: .identityProvider), PageRequest(), as: house.admin)
        let told = events.items.map { $0.event.changes.stored }.joined()
        #expect(!told.contains("s3cret"))
        #expect(told.contains("replaced"))
        let words = await house.words { _ in }
        #expect(words == SignOnFault.codeRefused("invalid_client").sentence)
        let shown = "\(try ClientSecret("s3cret"))"
        #expect(shown == "ClientSecret(redacted)")
    }

    @Test("are refused for what is wrong with them, and where", arguments: wrong)
    func flaws(flaw: (pointer: String, change: @Sendable (inout IdentityProviderEdit) -> Void)) async throws {
        let house = try await SignOnHouse(on: .sqlite)
        var edit = try SignOnHouse.edit()
        edit.name = "Another"
        edit.issuer = "https://other.example.com"
        flaw.change(&edit)
        let refused = await refusal { [edit] in
            _ = try await house.app.createIdentityProvider(edit, as: house.admin)
        }
        guard case .invalid(let flaws) = refused else {
            Issue.record("\(flaw.pointer): \(String(describing: refused))")
            return
        }
        #expect(flaws.map(\.pointer) == [flaw.pointer])
    }

    static let wrong: [(pointer: String, change: @Sendable (inout IdentityProviderEdit) -> Void)] = [
        ("/name", { $0.name = "" }), ("/name", { $0.name = nil }), ("/client_id", { $0.setClientID(nil) }),
        ("/client_id", { $0.setClientID("") }), ("/client_id", { $0.setClientID("é") }),
        ("/issuer", { $0.issuer = nil }), ("/issuer", { $0.issuer = "http://id.example.com" }),
        ("/issuer", { $0.issuer = "id.example.com" }), ("/issuer", { $0.issuer = "https://a@b.example.com" }),
        ("/issuer", { $0.issuer = "https://b.example.com?x=1" }), ("/issuer", { $0.issuer = "file:///etc/passwd" }),
        ("/issuer", { $0.issuer = "https://b.example.com#x" }), ("/issuer", { $0.issuer = "https://b.example.com:0" }),
        ("/scopes/1", { $0.scopes = ["email", "two words"] }),
        ("/mail_domains/0", { $0.mailDomains = ["@example.com"] }),
        ("/groups/0/team_id", { $0.groups = [GroupRule(group: "x", team: ID(999))] }),
        ("/groups/0/team_id", { $0.groups = [GroupRule(group: "x", team: ID(1))] }),
        ("/groups/0/group", { $0.groups = [GroupRule(group: "", team: ID(1))] }),
        ("/groups_claim", { $0.groupsClaim = .some("") }),
    ]

    @Test("have names and issuers of their own", arguments: EngineUnderTest.available)
    func conflicts(engine: EngineUnderTest) async throws {
        let house = try await SignOnHouse(on: engine)
        var sameName = try SignOnHouse.edit()
        sameName.name = "EXAMPLE"
        sameName.issuer = "https://other.example.com"
        var sameIssuer = try SignOnHouse.edit()
        sameIssuer.name = "Another"
        for edit in [sameName, sameIssuer] {
            let refused = await refusal { _ = try await house.app.createIdentityProvider(edit, as: house.admin) }
            guard case .conflict = refused else {
                Issue.record("made twice: \(String(describing: refused))")
                return
            }
        }
        var stale = IdentityProviderEdit()
        stale.name = "Mine"
        stale.version = 7
        let refused = await refusal { [stale] in
            _ = try await house.app.updateIdentityProvider(house.set.id, stale, as: house.admin)
        }
        guard case .conflict = refused else {
            Issue.record("a stale edit was taken")
            return
        }
    }

    @Test(
        "take back the tokens of those who have no other way in, when turned off",
        arguments: EngineUnderTest.available, [true, false])
    func turningOff(engine: EngineUnderTest, isDeleted: Bool) async throws {
        let house = try await SignOnHouse(on: engine)
        let user = try await house.admitted()
        let token = try await house.givenPersonalToken(of: user)
        let works = await house.house.isRefused(token.secret)
        #expect(!works)
        if isDeleted {
            try await house.app.deleteIdentityProvider(house.set.id, as: house.admin)
        } else {
            var edit = IdentityProviderEdit()
            edit.isOn = false
            _ = try await house.app.updateIdentityProvider(house.set.id, edit, as: house.admin)
        }
        let refused = await house.house.isRefused(token.secret)
        #expect(refused)
        let admin = try await house.app.findUser(try #require(house.admin.userID), as: house.admin)
        #expect(admin.activeTokens == 1, "an Admin who does not come through it keeps what they have")
    }

    @Test("bring their people back when they are made again", arguments: EngineUnderTest.available)
    func again(engine: EngineUnderTest) async throws {
        let house = try await SignOnHouse(on: engine)
        let user = try await house.admitted()
        try await house.app.deleteIdentityProvider(house.set.id, as: house.admin)
        let made = try await house.app.createIdentityProvider(SignOnHouse.edit(), as: house.admin)
        #expect(made.id != house.set.id)
        let start = try await house.app.beginSignOn(through: made.id, returnTo: "/")
        let outcome = try await house.app.completeSignOn(
            house.provider.authorize(start.address), cookie: start.cookie, from: Origin())
        guard case .admitted(let id, let through, _) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(id == user.id)
        #expect(through == made.id)
    }

    @Test("are not turned off by one who comes through them alone", arguments: EngineUnderTest.available)
    func ownWayIn(engine: EngineUnderTest) async throws {
        let house = try await SignOnHouse(on: engine)
        let user = try await house.admitted()
        let raised = UserEditRequest(role: .admin)
        let admin = try await house.app.updateUser(user.id, raised, as: house.admin).user
        let caller = try await house.house.caller(try await house.givenPersonalToken(of: admin).secret)
        let refused = await refusal { try await house.app.deleteIdentityProvider(house.set.id, as: caller) }
        guard case .conflict = refused else {
            Issue.record("the Admin locked themselves out: \(String(describing: refused))")
            return
        }
    }

    @Test("open an account that an Admin connects, and close it again", arguments: EngineUnderTest.available)
    func linking(engine: EngineUnderTest) async throws {
        let house = try await SignOnHouse(on: engine)
        let admin = try #require(house.admin.userID)
        _ = try await house.app.linkIdentity("subject-1", at: house.set.id, to: admin, as: house.admin)
        let twice = try await house.app.linkIdentity("subject-1", at: house.set.id, to: admin, as: house.admin)
        #expect(twice.user == admin)
        let user = try await house.admitted()
        #expect(user.id == admin)
        let service = try await house.house.givenServiceUser()
        let refused = await refusal {
            _ = try await house.app.linkIdentity("subject-2", at: house.set.id, to: service.user.id, as: house.admin)
        }
        guard case .invalid = refused else {
            Issue.record("a service user can sign in: \(String(describing: refused))")
            return
        }
    }
}

extension IdentityProviderEdit {
    fileprivate mutating func setClientID(_ text: String?) { clientID = text }
}
