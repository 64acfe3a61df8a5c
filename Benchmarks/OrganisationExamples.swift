import LatchkeyCore
import LatchkeyStore

/// Which of its people, tokens and teams the pages are about.
struct OrganisationExamples {
    let store: Store
    let plan: OrganisationPlan

    private var now: Timestamp { plan.now }

    func all() async throws -> PageList.Examples {
        let now = now
        return try await store.read { db throws(Refusal) in
            var examples = try users(db)
            examples.merge(try tokens(db)) { $1 }
            examples.merge(try teams(db)) { $1 }
            // As the page counts them. One page further on, and it would be the time of two: a page behind the last one
            // leads to that.
            let (from, until) = try ActivityFilter().countedSpan(at: now)
            let events = try db.activity(ActivityFilter(from: from, until: until), PageRequest(size: 1)).total
            examples["lastAuditPage"] = "\(max(1, events / 50))"
            examples["quarterAgo"] = (now - .days(90)).text
            examples["inAMonth"] = (now + .days(30)).text
            examples["quarterDay"] = String((now - .days(90)).text.prefix(10))
            examples["monthDay"] = String((now - .days(60)).text.prefix(10))
            return examples
        }
    }

    private func users(_ db: Transaction) throws(Refusal) -> PageList.Examples {
        let people = try db.users(UserFilter(type: .human), PageRequest(number: 3, size: 25), at: now)
        let services = try db.users(UserFilter(type: .service), PageRequest(size: 25), at: now)
        // Each fiftieth is deactivated.
        let deactivated = try db.user(handle: plan.person(ID(1), 49).handle)
        guard let person = people.items.last?.user, let service = services.items.last?.user,
            let gone = deactivated, let admin = try db.user(handle: "ada@example.com")
        else { throw .notFound("example of a user") }
        let pages = people.total / 25
        return [
            "person": "\(person.id)", "personHandle": person.handle, "service": "\(service.id)",
            "handle": service.handle, "gone": "\(gone.id)", "admin": "\(admin.id)", "adminHandle": admin.handle,
            "middlePage": "\(max(1, pages / 2))", "lastPage": "\(max(1, pages))",
            "servicePage": "\(max(1, services.total / 50))",
        ]
    }

    private func tokens(_ db: Transaction) throws(Refusal) -> PageList.Examples {
        let active = try db.tokens(
            TokenFilter(type: .service, standing: .active, now: now), PageRequest(number: 2, size: 25))
        let shut = try db.tokens(TokenFilter(type: .service, standing: .revoked, now: now), PageRequest(size: 5))
        let restorable = shut.items.first { $0.token.expiresAt.map { $0 > now } ?? true }
        guard let token = active.items.last, let revoked = restorable else { throw .notFound("example of a token") }
        let total = try db.tokens(TokenFilter(type: .service, now: now), PageRequest(size: 1)).total
        return [
            "token": "\(token.token.id)", "revoked": "\(revoked.token.id)",
            "ids": active.items.prefix(18).map { "id=\($0.token.id)" }.joined(separator: "&"),
            "tokenPage": "\(max(1, total / 50))", "lastTokenPage": "\(max(1, total / 25))",
        ]
    }

    private func teams(_ db: Transaction) throws(Refusal) -> PageList.Examples {
        let teams = try db.teams(TeamFilter(sorting: Sorting(.created)), PageRequest(size: 100))
        let own = teams.items.filter { !$0.team.isPublic }
        guard let largest = own.max(by: { $0.users.count < $1.users.count }), let team = own.last else {
            throw .notFound("example of a team")
        }
        return [
            "team": "\(team.team.id)", "teamName": FormName.encoded(team.team.name),
            "largeTeam": "\(largest.team.id)", "largeTeamName": FormName.encoded(largest.team.name),
            "public": "\(try db.publicTeam().id)", "teamPage": "\(max(1, teams.total / 50))",
        ]
    }
}

/// A name as a query holds it.
private enum FormName {
    static func encoded(_ name: String) -> String { name.replacing(" ", with: "%20") }
}
