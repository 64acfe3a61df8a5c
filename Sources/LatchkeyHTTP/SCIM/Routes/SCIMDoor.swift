import Foundation
import HTTPTypes
import HummingbirdCore
import LatchkeyApp
import LatchkeyCore

/// `/scim/v2`: the endpoints of directory sync, and what they share.
///
/// The one permission they need is the one that SCIM tokens have; no other endpoint asks for it, so these tokens open
/// exactly these endpoints. What is refused here is kept for the administrator of the directory, in words.
struct SCIMDoor: Sendable {
    static let path = "/scim/v2"
    /// Entries of one list. A directory sends the members of a group at once; the size of the body bounds them too.
    static let mostItems = 10_000

    let app: App
    let write: ResourceWriting
    let schemas: SchemaWriting

    init(app: App, rootPath: String) {
        self.app = app
        let base = app.settings.publicURL + rootPath + Self.path
        write = ResourceWriting(base: base)
        schemas = SchemaWriting(base: base)
    }

    var endpoints: [Endpoint] {
        discovery + PersonRoutes(door: self).endpoints + GroupRoutes(door: self).endpoints
            + SearchRoutes(door: self).endpoints + BulkRoutes(door: self).endpoints
    }

    func endpoint(
        _ method: HTTPRequest.Method, _ path: String, _ operation: String, _ summary: String,
        _ handler: @escaping Endpoint.Handler
    ) -> Endpoint {
        let takesBody = [.post, .put, .patch].contains(method)
        return Endpoint(
            method: method, path: Self.path + path, operation: operation, summary: summary,
            access: .needs(.provision), isQueryChecked: false, body: takesBody ? .scim : .none,
            voice: .scim, handler: noting(handler))
    }

    /// A refusal is kept for the page of directory sync; keeping it must never be why a request fails.
    private func noting(_ handler: @escaping Endpoint.Handler) -> Endpoint.Handler {
        { call in
            do {
                return try await handler(call)
            } catch {
                await note(error, of: call)
                throw error
            }
        }
    }

    /// What directories ask to find out whether something is there is no fault of theirs.
    private func note(_ error: any Error, of call: Call) async {
        let fault = SCIMFault(error)
        guard (400..<500).contains(fault.status), call.request.method != .get else { return }
        let place = call.path.split(separator: "/").drop { $0 != "v2" }.dropFirst()
        let operation = "\(call.request.method.rawValue) /\(place.first ?? "")"
        try? await app.noteSyncFault(
            operation, status: fault.status, detail: fault.detail, subject: subject(of: call, place.dropFirst()),
            as: call.caller)
    }

    private func subject(of call: Call, _ rest: ArraySlice<Substring>) -> String {
        if let id = rest.first { return String(id) }
        guard let tree = try? call.tree() else { return "" }
        for name in [DirectoryAttribute.userName, DirectoryAttribute.displayName] {
            if case .text(let text)? = tree.member(name) { return text }
        }
        return ""
    }
}

extension Call {
    /// The body, whatever it holds.
    func tree() throws(Refusal) -> JSONTree {
        try JSONTree(reading: body, mostItems: SCIMDoor.mostItems)
    }

    var precondition: Precondition { EntityTag.precondition(request.headers) }

    /// Which attributes the reply shows.
    func projection(of type: ResourceType) throws(SCIMFault) -> Projection {
        try ListRequest(query: queryText).projection(of: type)
    }
}

// What the service says of itself.
extension SCIMDoor {
    private var discovery: [Endpoint] {
        [
            endpoint(.get, "/ServiceProviderConfig", "findSCIMService", "What this service can do.") { _ in
                try .scim(schemas.serviceProvider)
            },
            endpoint(.get, "/ResourceTypes", "listSCIMResourceTypes", "Types of resources.") { _ in
                let types = ResourceType.all.map(schemas.resourceType)
                return try .scim(write.list(types, total: types.count, start: 1))
            },
            endpoint(.get, "/ResourceTypes/{id}", "findSCIMResourceType", "One type of resource.") { call in
                let name = call.parameters["id"] ?? ""
                guard let type = ResourceType.all.first(where: { $0.name.isSameWord(as: name) }) else {
                    throw Refusal.notFound("resource type")
                }
                return try .scim(schemas.resourceType(type))
            },
            endpoint(.get, "/Schemas", "listSCIMSchemas", "All schemas.") { _ in
                let all = SCIMSchema.all.map(schemas.schema)
                return try .scim(write.list(all, total: all.count, start: 1))
            },
            endpoint(.get, "/Schemas/{id}", "findSCIMSchema", "One schema.") { call in
                let urn = (call.parameters["id"] ?? "").removingPercentEncoding ?? ""
                guard let schema = SCIMSchema.all.first(where: { $0.urn.isSameWord(as: urn) }) else {
                    throw Refusal.notFound("schema")
                }
                return try .scim(schemas.schema(schema))
            },
        ]
    }
}
