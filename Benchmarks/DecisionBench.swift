import Foundation
import LatchkeyApp
import LatchkeyCore
import LatchkeyStore
import Logging

/// What a policy costs: one decision with 1,000 routes, from method and path to the ruling, and AuthZEN's batches, by
/// one thread.
enum DecisionBench {
    private static let areas = 200
    private static let things = 1000
    private static let inBatch = 1000

    static func run(_ options: Options) async throws -> [Result] {
        let directory = NSTemporaryDirectory() + "latchkey-bench-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let scene = try await Scene.make(directory)
        let decision = try decisions(scene)
        let batch = try batches(scene)
        return [
            Result(
                what: "policy decision, \(scene.policy.routes.count) routes", measured: "\(decision.text()) ns",
                goal: "≤ 2000 ns"),
            Result(
                what: "AuthZEN batches of \(inBatch), decisions a second by one thread", measured: batch.text(),
                goal: "≥ 500000"),
        ]
    }

    /// - Returns: nanoseconds a decision, the median of five passes over 100,000 requests.
    private static func decisions(_ scene: Scene) throws -> Double {
        let requests = (0..<100_000).map { _ in
            let (area, thing) = (Int.random(in: 0..<areas), Int.random(in: 0..<things))
            let rest = ["", "/\(thing)", "/\(thing)/parts/\(area)"].randomElement() ?? ""
            return (method: "GET", target: "/api/area\(area)/things\(rest)?page=2")
        }
        let passes = try (0..<5).map { _ in
            var allowed = 0
            let span = try ContinuousClock().measure {
                for request in requests {
                    let ruling = scene.policy.ruling(
                        method: request.method, try RequestPath(request.target), for: scene.asker
                    ) { scene.app.index.level(on: $0, of: scene.teams) }
                    if ruling.isAllowed { allowed += 1 }
                }
            }
            guard allowed == requests.count else { throw BenchFailure("\(allowed) of \(requests.count) were allowed") }
            return span.seconds * 1e9 / Double(requests.count)
        }
        return passes.median
    }

    /// - Returns: decisions a second, the median of five passes over 200 batches.
    private static func batches(_ scene: Scene) throws -> Double {
        let questions = (0..<inBatch).map { number in
            Evaluation(
                subject: .user("robot@service"),
                deed: .action("things:view", PolicyResource(kind: "thing", name: "\(number % things)")))
        }
        let passes = try (0..<5).map { _ in
            var allowed = 0
            let span = try ContinuousClock().measure {
                for _ in 0..<200 {
                    let answers = try scene.app.evaluateAtOnce(
                        questions, route: "/bench", isCaughtUp: true, as: scene.admin)
                    allowed += answers?.count { $0.isAllowed } ?? 0
                }
            }
            guard allowed == 200 * inBatch else { throw BenchFailure("only \(allowed) were allowed") }
            return Double(allowed) / span.seconds
        }
        return passes.median
    }

    /// A service user whose team opens a thousand things to it.
    private struct Scene {
        let app: App
        let admin: Caller
        let policy: Policy
        let asker = Asker(role: .member)
        let teams: Set<ID<Team>>

        static func make(_ directory: String) async throws -> Scene {
            var logger = Logger(label: "bench")
            logger.logLevel = .error
            let store = try await Store.open(.file(directory + "/latchkey.db"), at: Crowd.start, logger: logger)
            let edition = try PolicyEdition(yaml: text)
            let app = try await App(
                store: store, keys: KeyRing.generate(instance: "bench", randomBytes: Crowd.randomBytes),
                settings: InstanceSettings(publicURL: "http://127.0.0.1"), policy: PolicyInForce(edition),
                ambient: Ambient(now: { Crowd.start }, randomBytes: { Crowd.randomBytes($0) }), logger: logger)
            let made = try await app.bootstrap(email: "ada@example.com", name: nil, isBreakGlass: false)
            let token = made.token.secret.reveal()
            let bearer = try await app.authenticate(token[...], method: "GET", route: "/", from: Origin())
            let admin = Caller(.bearer(bearer.credential))
            var resources: [ID<Resource>] = []
            for number in 0..<things {
                resources.append(
                    try await app.createResource(ResourceEdit(kind: "thing", name: "\(number)"), as: admin).id)
            }
            let robot = try await app.createServiceUser(NewServiceUser(name: "Robot", role: .member), as: admin)
            _ = try await app.createTeam(
                TeamEdit(name: "All", permission: .viewer, users: [robot.user.id], resources: resources), as: admin)
            let teams = app.index.account(robot.user.id)?.membership.teams ?? []
            return Scene(app: app, admin: admin, policy: edition.policy, teams: teams)
        }

        /// Five rules for each area.
        private static var text: String {
            let head = """
                format: 1
                policy: bench
                actions:
                  things:view: See things
                  things:edit: Change things
                roles:
                  Member:
                    through_teams: [things:view]
                  Editor:
                    everywhere: [things:edit]
                teams:
                  thing:
                    Viewer: [things:view]
                routes:

                """
            let routes = (0..<areas).map { area in
                """
                  GET /api/area\(area)/things: things:view on any thing
                  GET /api/area\(area)/things/{id}: things:view on thing {id}
                  PUT /api/area\(area)/things/{id}: things:edit
                  GET /api/area\(area)/things/{id}/parts/{part}: things:view on thing {id}
                  POST /api/area\(area)/things/{id}/parts: things:edit
                """
            }
            return head + routes.joined(separator: "\n") + "\n"
        }
    }
}
