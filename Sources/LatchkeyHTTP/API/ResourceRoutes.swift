import HTTPTypes
import LatchkeyAPI
import LatchkeyApp
import LatchkeyCore

/// `/resources`: what teams open.
struct ResourceRoutes: Sendable {
    let app: App
    let render: Rendering

    var endpoints: [Endpoint] {
        [
            Endpoint(
                method: .get, path: "/resources", operation: "listResources", summary: "Resources, page by page.",
                access: .needs(.readResources), query: Self.filters + QueryParameter.page,
                success: .ok(.page(of: .resource)), handler: list),
            Endpoint(
                method: .get, path: "/resources/{id}", operation: "findResource", summary: "One resource.",
                access: .needs(.readResources), success: .ok(.object(.resource)), handler: find),
            Endpoint(
                method: .post, path: "/resources", operation: "createResource", summary: "Makes a resource.",
                access: .needs(.createResources), body: .required(.newResource),
                success: .created(.object(.resource)), handler: create),
            Endpoint(
                method: .put, path: "/resources/{id}", operation: "updateResource",
                summary: "Changes a resource; what is left out stays.", access: .needs(.editResources),
                body: .required(.resourceEdit), success: .ok(.object(.resource)), handler: update),
            Endpoint(
                method: .delete, path: "/resources/{id}", operation: "deleteResource",
                summary: "Deletes a resource.", access: .needs(.deleteResources), handler: delete),
        ]
    }

    private static let filters = [
        QueryParameter("kind", .text, "One kind only."),
        QueryParameter("name", .text, "A part of the name, whatever its case."),
    ]

    @Sendable
    private func list(_ call: Call) async throws -> Reply {
        let filter = ResourceFilter(kind: call.query.text("kind"), name: call.query.text("name"))
        return try .ok(
            render.page(await app.listResources(filter, call.query.page, as: call.caller), render.resource))
    }

    @Sendable
    private func find(_ call: Call) async throws -> Reply {
        try .ok(render.resource(await app.findResource(call.id("resource"), as: call.caller)))
    }

    @Sendable
    private func create(_ call: Call) async throws -> Reply {
        let edit = try edit(call)
        return try await call.answer { keeping in
            try await app.createResource(edit, as: call.caller, keeping: keeping)
        } rendering: { [render] resource in
            try .created(render.resource(resource), at: "\(call.rootPath)/resources/\(resource.id)")
        }
    }

    @Sendable
    private func update(_ call: Call) async throws -> Reply {
        try .ok(render.resource(await app.updateResource(call.id("resource"), edit(call), as: call.caller)))
    }

    @Sendable
    private func delete(_ call: Call) async throws -> Reply {
        try await app.deleteResource(call.id("resource"), as: call.caller)
        return .noContent
    }

    private func edit(_ call: Call) throws -> ResourceEdit {
        let body = try call.decoded(ResourceEditBody.self)
        return ResourceEdit(
            kind: body.kind, name: body.name, externalID: body.externalID.change, description: body.description)
    }
}
