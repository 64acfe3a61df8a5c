import Foundation
import HTTPTypes
import HummingbirdCore
import LatchkeyCore

/// What the service says of itself (RFC 7644 §4).
struct DiscoveryRoutes: Sendable {
    let door: SCIMDoor

    private var schemas: SchemaWriting { door.schemas }

    var endpoints: [Endpoint] {
        [
            endpoint("/ServiceProviderConfig", "findSCIMService", "What this service can do.") { _ in
                schemas.serviceProvider
            },
            endpoint("/ResourceTypes", "listSCIMResourceTypes", "Types of resources.") { _ in
                list(ResourceType.all.map(schemas.resourceType))
            },
            endpoint("/ResourceTypes/{id}", "findSCIMResourceType", "One type of resource.") { call in
                let name = call.parameters["id"] ?? ""
                guard let type = ResourceType.all.first(where: { $0.name.isSameWord(as: name) }) else {
                    throw Refusal.notFound("resource type")
                }
                return schemas.resourceType(type)
            },
            endpoint("/Schemas", "listSCIMSchemas", "All schemas.") { _ in
                list(SCIMSchema.all.map(schemas.schema))
            },
            endpoint("/Schemas/{id}", "findSCIMSchema", "One schema.") { call in
                let urn = (call.parameters["id"] ?? "").removingPercentEncoding ?? ""
                guard let schema = SCIMSchema.all.first(where: { $0.urn.isSameWord(as: urn) }) else {
                    throw Refusal.notFound("schema")
                }
                return schemas.schema(schema)
            },
        ]
    }

    /// A filter is refused, so that nobody takes the whole for what it fits (RFC 7644 §4).
    private func endpoint(
        _ path: String, _ operation: String, _ summary: String,
        _ answer: @escaping @Sendable (Call) throws -> JSONTree
    ) -> Endpoint {
        door.endpoint(.get, path, operation, summary) { call in
            guard try ListRequest(query: call.queryText).filter == nil else {
                throw SCIMFault(403, nil, "This endpoint tells everything and takes no filter.")
            }
            return try .scim(answer(call))
        }
    }

    private func list(_ resources: [JSONTree]) -> JSONTree {
        door.write.list(resources, total: resources.count, start: 1)
    }
}
