import LatchkeyCore

// The bodies of requests.
extension ObjectSchema {
    private static let longestName = 255
    private static let days = Schema.nullable(.range(1...365))

    static let empty = ObjectSchema("Empty", [])
    static let newUser = ObjectSchema(
        "NewServiceUser",
        [
            .always("name", .name(longest: longestName)), .always("role", .words(of: Role.self)),
            .maybe("teams", .list(.text)), .maybe("purpose", .nullable(.text)), .maybe("owner_id", .nullable(.id)),
        ])
    static let userEdit = ObjectSchema(
        "UserEdit",
        [
            .maybe("name", .name(longest: longestName)), .maybe("role", .words(of: Role.self)),
            .maybe("teams", .list(.text)), .maybe("purpose", .nullable(.text)), .maybe("owner_id", .nullable(.id)),
        ])
    static let revokeTokens = ObjectSchema("RevokeTokens", [.maybe("reason", .words(of: RevocationReason.self))])
    static let newToken = ObjectSchema(
        "NewToken",
        [
            .always("name", .name(longest: longestName)), .maybe("user_id", .nullable(.id)),
            .maybe("expires_in_days", days), .maybe("scim_endpoints_only", .flag),
            .maybe("role", .nullable(.words(of: Role.self))), .maybe("teams", .nullable(.list(.text))),
            .maybe("actions", .nullable(.list(.words(of: Permission.self)))),
            .maybe("allowed_cidrs", .nullable(.list(.text))),
        ])
    static let tokenEdit = ObjectSchema(
        "TokenEdit",
        [
            .maybe("revoke", .flag), .maybe("reason", .words(of: RevocationReason.self)),
            .maybe("name", .name(longest: longestName)), .maybe("force", .flag),
        ])
    static let rotationRequest = ObjectSchema(
        "RotationRequest",
        [
            .maybe("overlap", .text), .maybe("expires_in_days", days), .maybe("name", .name(longest: longestName)),
        ])
    static let newTeam = ObjectSchema("NewTeam", [.always("name", .name(longest: longestName))] + teamFields)
    static let teamEdit = ObjectSchema("TeamEdit", [.maybe("name", .name(longest: longestName))] + teamFields)
    private static let teamFields: [Field] = [
        .maybe("description", .text), .maybe("permission", .words(of: TeamPermission.self)),
        .maybe("user_ids", .list(.id)), .maybe("resource_ids", .list(.id)), .maybe("datastore_ids", .list(.id)),
    ]
    static let newResource = ObjectSchema(
        "NewResource",
        [
            .always("kind", .name(longest: 63)), .always("name", .name(longest: longestName)),
            .maybe("external_id", .nullable(.text)), .maybe("description", .text),
        ])
    static let resourceEdit = ObjectSchema(
        "ResourceEdit",
        [
            .maybe("kind", .name(longest: 63)), .maybe("name", .name(longest: longestName)),
            .maybe("external_id", .nullable(.text)), .maybe("description", .text),
        ])
}
