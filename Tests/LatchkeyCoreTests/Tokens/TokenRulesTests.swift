import LatchkeyCore
import Testing

@Suite("The rules of tokens")
struct TokenRulesTests {
    private let admin = Given.caller(.admin)
    private let now = Given.now

    private func issue(
        _ request: NewToken, to owner: User, by caller: Caller? = nil, isNameTaken: Bool = false
    ) throws(Refusal) -> Token {
        try Token.issue(
            request, Given.minting(), to: owner, teams: [Given.team(1, "Public"), Given.team(2, "Data")],
            isNameTaken: isNameTaken, by: caller ?? admin
        ).token
    }

    @Test("judge the length of life: 1 to 365 days, never only where it is allowed")
    func lifetimes() throws {
        let policy = TokenPolicy()
        #expect(try policy.expiry(of: .days(1), at: now) == now + .days(1))
        #expect(try policy.expiry(of: .never, at: now) == nil)
        #expect(try policy.expiry(of: .usual, at: now) == now + .days(90))
        for days in [0, -1, 366, Int.max] {
            #expect(
                refusal { () throws(Refusal) in _ = try policy.expiry(of: .days(days), at: now) }?.pointers
                    == ["/expires_in_days"])
        }
        let strict = TokenPolicy(longestDays: 30, allowsNever: false)
        #expect(refusal { () throws(Refusal) in _ = try strict.expiry(of: .never, at: now) } != nil)
        #expect(try strict.expiry(of: .usual, at: now) == now + .days(30))
    }

    @Test("give service tokens to active service users alone")
    func owners() {
        let request = NewToken(name: "x", owner: ID(7), lifetime: .usual)
        for owner in [Given.person(), Given.serviceUser(deactivatedAt: now)] {
            #expect(refusal { () throws(Refusal) in _ = try issue(request, to: owner) } == Token.notAServiceUser)
        }
        let personal = NewToken(name: "x", lifetime: .usual)
        #expect(
            refusal { () throws(Refusal) in _ = try issue(personal, to: Given.serviceUser()) }?.pointers
                == ["/user_id"])
    }

    @Test("let only an Admin make a SCIM token")
    func scim() {
        let request = NewToken(name: "x", lifetime: .usual, isSCIMOnly: true)
        let member = Given.caller(.member)
        #expect(
            refusal { () throws(Refusal) in _ = try issue(request, to: Given.person(role: .member), by: member) }?
                .isForbidden == true)
    }

    @Test("narrow what is made through a narrowed token alike")
    func inheritance() throws {
        let narrowed = Given.caller(.admin, narrowing: Narrowing(teams: [ID(2)], actions: ["tokens:own"]))
        let token = try issue(NewToken(name: "x", lifetime: .usual), to: Given.person(), by: narrowed)
        #expect(token.narrowing.teams == [ID(2)])
        #expect(token.narrowing.actions == ["tokens:own"])
    }

    @Test("let no token made through a lower role give a higher one")
    func roles() throws {
        let asMember = Given.caller(.member, narrowing: Narrowing(role: .member))
        let token = try issue(NewToken(name: "x", lifetime: .usual), to: Given.person(role: .admin), by: asMember)
        #expect(token.narrowing.role == .member)
    }

    @Test(
        "tell each wrong limit with its place",
        arguments: [
            (NarrowingRequest(role: .admin), "/role"), (NarrowingRequest(teams: ["Public", "Nope"]), "/teams/1"),
            (NarrowingRequest(allowedCIDRs: ["10.0.0.1/8"]), "/allowed_cidrs/0"),
        ])
    func limits(limits: NarrowingRequest, pointer: String) {
        let request = NewToken(name: "x", owner: ID(7), lifetime: .usual, limits: limits)
        #expect(
            refusal { () throws(Refusal) in _ = try issue(request, to: Given.serviceUser()) }?.pointers == [pointer])
    }

    @Test("let nobody but its owner reach a personal token, an Admin included")
    func reach() {
        let ada = Given.person(1)
        let personal = Given.token(owner: ada)
        let service = Given.token()
        #expect(refusal { () throws(Refusal) in try personal.requireReach(of: Given.caller(.member, id: 1)) } == nil)
        #expect(
            refusal { () throws(Refusal) in try personal.requireReach(of: Given.caller(.admin, id: 2)) }
                == .notFound("token"))
        #expect(refusal { () throws(Refusal) in try service.requireReach(of: admin) } == nil)
        #expect(
            refusal { () throws(Refusal) in try service.requireReach(of: Given.caller(.manager, id: 2)) }
                == .notFound("token"))
    }

    @Test("restore only what is revoked, unexpired and not compromised, of an active user")
    func restore() throws {
        func restored(_ token: Token, _ owner: User = Given.serviceUser()) -> Refusal? {
            refusal { () throws(Refusal) in _ = try token.restore(owner: owner, isForced: false, by: admin, at: now) }
        }
        let revoked = Revocation(at: now, by: nil, reason: .unspecified)
        #expect(restored(Given.token(revocation: revoked)) == nil)
        let compromised = Revocation(at: now, by: nil, reason: .compromised)
        #expect(restored(Given.token(revocation: compromised))?.isConflict == true)
        #expect(restored(Given.token(expiresAt: now, revocation: revoked))?.isConflict == true)
        #expect(restored(Given.token(revocation: revoked), Given.serviceUser(deactivatedAt: now))?.isConflict == true)
    }

    @Test("keep the first moment of a revocation, but let its reason rise to compromised")
    func revokeTwice() throws {
        let token = Given.token(revocation: Revocation(at: now, by: nil, reason: .cessation))
        #expect(token.revoke(.superseded, by: admin, at: now + .days(1)) == nil)
        let decision = try #require(token.revoke(.compromised, by: admin, at: now + .days(1)))
        let changed = try #require(decision.changedToken)
        #expect(changed.revocation?.at == now)
        #expect(changed.revocation?.reason == .compromised)
    }

    @Test("delete only what no longer works")
    func delete() throws {
        #expect(
            refusal { () throws(Refusal) in _ = try Given.token().delete(by: admin, at: now) }?.isConflict == true)
        _ = try Given.token(expiresAt: now).delete(by: admin, at: now)
    }
}
