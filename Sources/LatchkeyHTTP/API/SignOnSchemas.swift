import LatchkeyApp
import LatchkeyCore

// The bodies of identity providers and identities.
extension ObjectSchema {
    static let identityProvider = ObjectSchema(
        "IdentityProvider",
        [
            .always("id", .id), .always("name", .text), .always("issuer", .text), .always("client_id", .text),
            .always("has_client_secret", .flag), .always("scopes", .list(.text)),
            .always("groups_claim", .nullable(.text)), .always("groups", .list(.object(groupRule))),
            .always("mail_domains", .list(.text)), .always("makes_accounts", .flag), .always("enabled", .flag),
            .always("redirect_uri", .text), .always("created", .time), .always("version", .integer),
        ])
    static let groupRule = ObjectSchema(
        "GroupRule", [.always("group", .name(longest: 255)), .always("team_id", .id)])
    static let newIdentityProvider = ObjectSchema(
        "NewIdentityProvider",
        [
            .always("name", .name(longest: 255)), .always("issuer", .name(longest: WebAddress.longest)),
            .always("client_id", .name(longest: 255)),
        ] + editable)
    static let identityProviderEdit = ObjectSchema(
        "IdentityProviderEdit",
        [
            .maybe("name", .name(longest: 255)), .maybe("issuer", .name(longest: WebAddress.longest)),
            .maybe("client_id", .name(longest: 255)),
        ] + editable + [.maybe("version", .integer)])
    private static let editable: [Field] = [
        .maybe("client_secret", .nullable(.name(longest: 1024))), .maybe("scopes", .list(.name(longest: 255))),
        .maybe("groups_claim", .nullable(.name(longest: 255))), .maybe("groups", .list(.object(groupRule))),
        .maybe("mail_domains", .list(.name(longest: 253))), .maybe("makes_accounts", .flag),
        .maybe("enabled", .flag),
    ]
    static let providerChecks = ObjectSchema(
        "ProviderChecks", [.always("good", .flag), .always("checks", .list(.object(providerCheck)))])
    private static let providerCheck = ObjectSchema(
        "ProviderCheck",
        [.always("step", .words(of: ProviderCheck.Step.self)), .always("good", .flag), .always("finding", .text)])
    static let identity = ObjectSchema(
        "Identity",
        [
            .always("issuer", .text), .always("subject", .text), .always("user_id", .id), .always("linked_at", .time),
            .always("linked_by", .nullable(.id)),
        ])
    static let newIdentity = ObjectSchema(
        "NewIdentity",
        [.always("provider_id", .id), .always("subject", .name(longest: ExternalIdentity.longestSubject))])
}
