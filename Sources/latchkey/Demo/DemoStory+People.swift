import LatchkeyApp
import LatchkeyCore
import LatchkeyStore

// The people, and acting as one of them.
extension DemoStory {
    mutating func settle() async throws {
        let first = DemoCast.people[0]
        let made = try await app.bootstrap(email: first.email, name: first.name, isBreakGlass: false)
        people[first.name] = made.user.user.id
        let bearer = try await present(made.token.secret, method: "GET", route: "/api/users/me", from: Origin())
        let founder = Caller(.bearer(bearer.credential))
        for person in DemoCast.people.dropFirst() {
            pause()
            people[person.name] = try await join(person, by: founder)
        }
        _ = try await app.listActivity(ActivityFilter(), PageRequest(), as: founder)
    }

    private func join(_ person: DemoCast.Person, by caller: Caller) async throws -> ID<User> {
        let now = clock.now
        return try await store.write { db throws(Refusal) in
            let user = User(
                id: try db.nextID(), type: .human, handle: person.email, userName: person.email, email: person.email,
                name: person.name, role: person.role, createdAt: now.wholeSecond, createdBy: caller.userID)
            let event = AuditEvent(.create, .user, user.id.value, by: caller, at: now)
            try db.apply(Decision(event, [.insertUser(user)]))
            return user.id
        }
    }

    mutating func anyAdmin() throws -> Caller {
        try person(chance.one(of: DemoCast.admins))
    }

    func person(_ name: String) throws -> Caller {
        let id = try id(of: name)
        guard let account = app.account(id) else { throw CommandFailure("the story has lost \(name)") }
        return Caller(
            .bearer(
                .init(
                    user: id, handle: account.handle, userType: .human, role: account.role, token: ID(1),
                    scimOnly: false, narrowing: .none, teams: [])),
            origin: Origin(address: Address(ipv4: 0x0a32_0200 + UInt32(id.value % 200)), userAgent: "Mozilla/5.0"))
    }
}
