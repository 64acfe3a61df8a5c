import LatchkeyApp
import LatchkeyCore

// The people, and acting as one of them.
extension DemoStory {
    /// The first Admin comes by the set-up link, the others are invited. The passwords that they choose are chance and
    /// known to nobody.
    mutating func settle() async throws {
        let first = DemoCast.people[0]
        guard let link = try await app.makeSetUpLink() else { throw CommandFailure("there is an Admin already") }
        let founded = try await app.completeSetUp(
            link.reveal(), email: first.email, name: first.name, password: nobodysPassword(), from: Self.desk(0))
        people[first.name] = founded.user.id
        for person in DemoCast.people.dropFirst() {
            pause()
            let invited = try await app.invite(
                NewInvitation(email: person.email, name: person.name, role: person.role), as: self.person(first.name))
            pause()
            let accepted = try await app.acceptInvitation(
                invited.secret.reveal(), name: person.name, password: nobodysPassword(),
                from: Self.desk(people.count))
            people[person.name] = accepted.user.id
        }
    }

    private func nobodysPassword() -> Password {
        Password(randomBytes(24).map { String($0, radix: 16) }.joined(separator: " "))
    }

    mutating func anyAdmin() async throws -> Caller {
        try await person(chance.one(of: DemoCast.admins))
    }

    /// Somebody signs in where they have something to do, and again when they did nothing for too long.
    mutating func person(_ name: String) async throws -> Caller {
        let id = try id(of: name)
        if let caller = try await caller(named: name) { return caller }
        let desk = Self.desk(Int(id.value))
        let started = try await app.startSession(for: id, by: .password, from: desk)
        sessions[name] = started.secret
        return try await app.signedIn(started.secret.reveal()[...], from: desk).caller
    }

    /// Whoever is still signed in signs out.
    mutating func goHome() async throws {
        for name in sessions.keys.sorted() {
            if let caller = try await caller(named: name) { try await app.signOut(as: caller) }
        }
        sessions = [:]
    }

    /// `nil` for somebody who is not signed in any more.
    private func caller(named name: String) async throws -> Caller? {
        guard let secret = sessions[name] else { return nil }
        let desk = Self.desk(Int(try id(of: name).value))
        do throws(Refusal) {
            return try await app.signedIn(secret.reveal()[...], from: desk).caller
        } catch .unauthenticated {
            return nil
        } catch {
            throw error
        }
    }

    private static func desk(_ number: Int) -> Origin {
        Origin(
            address: Address(ipv4: 0x0a32_0200 + UInt32(number % 200)),
            userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0")
    }
}
