public import LatchkeyCore
import LatchkeyStore

extension App {
    /// All names for a Manager; for the others what their teams open.
    public func listResources(
        _ filter: ResourceFilter, _ page: PageRequest, as caller: Caller
    ) async throws(Refusal) -> Page<Resource> {
        try caller.require(.readResources)
        var filter = filter
        if !caller.seesAllResources { filter.grantedTo = caller.teams }
        return try await store.read { [filter] db throws(Refusal) in try db.resources(filter, page) }
    }

    public func findResource(_ id: ID<Resource>, as caller: Caller) async throws(Refusal) -> Resource {
        try caller.require(.readResources)
        return try await store.read { db throws(Refusal) in try db.visibleResource(id, to: caller) }
    }

    /// By its kind and exact name; `nil` when there is none that this caller may see.
    public func findResource(kind: String, name: String, as caller: Caller) async throws(Refusal) -> Resource? {
        try caller.require(.readResources)
        return try await store.read { db throws(Refusal) in
            guard let found = try db.resource(kind: kind, name: name.trimmed) else { return nil }
            do throws(Refusal) {
                return try db.visibleResource(found.id, to: caller)
            } catch .notFound {
                return nil
            }
        }
    }

    public func createResource(
        _ edit: ResourceEdit, as caller: Caller, keeping: ReplyKeeping<Resource>? = nil
    ) async throws(Refusal) -> Resource {
        try caller.require(.createResources)
        let now = ambient.now()
        return try await commit(as: caller, keeping: keeping) { db throws(Refusal) in
            let (resource, decision) = try Resource.create(edit, id: db.nextID(), by: caller, at: now)
            try db.requireFree(resource)
            try db.apply(decision)
            return resource
        }
    }

    public func updateResource(
        _ id: ID<Resource>, _ edit: ResourceEdit, as caller: Caller
    ) async throws(Refusal) -> Resource {
        try caller.require(.editResources)
        let now = ambient.now()
        return try await commit(as: caller) { db throws(Refusal) in
            let old = try db.visibleResource(id, to: caller)
            try db.requireEditor(of: id, caller)
            let (resource, decision) = try old.applying(edit, by: caller, at: now)
            try db.requireFree(resource)
            // Teams open a resource by these names to gateways: another name is another thing that they open.
            if !resource.isNamed(like: old) { try caller.require(.manageTeams) }
            if let decision { try db.apply(decision) }
            return resource
        }
    }

    public func deleteResource(_ id: ID<Resource>, as caller: Caller) async throws(Refusal) {
        try caller.require(.deleteResources)
        let now = ambient.now()
        try await commit(as: caller) { db throws(Refusal) in
            let resource = try db.visibleResource(id, to: caller)
            try db.requireEditor(of: id, caller)
            try db.apply(resource.delete(by: caller, at: now))
        }
    }
}

extension Caller {
    /// Managers list all resources by name, unless their token is narrowed to some teams.
    fileprivate var seesAllResources: Bool {
        guard let role, role >= .manager else { return false }
        return narrowing.teams == nil
    }
}

extension Transaction {
    fileprivate func visibleResource(_ id: ID<Resource>, to caller: Caller) throws(Refusal) -> Resource {
        guard let resource = try resource(id) else { throw .notFound("resource") }
        if caller.seesAllResources { return resource }
        guard try !grantingTeams(id, caller).isEmpty else { throw .notFound("resource") }
        return resource
    }

    /// Those of the caller's teams that open the resource.
    private func grantingTeams(_ id: ID<Resource>, _ caller: Caller) throws(Refusal) -> [Team] {
        let own = caller.teams
        return try teams(grantedResource: id).filter { own.contains($0.id) }
    }

    /// Admins are not subject to team permissions; the others need the level Editor over the resource.
    fileprivate func requireEditor(of id: ID<Resource>, _ caller: Caller) throws(Refusal) {
        if caller.role == .admin, caller.narrowing.teams == nil { return }
        guard try grantingTeams(id, caller).contains(where: { $0.permission == .editor }) else {
            throw .forbidden("Changing a resource needs the team permission Editor over it.")
        }
    }

    fileprivate func requireFree(_ resource: Resource) throws(Refusal) {
        guard let holder = try self.resource(kind: resource.kind, name: resource.name), holder.id != resource.id
        else { return }
        throw .conflict("There is a \(resource.kind) of this name already.")
    }
}
