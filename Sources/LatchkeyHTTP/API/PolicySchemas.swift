import LatchkeyCore

// The bodies of `/policy`.
extension ObjectSchema {
    static let policy = ObjectSchema(
        "Policy",
        [
            .always("policy", .text), .always("source", .text), .always("digest", .text),
            .always("since", .nullable(.time)), .always("fault", .nullable(.text)),
            .always("fault_at", .nullable(.time)), .always("actions", .list(.object(policyAction))),
        ])
    private static let policyAction = ObjectSchema(
        "PolicyAction",
        [
            .always("name", .text), .always("summary", .text), .always("role", .nullable(.words(of: Role.self))),
            .always("role_through_teams", .nullable(.words(of: Role.self))),
        ])
    static let explanation = ObjectSchema(
        "Explanation",
        [
            .always("decision", .flag), .always("reason", .words(of: Ruling.Reason.self)), .always("detail", .text),
            .always("method", .text), .always("path", .text), .always("route", .nullable(.text)),
            .always("action", .nullable(.text)), .always("resource", .nullable(.text)),
            .always("level", .nullable(.words(of: TeamPermission.self))), .always("policy", .text),
            .always("source", .text), .always("route_line", .nullable(.integer)), .always("line", .nullable(.integer)),
        ])
}
