import LatchkeyApp
import LatchkeyCore

// What becomes of tokens, and what people and programs do on any day.
extension DemoStory {
    mutating func carryOut(_ change: DemoToken.Act, _ place: Int) async throws {
        let token = tokens[place]
        let isPersonal = people[token.part.owner] != nil
        let caller = isPersonal ? try await person(token.part.owner) : try await anyAdmin()
        switch change {
        case .revoke(_, let reason):
            _ = try await app.updateToken(token.id, TokenEdit(revoke: true, reason: reason), as: caller)
        case .restore: _ = try await app.updateToken(token.id, TokenEdit(revoke: false), as: caller)
        case .delete: try await app.deleteToken(token.id, as: caller)
        case .rotate(_, let overlap, let provenSince):
            let made = try await app.rotateToken(token.id, RotationRequest(overlap: overlap), as: caller)
            tokens[place].successor = (made.summary.token.id, made.secret, provenSince)
        case .revokeSuccessor:
            guard let successor = token.successor else { return }
            _ = try await app.updateToken(successor.id, TokenEdit(revoke: true), as: caller)
        }
    }

    mutating func everyday() async throws {
        switch chance.number(in: 0...9) {
        case 0...4: try await report("Terraform", "infrastructure", on: chance.one(of: DemoCast.resources))
        case 5...6: try await report("Airflow Production", "production", on: "Sales Warehouse")
        case 7: _ = try await app.listActivity(ActivityFilter(), PageRequest(size: 20), as: await anyAdmin())
        case 8: try await moveSomebody()
        default: try await describe()
        }
    }

    /// A program writes down what it did.
    private mutating func report(_ owner: String, _ token: String, on resource: String) async throws {
        guard let live = tokens.first(where: { $0.part.owner == owner && $0.part.name == token }),
            let id = resources[resource]
        else { return }
        let origin = Origin(
            requestID: "demo-\(chance.number(in: 100_000...999_999))",
            address: live.part.load.flatMap { Address($0.addresses[0]) }, userAgent: live.part.load?.agent)
        let bearer = try await present(live.secret, method: "PUT", route: "/api/resources/{id}", from: origin)
        let caller = Caller(.bearer(bearer.credential), origin: origin)
        let edit = ResourceEdit(description: "Profiled at \(clock.now.text).")
        _ = try await app.updateResource(id, edit, as: caller)
    }

    /// Somebody joins a team or leaves it.
    private mutating func moveSomebody() async throws {
        let team = chance.one(of: DemoCast.teams)
        let member = chance.one(of: DemoCast.people)
        guard let id = teams[team.name], let user = people[member.name], member.left == nil else { return }
        let summary = try await app.findTeam(id, as: await anyAdmin())
        let isIn = summary.users.contains(user)
        let users = isIn ? summary.users.filter { $0 != user } : summary.users + [user]
        guard !member.teams.contains(team.name) else { return }
        _ = try await app.updateTeam(id, TeamEdit(users: users), as: await anyAdmin())
    }

    private mutating func describe() async throws {
        let here = DemoCast.services.filter { services[$0.name] != nil && $0.left == nil && $0.purpose != nil }
        guard !here.isEmpty else { return }
        let service = chance.one(of: here)
        let ticket = chance.number(in: 1000...9999)
        let purpose = "\(service.purpose ?? "") Reviewed under ticket \(ticket)."
        _ = try await app.updateUser(id(of: service.name), UserEditRequest(purpose: purpose), as: await anyAdmin())
    }
}
