import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@Suite("Signing in through an identity provider")
struct SignOnTests {
    @Test("makes a Member of a newcomer, once", arguments: EngineUnderTest.available)
    func newcomer(engine: EngineUnderTest) async throws {
        let house = try await SignOnHouse(on: engine)
        let user = try await house.admitted { $0.claims["role"] = #""Admin""# }
        #expect(user.role == .member)
        #expect(user.handle == "grace@example.com")
        #expect(user.name == "Grace Hopper")
        #expect(user.type == .human)
        let again = try await house.admitted()
        #expect(again.id == user.id)
        let identities = try await house.app.listIdentities(of: user.id, as: house.admin)
        #expect(
            identities.map(\.identity) == [ExternalIdentity(issuer: FakeProvider.issuer, subject: "subject-1")])
        let history = try await house.app.userHistory(user.id, as: house.admin)
        #expect(history.first?.event.actor.handle == "job:sign-in")
        #expect(history.first?.event.origin.requestID == "test")
    }

    @Test("finds an account by its subject, whatever its mail address has become", arguments: EngineUnderTest.available)
    func bySubject(engine: EngineUnderTest) async throws {
        let house = try await SignOnHouse(on: engine)
        let user = try await house.admitted()
        let renamed = try await house.admitted { $0.claims["email"] = #""hopper@example.com""# }
        #expect(renamed.id == user.id)
        #expect(renamed.email == "grace@example.com")
        let other = try await house.admitted { $0.claims["sub"] = #""subject-2""# }
        #expect(other.id != user.id)
    }

    @Test(
        "never opens an account that was there before, however its address is written",
        arguments: EngineUnderTest.available)
    func takeover(engine: EngineUnderTest) async throws {
        let house = try await SignOnHouse(on: engine)
        let mails = [
            "ada@example.com", "ADA@Example.com", " ada@example.com", "\\uFF41da@example.com",
            "a\\u0301da@example.com",
        ]
        for mail in mails {
            let outcome = try await house.signOn { $0.claims["email"] = #""\#(mail)""# }
            guard case .unconnected = outcome else {
                Issue.record("\(mail) was let in: \(outcome)")
                return
            }
        }
        let admin = try #require(house.admin.userID)
        let identities = try await house.app.listIdentities(of: admin, as: house.admin)
        #expect(identities.isEmpty)
        let refused = try await house.app.listActivity(
            ActivityFilter(verbs: [.refuse]), PageRequest(), as: house.admin)
        #expect(refused.total == 5)
        #expect(refused.items.first?.event.changes.contains { $0.after == .text("subject-1") } == true)
    }

    @Test("opens it once whoever owns it has said so", arguments: EngineUnderTest.available)
    func connecting(engine: EngineUnderTest) async throws {
        let house = try await SignOnHouse(on: engine)
        guard case .unconnected(let pending) = try await house.signOn({ $0.claims["email"] = #""ada@example.com""# })
        else {
            Issue.record("it was let in")
            return
        }
        let question = try house.app.pendingIdentity(pending)
        #expect(question.label == "ada@example.com")
        let link = try await house.app.connect(pending, as: house.admin)
        #expect(link.user == house.admin.userID)
        let user = try await house.admitted()
        #expect(user.id == house.admin.userID)
        #expect(user.role == .admin)
    }

    @Test("does not connect what was proven long ago, or is another's already", arguments: EngineUnderTest.available)
    func connectingRefused(engine: EngineUnderTest) async throws {
        let house = try await SignOnHouse(on: engine)
        guard case .unconnected(let pending) = try await house.signOn({ $0.claims["email"] = #""ada@example.com""# })
        else {
            Issue.record("it was let in")
            return
        }
        let altered = await refusal { _ = try await house.app.connect(pending + "AAAA", as: house.admin) }
        #expect(altered != nil)
        let other = try await house.admitted {
            $0.claims["email"] = #""eve@example.com""#
        }
        let taken = await refusal { _ = try await house.app.connect(pending, as: house.admin) }
        guard case .conflict = taken else {
            Issue.record("connected with two: \(String(describing: taken))")
            return
        }
        #expect(other.id != house.admin.userID)
        house.clock.advance(by: .minutes(10))
        let late = await refusal { _ = try await house.app.connect(pending, as: house.admin) }
        guard case .badRequest = late else {
            Issue.record("connected late: \(String(describing: late))")
            return
        }
    }

    @Test("opens no account when it is only to be connected, not even a new one", arguments: EngineUnderTest.available)
    func onlyConnecting(engine: EngineUnderTest) async throws {
        let house = try await SignOnHouse(on: engine)
        let start = try await house.app.beginSignOn(
            through: house.set.id, returnTo: "/account", isForConnecting: true)
        let outcome = try await house.app.completeSignOn(
            house.provider.authorize(start.address), cookie: start.cookie, from: Origin())
        guard case .unconnected(let pending) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        let people = try await house.app.listUsers(UserFilter(), PageRequest(), as: house.admin)
        #expect(people.total == 1)
        let link = try await house.app.connect(pending, as: house.admin)
        #expect(link.user == house.admin.userID)
    }

    @Test("adds the teams that groups open, and takes none away", arguments: EngineUnderTest.available)
    func groups(engine: EngineUnderTest) async throws {
        let house = try await SignOnHouse(on: engine)
        var teams: [ID<Team>] = []
        for name in ["Data", "Ops", "Finance"] {
            teams.append(try await house.app.createTeam(TeamEdit(name: name), as: house.admin).team.id)
        }
        var edit = IdentityProviderEdit()
        edit.groupsClaim = .some("groups")
        edit.groups = [GroupRule(group: "eng", team: teams[0]), GroupRule(group: "ops", team: teams[1])]
        _ = try await house.app.updateIdentityProvider(house.set.id, edit, as: house.admin)
        let user = try await house.admitted { $0.claims["groups"] = #"["eng","unknown"]"# }
        func names() async throws -> [String] { try await house.app.findUser(user.id, as: house.admin).teams }
        let first = try await names()
        #expect(first == ["Public", "Data"])
        _ = try await house.admitted { $0.claims["groups"] = #"["ops"]"# }
        _ = try await house.admitted { $0.claims["groups"] = nil }
        _ = try await house.admitted { $0.claims["groups"] = #""ENG""# }
        let then = try await names()
        #expect(then == ["Public", "Data", "Ops"])
    }

    @Test("takes a person's name and groups from the user info where the token says too little")
    func userInfo() async throws {
        let house = try await SignOnHouse(on: .sqlite)
        let user = try await house.admitted {
            $0.claims["email"] = .some(nil)
            $0.claims["name"] = .some(nil)
            $0.userInfo = #"{"sub":"subject-1","email":"grace@example.com","name":"Rear Admiral"}"#
        }
        #expect(user.name == "Rear Admiral")
        let words = await house.words { $0.userInfo = #"{"sub":"subject-2","email":"eve@example.com"}"# }
        #expect(words == "The user info of the provider is about somebody else.")
    }

    @Test("admits whom the provider may admit, and nobody else", arguments: Admission.all)
    func admission(attempt: Admission) async throws {
        let house = try await SignOnHouse(on: .sqlite) {
            $0.mailDomains = attempt.domains
            $0.makesAccounts = attempt.makesAccounts
        }
        let words = await house.words { manner in
            for (name, value) in attempt.claims { manner.claims[name] = .some(value) }
        }
        #expect(words == attempt.refused?.sentence)
    }

    struct Admission: Sendable {
        let claims: [String: String?]
        var domains: [String] = []
        var makesAccounts = true
        let refused: SignOnFault.Admission?

        static let all = [
            Admission(claims: ["email": nil], refused: .noMail),
            Admission(claims: ["email": #""nobody""#], refused: .noMail),
            Admission(claims: ["email": #""pipeline@service""#], refused: .noMail),
            Admission(claims: ["email_verified": "false"], refused: .unverifiedMail),
            Admission(claims: ["email_verified": #""false""#], refused: .unverifiedMail),
            Admission(claims: ["email_verified": nil], refused: nil),
            Admission(claims: [:], makesAccounts: false, refused: .unknownPerson),
            Admission(claims: [:], domains: ["example.com"], refused: nil),
            Admission(claims: [:], domains: ["example.org"], refused: .foreignMail),
            Admission(claims: ["email": #""a@example.com.evil.org""#], domains: ["example.com"], refused: .foreignMail),
            Admission(claims: ["email_verified": nil], domains: ["example.com"], refused: .unverifiedMail),
            Admission(claims: ["name": "7"], refused: nil),
            Admission(claims: ["name": #""\u0007""#], refused: nil),
        ]
    }

    @Test("lets nobody in whose account is deactivated", arguments: EngineUnderTest.available)
    func deactivated(engine: EngineUnderTest) async throws {
        let house = try await SignOnHouse(on: engine)
        let user = try await house.admitted()
        try await house.app.deactivateUser(user.id, revokingTokens: true, as: house.admin)
        let words = await house.words { _ in }
        #expect(words == SignOnFault.Admission.deactivated.sentence)
    }

    @Test("takes what canaille sends: a list of audiences and a fraction in auth_time")
    func quirks() async throws {
        let house = try await SignOnHouse(on: .sqlite)
        let user = try await house.admitted {
            $0.claims["aud"] = #"["latchkey"]"#
            $0.claims["auth_time"] = "1826800490.123456"
        }
        #expect(user.role == .member)
    }

    @Test("goes without a secret where the client is public, and proves itself by PKCE")
    func publicClient() async throws {
        let house = try await SignOnHouse(on: .sqlite) { $0.clientSecret = nil }
        let user = try await house.admitted { $0.secret = nil }
        #expect(user.role == .member)
    }
}
