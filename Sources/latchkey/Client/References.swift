/// People name things by name where the API wants a number.
extension Client {
    /// The id of an account given by id, handle (with or without `@service`) or e-mail address. Those that are
    /// deactivated are looked at when none that is active is called so.
    func userID(_ reference: String) async throws -> Int64 {
        if let id = Int64(reference) { return id }
        let active = accounts(called: reference, among: try await get("/users/listing"))
        guard active.isEmpty else { return try single(active, "account", reference) }
        let others = try await all("/users", [("text", reference), ("include_deleted", "true")])
        return try single(accounts(called: reference, among: others), "account", reference)
    }

    private func accounts(called reference: String, among list: JSONValue) -> [JSONValue] {
        let wanted: Set = [reference, reference + "@service"]
        return (list.items ?? []).filter { account in
            ["user_id", "user_name", "email"].contains { wanted.contains(account[$0]?.text ?? "") }
        }
    }

    func teamID(_ reference: String) async throws -> Int64 {
        if let id = Int64(reference) { return id }
        let teams = try await all("/teams", [("name", reference)]).items ?? []
        return try single(teams.filter { $0["name"]?.text == reference }, "team", reference)
    }

    func resourceID(_ reference: String) async throws -> Int64 {
        if let id = Int64(reference) { return id }
        let items = try await all("/resources").items ?? []
        return try single(items.filter { $0["name"]?.text == reference }, "resource", reference)
    }

    private func single(_ found: [JSONValue], _ noun: String, _ reference: String) throws -> Int64 {
        let ids = Set(found.compactMap { $0["id"]?.integer })
        guard let id = ids.first else { throw CommandFailure("there is no \(noun) \(reference)") }
        guard ids.count == 1 else {
            let choice = ids.sorted().map(String.init).joined(separator: ", ")
            throw CommandFailure("\(ids.count) of them are called \(reference)", hint: "give the id: \(choice)")
        }
        return id
    }

    func userIDs(_ references: [String]) async throws -> JSONValue? {
        try await ids(references, userID)
    }

    func resourceIDs(_ references: [String]) async throws -> JSONValue? {
        try await ids(references, resourceID)
    }

    /// `nil` when none were given: an absent list stays as it is.
    private func ids(_ references: [String], _ find: (String) async throws -> Int64) async throws -> JSONValue? {
        guard !references.isEmpty else { return nil }
        var ids: [JSONValue] = []
        for reference in references { ids.append(.integer(try await find(reference))) }
        return .array(ids)
    }
}
