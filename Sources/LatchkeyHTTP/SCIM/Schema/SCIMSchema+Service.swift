/// The schemas of what a service says of itself (RFC 7643 §5, §6, §7 and §8.7.2). Everything in them is read-only.
extension SCIMSchema {
    static let all = [user, enterpriseUser, group, serviceProvider, resourceType, schema]

    static let serviceProvider = SCIMSchema(
        urn: "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig", name: "ServiceProviderConfig",
        summary: "What this service can do.",
        attributes: [
            told("documentationUri", .reference(["external"])), feature("patch"),
            feature("bulk", [told("maxOperations", .integer), told("maxPayloadSize", .integer)]),
            feature("filter", [told("maxResults", .integer)]), feature("changePassword"), feature("sort"),
            feature("etag"),
            told(
                "authenticationSchemes",
                .complex([
                    told("type"), told("name"), told("description"), told("specUri", .reference(["external"])),
                    told("documentationUri", .reference(["external"])), told("primary", .boolean),
                ])
            ).severalValues,
        ])

    static let resourceType = SCIMSchema(
        urn: "urn:ietf:params:scim:schemas:core:2.0:ResourceType", name: "ResourceType",
        summary: "A type of resource.",
        attributes: [
            told("id"), told("name").required, told("description"), told("endpoint", .reference(["uri"])).required,
            told("schema", .reference(["uri"])).required.caseExact,
            told(
                "schemaExtensions",
                .complex([
                    told("schema", .reference(["uri"])).required.caseExact, told("required", .boolean).required,
                ])
            ).severalValues,
        ])

    static let schema = SCIMSchema(
        urn: "urn:ietf:params:scim:schemas:core:2.0:Schema", name: "Schema", summary: "A schema.",
        attributes: [
            told("id").required, told("name"), told("description"),
            told("attributes", .complex(characteristics + [parts])).severalValues.required,
        ])

    private static let parts = told("subAttributes", .complex(characteristics)).severalValues

    private static let characteristics = [
        told("name").required.caseExact, told("type").required, told("multiValued", .boolean).required,
        told("description").caseExact, told("required", .boolean), told("canonicalValues").severalValues.caseExact,
        told("caseExact", .boolean), told("mutability").caseExact, told("returned").caseExact,
        told("uniqueness").caseExact, told("referenceTypes").severalValues.caseExact,
    ]

    private static func told(_ name: String, _ kind: SCIMAttribute.Kind = .string) -> SCIMAttribute {
        SCIMAttribute(name, kind, "See RFC 7643.").readOnly
    }

    private static func feature(_ name: String, _ more: [SCIMAttribute] = []) -> SCIMAttribute {
        told(name, .complex([told("supported", .boolean).required] + more)).required
    }
}
