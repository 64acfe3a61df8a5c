import HTTPTypes
import LatchkeyApp
import LatchkeyCore

/// OpenID AuthZEN Authorization API 1.0.
struct EvaluationFaces: Sendable {
    let app: App

    var faces: [Face] {
        [
            Face(
                method: .post, path: "/access/v1/evaluation", refuse: Self.refuse, handler: evaluate,
                isLimited: false),
            Face(
                method: .post, path: "/access/v1/evaluations", refuse: Self.refuse, handler: evaluateAll,
                isLimited: false),
            Face(method: .get, path: "/.well-known/authzen-configuration", refuse: Self.refuse, handler: metadata),
        ]
    }

    /// The protocol leaves the body of an error open, but not the status: what is wrong with a request is 400, another
    /// type of content too.
    @Sendable
    private static func refuse(_ error: any Error, _ requestID: String) -> Reply {
        var problem = Problem(error)
        if [.invalid, .notJSON].contains(problem.kind) {
            problem = Problem(kind: .badRequest, detail: problem.detail, flaws: problem.flaws)
        }
        return Reply(problem, requestID: requestID)
    }

    @Sendable
    private func evaluate(_ call: inout FaceCall) async throws -> Reply {
        let caller = try await call.authenticate(app)
        let question = try Evaluation(read(call))
        let answers = try await app.evaluate([question], route: call.route, as: caller)
        return Reply(status: .ok, bytes: answers[0].jsonBytes)
    }

    /// Without questions of its own the message is one question, and is answered as one (§7.1).
    @Sendable
    private func evaluateAll(_ call: inout FaceCall) async throws -> Reply {
        let caller = try await call.authenticate(app)
        let batch = try EvaluationBatch(read(call))
        let answers = batch.complete(
            try await app.evaluate(batch.questions, stopping: batch.stopping, route: call.route, as: caller))
        guard !batch.isSingle else { return Reply(status: .ok, bytes: answers[0].jsonBytes) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(answers.count * 128)
        bytes.append(#"{"evaluations":["#)
        for (place, answer) in answers.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            answer.append(to: &bytes)
        }
        bytes.append("]}")
        return Reply(status: .ok, bytes: bytes)
    }

    @Sendable
    private func metadata(_ call: inout FaceCall) async throws -> Reply {
        let url = app.settings.publicURL
        return try .ok(
            JSONTree.object([
                "policy_decision_point": .text(url),
                "access_evaluation_endpoint": .text(url + "/access/v1/evaluation"),
                "access_evaluations_endpoint": .text(url + "/access/v1/evaluations"),
            ]))
    }

    private func read(_ call: FaceCall) throws -> JSONTree {
        guard call.head.isJSON else { throw DoorRefusal.notJSON }
        let tree = try JSONTree(reading: call.body)
        guard case .object = tree else { throw Refusal.badRequest("The body must be a JSON object.") }
        return tree
    }
}

/// Batches are long, so answers are written into one array.
extension EvaluationAnswer {
    fileprivate var jsonBytes: [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    fileprivate func append(to bytes: inout [UInt8]) {
        bytes.append(#"{"decision":"#, isAllowed)
        bytes.append(#","context":{"reason":"#, reason)
        bytes.append(#","detail":"#, detail)
        bytes.append("}}")
    }
}
