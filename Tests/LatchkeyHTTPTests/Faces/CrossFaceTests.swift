import HTTPTypes
import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

/// One rule, many doors: what a token may do does not depend on who asks about it and how.
@Suite("Every face")
struct CrossFaceTests {
    @Test("gives the same answer for the same token", arguments: TokenState.all)
    func agree(state: TokenState) async throws {
        let server = try await TestServer()
        let token = try await state.make(server)
        let asker = try await server.givenToken(acting: .manager)
        let expected: [Outcome?] = state.outcomes
        try await server.live { client in
            let asked = try await client.outcomesAtAPI(token)
            #expect(asked == expected)
            let isActive = try await client.introspect(token, as: asker)
            #expect(isActive == state.isActive)
            for (form, outcomes) in try await client.evaluations(token, as: asker) {
                #expect(outcomes == state.outcomes, "\(form)")
            }
        }
        for dialect in GatewayDialect.allCases {
            let gateway = TestServer(beside: server, HTTPSettings(gatewayDialect: dialect))
            try await gateway.live { client in
                let outcomes = try await client.outcomesAtGateway(token, dialect)
                #expect(outcomes == expected, "\(dialect)")
            }
        }
    }
}

extension TokenState {
    /// A token that opens the SCIM endpoints alone is nothing to whoever introspects it.
    fileprivate var isActive: Bool {
        outcomes.first != .refused && !outcomes.elementsEqual([.forbidden, .forbidden, .forbidden, .allowed])
    }
}

extension TestServer {
    /// The same house behind doors with other settings.
    fileprivate init(beside other: TestServer, _ settings: HTTPSettings) {
        let clock = other.clock
        let ambient = Ambient(now: { clock.now }, randomBytes: { [UInt8](repeating: 1, count: $0) })
        self.init(
            app: other.app, clock: clock, admin: other.admin,
            doors: Doors(app: other.app, ambient: ambient, settings: settings, log: { _ in }, logger: .silent))
    }
}

extension Outcome {
    fileprivate init?(status: Int) {
        switch status {
        case 200: self = .allowed
        case 403: self = .forbidden
        case 401: self = .refused
        default: return nil
        }
    }

    fileprivate init(decision: JSONTree) {
        if decision["decision"] == .flag(true) {
            self = .allowed
        } else {
            self = decision["context"]?["reason"] == "unknown_subject" ? .refused : .forbidden
        }
    }
}

extension TestClient {
    fileprivate func outcomesAtAPI(_ token: Presented) async throws -> [Outcome?] {
        var outcomes: [Outcome?] = []
        for deed in Deed.all {
            outcomes.append(Outcome(status: try await ask(.get, deed.path, as: token.text).status))
        }
        return outcomes
    }

    fileprivate func outcomesAtGateway(_ token: Presented, _ dialect: GatewayDialect) async throws -> [Outcome?] {
        var outcomes: [Outcome?] = []
        for deed in Deed.all {
            var (path, fields) = ("/authz", HTTPFields())
            if let names = dialect.names {
                for (name, value) in [("\(names.method)", "GET"), ("\(names.target)", deed.path)] {
                    fields[try #require(HTTPField.Name(name))] = value
                }
            } else {
                path += deed.path
            }
            outcomes.append(Outcome(status: try await ask(.get, path, as: token.text, headers: fields).status))
        }
        return outcomes
    }

    fileprivate func introspect(_ token: Presented, as asker: String) async throws -> Bool {
        let answer = try await ask(
            .post, "/oauth2/introspect", as: asker, "token=\(token.text)&address=127.0.0.1",
            headers: [.contentType: "application/x-www-form-urlencoded"])
        #expect(answer.status == 200)
        if answer["active"] == .flag(false) { #expect(answer.text == #"{"active":false}"#) }
        return answer["active"] == .flag(true)
    }

    /// By form of the question: about the token's text or its number, an action or a request, alone or in a batch.
    fileprivate func evaluations(_ token: Presented, as asker: String) async throws -> [String: [Outcome]] {
        var found: [String: [Outcome]] = [:]
        let subjects = [("text", token.text)] + (token.number.map { [("number", "\($0.value)")] } ?? [])
        for (form, subject) in subjects {
            let actions = Deed.all.map { Self.question(subject, $0.action, "platform", "*") }
            let requests = Deed.all.map { Self.question(subject, "GET", "route", $0.path) }
            for (kind, questions) in [("action", actions), ("request", requests)] {
                var alone: [Outcome] = []
                for question in questions {
                    alone.append(Outcome(decision: try await evaluate("/access/v1/evaluation", question, asker).json))
                }
                found["\(form), \(kind)"] = alone
                let batch = #"{"evaluations":[\#(questions.joined(separator: ","))]}"#
                let answer = try await evaluate("/access/v1/evaluations", batch, asker)
                found["\(form), \(kind), batch"] = answer["evaluations"]?.items.map(Outcome.init(decision:)) ?? []
            }
        }
        return found
    }

    private func evaluate(_ path: String, _ body: String, _ asker: String) async throws -> Answer {
        let answer = try await ask(.post, path, as: asker, body)
        #expect(answer.status == 200)
        return answer
    }

    private static func question(_ subject: String, _ action: String, _ kind: String, _ id: String) -> String {
        #"""
        {"subject":{"type":"token","id":"\#(subject)"},"action":{"name":"\#(action)"},
        "resource":{"type":"\#(kind)","id":"\#(id)"},"context":{"address":"127.0.0.1"}}
        """#
    }
}
