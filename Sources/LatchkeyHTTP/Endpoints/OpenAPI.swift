import HTTPTypes
import LatchkeyCore
import Synchronization

/// The OpenAPI 3.1 document, made from the same table as the router.
///
/// SCIM is not in it: that protocol describes itself, at `/scim/v2/Schemas` and `/scim/v2/ResourceTypes`.
struct OpenAPI: Sendable {
    let endpoints: [Endpoint]
    let rootPath: String
    let version: String

    init(endpoints: [Endpoint], rootPath: String, version: String) {
        self.endpoints = endpoints.filter { $0.voice == .problem }
        self.rootPath = rootPath
        self.version = version
    }

    var document: JSONTree {
        .object([
            "openapi": "3.1.0",
            "info": .object([
                "title": "Latchkey", "version": .text(version),
                "description": "Service users, teams and tokens: an authority for machine identities.",
                "license": .object(["name": "Apache-2.0", "identifier": "Apache-2.0"]),
            ]),
            "security": [.object(["bearer": []])],
            "paths": .object(paths),
            "components": .object([
                "securitySchemes": .object([
                    "bearer": .object(["type": "http", "scheme": "bearer", "bearerFormat": "JWT"])
                ]),
                "schemas": .object(schemas),
            ]),
        ])
    }

    private var paths: [JSONTree.Member] {
        var order: [String] = []
        var operations: [String: [JSONTree.Member]] = [:]
        for endpoint in endpoints {
            let path = (endpoint.isBelowRoot ? rootPath : "") + endpoint.path
            if operations[path] == nil { order.append(path) }
            let name = endpoint.method.rawValue.lowercased()
            operations[path, default: []].append(JSONTree.Member(name: name, value: operation(endpoint)))
        }
        return order.map { JSONTree.Member(name: $0, value: .object(operations[$0] ?? [])) }
    }

    private var schemas: [JSONTree.Member] {
        var seen: Set<String> = []
        let all = endpoints.flatMap { endpoint in
            (endpoint.body.schema.map { Schema.object($0).objects } ?? []) + (endpoint.success.schema?.objects ?? [])
        }
        return (all + Schema.object(.problem).objects)
            .filter { seen.insert($0.name).inserted }
            .map { JSONTree.Member(name: $0.name, value: $0.document) }
    }

    private func operation(_ endpoint: Endpoint) -> JSONTree {
        var members: [JSONTree.Member] = [
            JSONTree.Member(name: "operationId", value: .text(endpoint.operation)),
            JSONTree.Member(name: "summary", value: .text(endpoint.summary)),
        ]
        switch endpoint.access {
        case .open: members.append(JSONTree.Member(name: "security", value: []))
        case .anyToken: break
        case .needs(let permission):
            members.append(JSONTree.Member(name: "x-permission", value: .text(permission.rawValue)))
        }
        let parameters = parameters(endpoint)
        if !parameters.isEmpty { members.append(JSONTree.Member(name: "parameters", value: .list(parameters))) }
        if let body = requestBody(endpoint.body) { members.append(JSONTree.Member(name: "requestBody", value: body)) }
        members.append(JSONTree.Member(name: "responses", value: .object(responses(endpoint))))
        return .object(members)
    }

    private func requestBody(_ rule: Endpoint.BodyRule) -> JSONTree? {
        guard let schema = rule.schema else { return nil }
        var isRequired = false
        if case .required = rule { isRequired = true }
        return .object(["required": .flag(isRequired), "content": Self.content(Reply.json, .object(schema))])
    }

    static func content(_ type: String, _ schema: Schema) -> JSONTree {
        .object([JSONTree.Member(name: type, value: .object(["schema": schema.document]))])
    }
}

// What goes in.
extension OpenAPI {
    private func parameters(_ endpoint: Endpoint) -> [JSONTree] {
        let path = endpoint.pathParameters.map { name -> JSONTree in
            .object(["name": .text(name), "in": "path", "required": .flag(true), "schema": Schema.id.document])
        }
        let query = endpoint.query.map { parameter -> JSONTree in
            .object([
                "name": .text(parameter.name), "in": "query", "description": .text(parameter.summary),
                "schema": parameter.kind.schema.document,
            ])
        }
        guard endpoint.method == .post else { return path + query }
        let key: JSONTree = .object([
            "name": "Idempotency-Key", "in": "header",
            "description": "The same key and body within 24 hours get the first reply.",
            "schema": Schema.name(longest: IdempotentCall.longestKey).document,
        ])
        return path + query + [key]
    }
}

// What comes out.
extension OpenAPI {
    private func responses(_ endpoint: Endpoint) -> [JSONTree.Member] {
        let status = endpoint.success.status
        var success: [JSONTree.Member] = [JSONTree.Member(name: "description", value: .text(status.reasonPhrase))]
        if let schema = endpoint.success.schema {
            success.append(JSONTree.Member(name: "content", value: Self.content(Reply.json, schema)))
        }
        let problems = Self.problems(endpoint).sorted { $0.status.code < $1.status.code }.map { kind in
            JSONTree.Member(
                name: String(kind.status.code),
                value: .object([
                    "description": .text(kind.title), "content": Self.content(Reply.problem, .object(.problem)),
                ]))
        }
        return [JSONTree.Member(name: String(status.code), value: .object(success))] + problems
    }

    private static func problems(_ endpoint: Endpoint) -> [Problem.Kind] {
        var kinds: [Problem.Kind] = [.badRequest, .invalid, .tooLarge, .headTooLarge, .failed, .unavailable]
        if case .open = endpoint.access {} else { kinds += [.unauthenticated, .forbidden, .limited] }
        if !endpoint.pathParameters.isEmpty { kinds.append(.notFound) }
        if endpoint.body.schema != nil { kinds.append(.notJSON) }
        if endpoint.method != .get { kinds.append(.conflict) }
        return kinds + endpoint.refusals
    }
}

extension QueryParameter.Kind {
    /// Lists come as text: repeated, or parted by commas.
    var schema: Schema {
        switch self {
        case .text: .name(longest: 1000)
        case .integer(let range): .range(range)
        case .flag: .flag
        case .word(let words): .word(words)
        case .time: .time
        case .ids: .list(.id)
        case .words(let words): .list(.word(words))
        }
    }
}

/// The document as it is sent. It is written when somebody first asks for it, and kept.
final class OpenAPIText: Sendable {
    private let document: OpenAPI
    private let written = Mutex<[UInt8]?>(nil)

    init(_ document: OpenAPI) {
        self.document = document
    }

    var bytes: [UInt8] {
        written.withLock { written in
            let bytes = written ?? (try? StreamEncoder.encode(document.document)) ?? []
            written = bytes
            return bytes
        }
    }
}
