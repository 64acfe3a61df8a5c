/// A schema: a URN and the attributes under it (RFC 7643 §7).
struct SCIMSchema: Sendable {
    let urn: String
    let name: String
    let summary: String
    let attributes: [SCIMAttribute]

    func attribute(_ name: some StringProtocol) -> SCIMAttribute? {
        attributes.first { $0.name.isSameWord(as: name) }
    }
}

/// The URNs of messages (RFC 7644 §8.2).
enum SCIMMessage {
    static let list = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
    static let search = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
    static let patch = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
    static let bulkRequest = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
    static let bulkResponse = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
    static let error = "urn:ietf:params:scim:api:messages:2.0:Error"
}

/// A type of resource: where it lives and which schemas describe it (RFC 7643 §6).
struct ResourceType: Sendable {
    let name: String
    /// `/Users`.
    let endpoint: String
    let summary: String
    let schema: SCIMSchema
    let extensions: [SCIMSchema]

    static let user = ResourceType(
        name: "User", endpoint: "/Users", summary: "A person.", schema: .user, extensions: [.enterpriseUser])
    static let group = ResourceType(
        name: "Group", endpoint: "/Groups", summary: "A team.", schema: .group, extensions: [])

    static let all = [user, group]

    /// What every resource has (RFC 7643 §3.1), which no schema lists.
    static let ofAll = [
        SCIMAttribute("id", .string, "Given by this service.").caseExact.readOnly.alwaysReturned,
        SCIMAttribute("externalId", .string, "The directory's own name.").caseExact,
        SCIMAttribute(
            "meta",
            .complex([
                SCIMAttribute("resourceType", .string, "Its type.").caseExact.readOnly,
                SCIMAttribute("created", .dateTime, "When it was made.").readOnly,
                SCIMAttribute("lastModified", .dateTime, "When it changed last.").readOnly,
                SCIMAttribute("location", .reference(["uri"]), "Where it is.").caseExact.readOnly,
                SCIMAttribute("version", .string, "Its version.").caseExact.readOnly,
            ]), "About the resource."
        ).readOnly,
    ]

    func attribute(_ name: some StringProtocol) -> SCIMAttribute? {
        schema.attribute(name) ?? Self.ofAll.first { $0.name.isSameWord(as: name) }
    }

    func extent(_ urn: some StringProtocol) -> SCIMSchema? {
        extensions.first { $0.urn.isSameWord(as: urn) }
    }
}
