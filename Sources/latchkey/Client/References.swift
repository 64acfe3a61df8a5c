/// People name things by name where the API wants a number.
extension Client {
    /// The id of an account given by id, handle (with or without `@service`) or e-mail address.
    func userID(_ reference: String) async throws -> Int64 {
        if let id = Int64(reference) { return id }
        let stubs = try await get("/users/listing").items ?? []
        let wanted: Set = [reference, reference + "@service"]
        let found = stubs.filter { stub in
            ["user_id", "user_name", "email"].contains { wanted.contains(stub[$0]?.text ?? "") }
        }
        return try single(found, "account", reference)
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
            throw CommandFailure("\(ids.count) of them are called \(reference)", hint: "give the id")
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
