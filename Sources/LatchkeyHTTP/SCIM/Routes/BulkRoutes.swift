import HTTPTypes
import LatchkeyApp
import LatchkeyCore

/// `/Bulk`: each operation stands for itself, in the order given, but for those that wait for another's id. What could
/// be done stays done when a later one fails (RFC 7644 §3.7).
struct BulkRoutes: Sendable {
    let door: SCIMDoor

    var endpoints: [Endpoint] {
        [door.endpoint(.post, "/Bulk", "runSCIMBulk", "Several operations at once.", run)]
    }

    @Sendable
    private func run(_ call: Call) async throws -> Reply {
        let request = try BulkRequest(call.tree())
        var job = BulkJob(request)
        while let place = job.next() {
            let operation = job.operation(place)
            let outcome = await carryOut(operation, as: call.caller)
            if case .failure(let fault) = outcome { await note(fault, of: operation, as: call.caller) }
            job.finish(place, with: outcome)
        }
        return try .scim(
            .object([
                "schemas": [.text(SCIMMessage.bulkResponse)], "Operations": .list(job.results(below: door.write.base)),
            ]))
    }

    private func carryOut(
        _ operation: BulkRequest.Operation, as caller: Caller
    ) async -> Result<BulkOutcome, SCIMFault> {
        do {
            if let fault = operation.fault { throw fault }
            return .success(try await BulkStep(door: door, operation: operation, caller: caller).carryOut())
        } catch {
            return .failure(SCIMFault(error))
        }
    }

    private func note(_ fault: SCIMFault, of operation: BulkRequest.Operation, as caller: Caller) async {
        await door.note(
            fault, method: operation.method.uppercased(), operation.path.split(separator: "/"), data: operation.data,
            as: caller)
    }
}

/// What became of one operation.
struct BulkOutcome: Sendable {
    let status: Int
    let location: String
    var id: String?
    var version: String?
}

/// The operations of a bulk and what is known of them so far.
private struct BulkJob {
    private let request: BulkRequest
    private var waiting: [Int]
    private var ids: [String: String] = [:]
    private var outcomes: [Int: Result<BulkOutcome, SCIMFault>] = [:]
    private var errors = 0

    init(_ request: BulkRequest) {
        self.request = request
        waiting = Array(request.operations.indices)
    }

    /// The first that waits for nothing; when all that are left wait for each other, the first of them, to be refused.
    mutating func next() -> Int? {
        if let limit = request.failOnErrors, errors >= limit { return nil }
        let pending = Set(waiting.compactMap { request.operations[$0].bulkID })
        let ready = waiting.firstIndex { place in
            let operation = request.operations[place]
            return operation.references.isDisjoint(with: pending)
        }
        guard !waiting.isEmpty else { return nil }
        return waiting.remove(at: ready ?? 0)
    }

    /// With the ids that are known by now in place of references.
    func operation(_ place: Int) -> BulkRequest.Operation {
        let operation = request.operations[place]
        let unknown = operation.references.filter { ids[$0] == nil }.sorted()
        let fault = unknown.first.map { name in
            SCIMFault(409, nil, "bulkId:\(name.prefix(64)) names nothing that was made in this bulk.")
        }
        return BulkRequest.Operation(
            verb: operation.verb, method: operation.method, path: BulkReferences.resolved(operation.path, ids),
            bulkID: operation.bulkID, version: operation.version,
            data: operation.data.map { BulkReferences.resolved($0, ids) }, fault: operation.fault ?? fault,
            references: [])
    }

    mutating func finish(_ place: Int, with outcome: Result<BulkOutcome, SCIMFault>) {
        outcomes[place] = outcome
        switch outcome {
        case .success(let done):
            if let name = request.operations[place].bulkID, let id = done.id { ids[name] = id }
        case .failure: errors += 1
        }
    }

    /// In the order in which they were asked for; what was not tried is not told.
    func results(below base: String) -> [JSONTree] {
        outcomes.sorted { $0.key < $1.key }.map { place, outcome in
            result(request.operations[place], outcome, below: base)
        }
    }

    /// Where it is, is told of failures too, but for a POST: that made nothing (RFC 7644 §3.7.3).
    private func result(
        _ operation: BulkRequest.Operation, _ outcome: Result<BulkOutcome, SCIMFault>, below base: String
    ) -> JSONTree {
        var members = [JSONTree.Member(name: "method", value: .text(operation.method.uppercased()))]
        if let name = operation.bulkID { members.append(JSONTree.Member(name: "bulkId", value: .text(name))) }
        switch outcome {
        case .success(let done):
            members.append(JSONTree.Member(name: "location", value: .text(done.location)))
            if let version = done.version { members.append(JSONTree.Member(name: "version", value: .text(version))) }
            members.append(JSONTree.Member(name: "status", value: .text(String(done.status))))
        case .failure(let fault):
            if operation.verb != nil, operation.verb != .post, operation.path.first == "/" {
                let location = base + BulkReferences.resolved(operation.path, ids)
                members.append(JSONTree.Member(name: "location", value: .text(location)))
            }
            members.append(JSONTree.Member(name: "status", value: .text(String(fault.status))))
            members.append(JSONTree.Member(name: "response", value: fault.body))
        }
        return .object(members)
    }
}
