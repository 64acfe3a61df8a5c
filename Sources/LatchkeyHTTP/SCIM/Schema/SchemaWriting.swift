import LatchkeyCore

/// Schemas and resource types as their endpoints show them.
struct SchemaWriting: Sendable {
    let base: String

    func schema(_ schema: SCIMSchema) -> JSONTree {
        .object([
            "schemas": [.text(SCIMSchema.schema.urn)], "id": .text(schema.urn), "name": .text(schema.name),
            "description": .text(schema.summary), "attributes": .list(schema.attributes.map(attribute)),
            "meta": meta("Schema", "/Schemas/\(schema.urn)"),
        ])
    }

    private func attribute(_ attribute: SCIMAttribute) -> JSONTree {
        var members: [JSONTree.Member] = [
            JSONTree.Member(name: "name", value: .text(attribute.name)),
            JSONTree.Member(name: "type", value: .text(attribute.kind.word)),
            JSONTree.Member(name: "multiValued", value: .flag(attribute.isMultiValued)),
            JSONTree.Member(name: "description", value: .text(attribute.summary)),
            JSONTree.Member(name: "required", value: .flag(attribute.isRequired)),
            JSONTree.Member(name: "mutability", value: .text(attribute.mutability.rawValue)),
            JSONTree.Member(name: "returned", value: .text(attribute.returned.word)),
        ]
        switch attribute.kind {
        case .complex(let parts):
            members.append(JSONTree.Member(name: "subAttributes", value: .list(parts.map(self.attribute))))
        case .reference(let types):
            members.append(JSONTree.Member(name: "referenceTypes", value: .list(types.map { .text($0) })))
            members += comparison(attribute)
        case .string, .binary: members += comparison(attribute)
        case .boolean, .integer, .dateTime: break
        }
        return .object(members)
    }

    private func comparison(_ attribute: SCIMAttribute) -> [JSONTree.Member] {
        let words = attribute.canonicalValues.map { JSONTree.text($0) }
        return [
            JSONTree.Member(name: "caseExact", value: .flag(attribute.isCaseExact)),
            JSONTree.Member(name: "uniqueness", value: .text(attribute.uniqueness)),
        ] + (words.isEmpty ? [] : [JSONTree.Member(name: "canonicalValues", value: .list(words))])
    }

    func resourceType(_ type: ResourceType) -> JSONTree {
        let extensions = type.extensions.map { extent -> JSONTree in
            .object(["schema": .text(extent.urn), "required": .flag(false)])
        }
        return .object([
            "schemas": [.text(SCIMSchema.resourceType.urn)], "id": .text(type.name), "name": .text(type.name),
            "description": .text(type.summary), "endpoint": .text(type.endpoint), "schema": .text(type.schema.urn),
            "schemaExtensions": .list(extensions), "meta": meta("ResourceType", "/ResourceTypes/\(type.name)"),
        ])
    }

    var serviceProvider: JSONTree {
        func supported(_ isSupported: Bool, _ more: [JSONTree.Member] = []) -> JSONTree {
            .object([JSONTree.Member(name: "supported", value: .flag(isSupported))] + more)
        }
        return .object([
            "schemas": [.text(SCIMSchema.serviceProvider.urn)], "patch": supported(true),
            "bulk": supported(
                true,
                [
                    JSONTree.Member(name: "maxOperations", value: .integer(Int64(BulkRequest.mostOperations))),
                    JSONTree.Member(name: "maxPayloadSize", value: .integer(Int64(RequestBody.longest))),
                ]),
            "filter": supported(
                true, [JSONTree.Member(name: "maxResults", value: .integer(Int64(DirectoryQuery.mostItems)))]),
            "changePassword": supported(false), "sort": supported(true), "etag": supported(true),
            "authenticationSchemes": [
                .object([
                    "type": "oauthbearertoken", "name": "SCIM token",
                    "description": "A token that an Admin made for directory sync, as Authorization: Bearer.",
                    "specUri": "https://www.rfc-editor.org/info/rfc6750", "primary": .flag(true),
                ])
            ],
            "meta": meta("ServiceProviderConfig", "/ServiceProviderConfig"),
        ])
    }

    private func meta(_ type: String, _ path: String) -> JSONTree {
        .object(["resourceType": .text(type), "location": .text(base + path)])
    }
}
