import LatchkeyCore
import LatchkeyStore

/// Writes an organisation, some thousand rows in a transaction.
struct OrganisationFiller {
    let store: Store
    let plan: OrganisationPlan

    private static let rowsInWrite = 2000

    func fill() async throws {
        let accounts = try await fillAccounts()
        try await fillTeams(accounts)
        try await fillTokens(
            people: Array(accounts.prefix(plan.people)), services: Array(accounts.dropFirst(plan.people)))
        try await fillSignIns(Array(accounts.prefix(plan.people)))
    }

    /// The Admin's, from now on.
    ///
    /// - Returns: what the cookie holds.
    func signIn(_ keys: KeyRing) async throws -> String {
        let secret = SessionSecret(random: Crowd.randomBytes(SessionSecret.byteCount))
        let (digest, plan) = (keys.digest(of: secret), plan)
        try await store.write { db throws(Refusal) -> Void in
            let session = Session(
                id: try db.nextID(), user: plan.admin.id, method: .password, createdAt: plan.now, lastSeenAt: plan.now,
                address: nil, userAgent: "latchkey-bench")
            try db.apply(
                Decision(
                    event(.signIn, .session, session.id.value, plan.now), [.signIn(.startSession(session, digest))]))
        }
        return secret.reveal()
    }

    private func event(
        _ verb: Verb, _ type: ObjectType, _ id: Int64, _ moment: Timestamp, by user: User? = nil,
        outcome: AuditEvent.Outcome = .done
    ) -> AuditEvent {
        let actor = user ?? plan.admin
        let address = Address("10.0.0.\(id % 250)")
        return AuditEvent(
            at: moment,
            origin: Origin(requestID: "bench-\(id)", address: address, userAgent: "Mozilla/5.0 Firefox/130.0"),
            actor: AuditEvent.Actor(user: actor.id, handle: actor.handle, token: nil), verb: verb, objectType: type,
            objectID: id, changes: [], outcome: outcome)
    }

    private func inParts(_ count: Int, _ body: (Range<Int>) async throws -> Void) async throws {
        for first in stride(from: 0, to: count, by: Self.rowsInWrite) {
            try await body(first..<min(first + Self.rowsInWrite, count))
        }
    }

    /// People first, then service users.
    private func fillAccounts() async throws -> [ID<User>] {
        var ids: [ID<User>] = []
        try await inParts(plan.people + plan.services) { part in
            let (plan, known) = (plan, ids)
            ids += try await store.write { db throws(Refusal) in
                var made: [ID<User>] = []
                for number in part {
                    let id: ID<User> = try db.nextID()
                    let owners = known.isEmpty ? made : known
                    let user =
                        number < plan.people
                        ? plan.person(id, number)
                        : plan.serviceUser(id, number - plan.people, owner: owners[number % owners.count])
                    try db.apply(Decision(event(.create, .user, id.value, user.createdAt), [.insertUser(user)]))
                    made.append(id)
                }
                return made
            }
        }
        return ids
    }

    /// Everybody is in three; the first team holds a fifth of all people, and some resources are every team's.
    private func fillTeams(_ accounts: [ID<User>]) async throws {
        let plan = plan
        let teams: [ID<Team>] = try await store.write { db throws(Refusal) in
            var made: [ID<Team>] = []
            for number in 0..<plan.teams {
                let id: ID<Team> = try db.nextID()
                let resource = Resource(
                    id: try db.nextID(), kind: Resource.datastore, name: "warehouse_\(number)", externalID: nil,
                    description: "", createdAt: plan.now, createdBy: plan.admin.id)
                try db.apply(
                    Decision(
                        event(.create, .team, id.value, plan.moment(number, of: plan.teams)),
                        [.insertTeam(plan.team(id, number)), .insertResource(resource), .grant(resource.id, to: id)]))
                made.append(id)
            }
            return made
        }
        try await inParts(accounts.count) { part in
            let changes = part.flatMap { joins(accounts[$0], $0, teams) }
            let decision = Decision(event(.update, .team, teams[0].value, plan.now - .days(2)), changes)
            try await store.write { db throws(Refusal) -> Void in try db.apply(decision) }
        }
    }

    private func joins(_ account: ID<User>, _ number: Int, _ teams: [ID<Team>]) -> [Change] {
        var places: Set<Int> = []
        for step in [number, number * 31 + 1, number * 17 + 2] { places.insert(step % teams.count) }
        if number.isMultiple(of: 5), number < plan.people { places.insert(0) }
        return places.sorted().map { .addMember(account, to: teams[$0]) }
    }

    /// Each with the event of its issue, two of three with a last use, every hundredth with counts of ten days.
    private func fillTokens(people: [ID<User>], services: [ID<User>]) async throws {
        try await inParts(plan.tokens) { part in
            let ids = try await store.write { db throws(Refusal) in try db.reserveIDs(part.count) }
            let tokens: [(number: Int, token: Token)] = zip(ids, part).map { id, number in
                let isService = !number.isMultiple(of: 10)
                let owner = isService ? services[number % services.count] : people[number / 10 % people.count]
                return (number, plan.token(id, number, owner: owner, isService: isService, generation: 1))
            }
            let issues = tokens.map { made in
                Decision(
                    event(.issue, .token, made.token.id.value, made.token.createdAt), [.insertToken(made.token)])
            }
            let uses = tokens.filter { $0.number % 3 > 0 }.map { lastUse(of: $0.token, $0.number) }
            let counted = tokens.filter { $0.number % 100 == 7 }.flatMap { counts(of: $0.token, $0.number) }
            try await store.write { db throws(Refusal) -> Void in
                for issue in issues { try db.apply(issue) }
                try db.note(.lastUses(uses))
                try db.note(.usage(counted))
            }
        }
    }

    private func lastUse(of token: Token, _ number: Int) -> LastUse {
        // A revoked one has hardly ever been used since.
        let isLate = number % 3000 == 10
        let moment = token.revocation.map { isLate ? plan.now - .days(1) : $0.at - .hours(1) }
        return LastUse(
            token: token.id, at: (moment ?? plan.now - .seconds(Int64(number % 150) * 86_400 + 77)).wholeSecond,
            address: "10.0.0.1", userAgent: "curl/8.5.0", route: "/api/users/me")
    }

    private func counts(of token: Token, _ number: Int) -> [UsageCount] {
        (0..<10).map { step in
            let moment = plan.now - .days(step * 3)
            let key = UsageKey(
                token: token.id, hour: moment.seconds / 3600, method: "GET", route: "/api/users/me",
                address: "10.0.0.\(number % 7)", agent: "curl/8.5.0", outcome: .allowed)
            return UsageCount(key: key, count: Int64(number % 97 + 1), first: moment, last: moment)
        }
    }

    /// In the last 30 days a twentieth of all people signed in, each several times, and some tokens were refused.
    private func fillSignIns(_ people: [ID<User>]) async throws {
        let busy = people.indices.filter { $0 % 20 == 1 }
        try await inParts(busy.count * 8) { part in
            let events = part.map { number in
                let person = busy[number % busy.count]
                let moment = plan.now - .seconds(Int64(number * 31 % (30 * 86_400)))
                return event(
                    number % 8 == 3 ? .refuse : .signIn, number % 8 == 3 ? .token : .session, Int64(number + 1), moment,
                    by: plan.person(people[person], person), outcome: number % 8 == 3 ? .refused : .done)
            }
            try await store.write { db throws(Refusal) -> Void in
                for event in events { try db.apply(Decision(event)) }
            }
        }
    }
}
