import Foundation
import LatchkeyCore
import LatchkeyStore
import Logging

/// An organisation as large as they come, with its past: people, service users, teams of every size, tokens in every
/// state, what they did, and the audit log of all that. Filled past the API.
struct Organisation {
    let filled: FilledInstance
    /// The Admin's cookie.
    let session: String
    let examples: PageList.Examples

    /// Fills a directory; one that is named and was filled before is taken as it is.
    static func make(_ options: Options) async throws -> Organisation {
        let kept = options.directory.map { $0 + "/admin-token" }
        let known = kept.flatMap { try? String(contentsOfFile: $0, encoding: .utf8) }
        let made: (directory: String, adminToken: String)
        if let known, let directory = options.directory {
            made = (directory, known)
        } else {
            made = try FilledInstance.bootstrap(options.directory)
        }
        let now = Timestamp(seconds: Int64(Date().timeIntervalSince1970))
        var logger = Logger(label: "bench")
        logger.logLevel = .error
        let store = try await Store.open(.file(made.directory + "/latchkey.db"), at: now, logger: logger)
        let filler = OrganisationFiller(store: store, plan: try await OrganisationPlan(store, options, at: now))
        if known == nil {
            try await filler.fill()
            if let kept { try made.adminToken.write(toFile: kept, atomically: true, encoding: .utf8) }
        }
        let secret = try await filler.signIn(try FilledInstance.keys(made.directory))
        let examples = try await OrganisationExamples(store: store, plan: filler.plan).all()
        await store.close()
        let filled = FilledInstance(
            directory: made.directory, adminToken: made.adminToken, tokensFile: "", serviceUser: 0)
        return Organisation(filled: filled, session: "latchkey=\(secret)", examples: examples)
    }
}

/// Who and what there is, by number: the same each time.
struct OrganisationPlan {
    let admin: User
    let now: Timestamp
    let people: Int
    let services: Int
    let teams: Int
    let tokens: Int

    init(_ store: Store, _ options: Options, at now: Timestamp) async throws {
        let found = try await store.read { db throws(Refusal) in try db.user(handle: "ada@example.com") }
        guard let found else { throw BenchFailure("there is no Admin") }
        admin = found
        self.now = now
        services = max(3, options.accounts / 33)
        people = options.accounts - services
        teams = options.teams
        tokens = options.tokens
    }

    private static let first = [
        "Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Margaret", "Niklaus", "Frances", "Tony", "Katherine",
        "Dennis", "Radia", "Ken", "Hedy", "Joan", "Leslie", "Karen", "Robin", "Mary", "Evelyn", "James", "Dorothy",
    ]
    private static let last = [
        "Lovelace", "Hopper", "Turing", "Dijkstra", "Liskov", "Knuth", "Hamilton", "Wirth", "Allen", "Hoare",
        "Johnson", "Ritchie", "Perlman", "Thompson", "Lamarr", "Clarke", "Lamport", "Jones", "Milner", "Shaw",
    ]
    private static let jobs = [
        "Airflow Nightly Load", "dbt Production Build", "Catalog Sync", "Data Factory Ingest", "Alation Connector",
        "Quality Gate", "Ledger Export", "Warehouse Vacuum", "Report Mailer", "Schema Watch",
    ]
    private static let places = ["Data", "Finance", "Risk", "Sales", "Care", "Operations", "People", "Legal"]
    private static let works = ["Engineering", "Analytics", "Quality", "Governance", "Platform"]

    /// One after the other over the last two years.
    func moment(_ number: Int, of count: Int) -> Timestamp {
        now - .seconds((count - number) * (720 * 86_400 / max(1, count)) + 60)
    }

    func person(_ id: ID<User>, _ number: Int) -> User {
        let family = Self.last[number / Self.first.count % Self.last.count]
        let count = number / (Self.first.count * Self.last.count)
        let name = "\(Self.first[number % Self.first.count]) \(family)" + (count > 0 ? " \(count)" : "")
        let mail = name.lowercased().replacing(" ", with: ".") + "@example.com"
        let role: Role = number.isMultiple(of: 20) ? .manager : number.isMultiple(of: 7) ? .editor : .member
        return User(
            id: id, type: .human, handle: mail, userName: mail, email: mail, name: name, role: role,
            createdAt: moment(number, of: people), createdBy: admin.id,
            deactivatedAt: number % 50 == 49 ? now - .days(3) : nil,
            lastLogin: number % 3 == 0 ? now - .minutes(number) : nil)
    }

    func serviceUser(_ id: ID<User>, _ number: Int, owner: ID<User>) -> User {
        let name = "\(Self.jobs[number % Self.jobs.count]) \(number)"
        let handle = name.lowercased().replacing(" ", with: "_") + "@service"
        return User(
            id: id, type: .service, handle: handle, userName: handle, email: nil, name: name,
            role: [.member, .editor, .manager][number % 3], purpose: number % 7 == 0 ? nil : "Loads what others need",
            owner: number % 9 == 0 ? nil : owner, createdAt: moment(number, of: services), createdBy: admin.id)
    }

    func team(_ id: ID<Team>, _ number: Int) -> Team {
        let name = "\(Self.places[number % Self.places.count]) \(Self.works[number % Self.works.count]) \(number)"
        return Team(
            id: id, name: name, description: "What this team is there for, in a line of words",
            permission: TeamPermission.allCases[number % 5], createdAt: moment(number, of: teams), createdBy: admin.id)
    }

    /// Nine of ten are service tokens; a quarter never ends, a seventh is revoked, one of a thousand is for SCIM.
    func token(_ id: Int64, _ number: Int, owner: ID<User>, isService: Bool, generation: Int) -> Token {
        let start = moment(number, of: tokens)
        let name = ["production", "staging", "backfill", "nightly", "adhoc"][number % 5] + "-\(number)"
        let isRevoked = number % 7 == 3
        return Token(
            id: ID(id), owner: owner, type: isService ? .service : .personal,
            isSCIMOnly: isService && number % 1000 == 1, name: name,
            digest: TokenDigest(bytes: Crowd.randomBytes(32), generation: generation), hint: "a1b2", signedBy: "bench",
            createdAt: start, createdBy: admin.id,
            expiresAt: number % 4 == 0 ? nil : start + .days(180 * (number % 3 + 1)),
            revocation: isRevoked ? Revocation(at: start + .days(1), by: admin.id, reason: .unspecified) : nil)
    }
}
