import HTTPTypes
import LatchkeyAPI
import LatchkeyApp
import LatchkeyCore

/// `/policy`: who may do what behind the gateways, and why a request is let through or not.
struct PolicyRoutes: Sendable {
    let app: App

    var endpoints: [Endpoint] {
        [
            Endpoint(
                method: .get, path: "/policy", operation: "findPolicy",
                summary: "The policy in force with its actions.", access: .anyToken,
                success: .ok(.object(.policy)), handler: find),
            Endpoint(
                method: .get, path: "/policy/explain", operation: "explainPolicy",
                summary:
                    "Which rule decides a request, and why: with this token, or with another.",
                access: .needs(.readSelf),
                query: [
                    QueryParameter("method", .text, "The method of the request; GET unless given."),
                    QueryParameter("path", .text, "The path of the request."),
                    QueryParameter("token_id", .integer(1...Int64.max), "Another token, by its number."),
                    QueryParameter(
                        "address", .text, "Where the token of token_id comes from; this question's own unless given."),
                ],
                success: .ok(.object(.explanation)), refusals: [.notFound, .conflict], handler: explain),
        ]
    }

    @Sendable
    private func find(_ call: Call) async throws -> Reply {
        let standing = app.policyInForce.standing
        let current = standing.edition.policy
        return try .ok(
            PolicyBody(
                policy: current.name, source: standing.source, digest: standing.edition.digest,
                since: standing.since?.text, fault: standing.fault?.detail, faultAt: standing.fault?.at.text,
                actions: current.actions.map {
                    PolicyActionBody(
                        name: $0.name, summary: $0.summary, role: $0.grant.role?.rawValue,
                        roleThroughTeams: $0.grant.roleThroughTeams?.rawValue)
                }))
    }

    @Sendable
    private func explain(_ call: Call) async throws -> Reply {
        guard let path = call.query.text("path") else { throw Refusal.invalid("path", "must be there") }
        let method = call.query.text("method") ?? "GET"
        guard method.wholeMatch(of: /[A-Z]{1,16}/) != nil else {
            throw Refusal.invalid("method", "must be a method in capitals, such as GET")
        }
        let explanation = try app.explain(
            method: method, target: path, subject: call.query.integer("token_id").map { .token(ID($0)) },
            from: try address(call.query), as: call.caller)
        return try .ok(ExplanationBody(explanation))
    }

    private func address(_ query: Query) throws(Refusal) -> Address? {
        guard let text = query.text("address") else { return nil }
        guard query.integer("token_id") != nil else { throw .invalid("address", "needs token_id: whose is it?") }
        guard let address = Address(text) else { throw .invalid("address", "must be an IPv4 or IPv6 address") }
        return address
    }
}

extension ExplanationBody {
    fileprivate init(_ explanation: PolicyExplanation) {
        let ruling = explanation.ruling
        self.init(
            decision: ruling.isAllowed, reason: ruling.reason.rawValue, detail: ruling.sentence,
            method: explanation.method, path: explanation.path, route: ruling.route?.text, action: ruling.action?.name,
            resource: ruling.resource?.words, level: explanation.level?.rawValue, policy: explanation.policy,
            source: explanation.source, routeLine: ruling.route?.mark.line, line: ruling.mark?.line)
    }
}
