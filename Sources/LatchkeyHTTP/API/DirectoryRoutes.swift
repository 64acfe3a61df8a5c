import HTTPTypes
import LatchkeyAPI
import LatchkeyApp
import LatchkeyCore

/// `/directory-sync`: what an Admin sees of directories, and the two things to do about them.
struct DirectoryRoutes: Sendable {
    let app: App
    let render: Rendering

    var endpoints: [Endpoint] {
        [
            Endpoint(
                method: .get, path: "/directory-sync", operation: "findDirectorySync",
                summary: "Live SCIM tokens, what the latest syncs changed, what was refused.",
                access: .needs(.manageTokens), success: .ok(.object(.directorySync)), handler: find),
            Endpoint(
                method: .post, path: "/directory-sync/check", operation: "checkDirectorySync",
                summary: "Rehearses a sync and undoes it.", access: .needs(.manageTokens),
                body: .optional(.directoryRequest), success: .ok(.object(.directoryCheck)), handler: check),
            Endpoint(
                method: .post, path: "/directory-sync/release", operation: "releaseDirectory",
                summary: "Lets go of a directory's people and teams, for another to take over.",
                access: .needs(.manageTokens), body: .required(.directoryRelease),
                success: .ok(.object(.released)), handler: release),
        ]
    }

    @Sendable
    private func find(_ call: Call) async throws -> Reply {
        let overview = try await app.findDirectorySync(as: call.caller)
        let url = app.settings.publicURL + call.rootPath + SCIMDoor.path
        return try .ok(render.directorySync(overview, url: url))
    }

    @Sendable
    private func check(_ call: Call) async throws -> Reply {
        let directory = try call.decoded(DirectoryRequestBody.self).userID
        let checks = try await app.checkDirectorySync(directory.map { ID($0) }, as: call.caller)
        return try .ok(
            DirectoryCheckBody(
                steps: checks.map { check in
                    DirectoryCheckBody.Step(
                        step: check.step, problem: check.refusal.map { SCIMFault($0).detail })
                }))
    }

    @Sendable
    private func release(_ call: Call) async throws -> Reply {
        guard let directory = try call.decoded(DirectoryRequestBody.self).userID else {
            throw Refusal.invalid("/user_id", "must be there")
        }
        return try .ok(ReleasedBody(released: await app.releaseDirectory(ID(directory), as: call.caller)))
    }
}
