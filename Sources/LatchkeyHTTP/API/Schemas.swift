import LatchkeyCore

// The bodies of replies. A test holds them against what the bodies really encode.
extension ObjectSchema {
    static let userStub = ObjectSchema(
        "UserStub",
        [
            .always("id", .id), .always("user_id", .text), .always("name", .text),
            .always("user_type", .words(of: UserType.self)), .always("user_name", .text),
            .always("email", .nullable(.text)),
        ])
    static let user = ObjectSchema(
        "User",
        [
            .always("id", .id), .always("user_id", .text), .always("user_name", .text),
            .always("email", .nullable(.text)), .always("name", .text),
            .always("user_type", .words(of: UserType.self)), .always("role", .words(of: Role.self)),
            .always("teams", .list(.text)), .always("created", .time), .always("created_at", .time),
            .always("deleted_at", .nullable(.time)), .always("last_login", .nullable(.time)),
            .always("last_used", .nullable(.time)), .always("purpose", .nullable(.text)),
            .always("owner", .nullable(.object(userStub))), .always("created_by", .nullable(.object(userStub))),
            .always("active_tokens", .integer),
        ])
    static let me = ObjectSchema(
        "Me",
        [
            .always("id", .id), .always("user_id", .text), .always("user_name", .text),
            .always("email", .nullable(.text)), .always("name", .text),
            .always("user_type", .words(of: UserType.self)), .always("role", .words(of: Role.self)),
            .always("teams", .list(.text)), .always("token", .object(myToken)),
        ])
    static let myToken = ObjectSchema(
        "MyToken",
        [
            .always("id", .id), .always("name", .text), .always("expiration", .nullable(.time)),
            .always("created", .time), .always("type", .words(of: TokenType.self)),
        ])
    static let revocationFeed = ObjectSchema(
        "RevocationFeed",
        [.always("items", .list(.object(tokenNews))), .always("more", .flag), .always("next", .text)])
    static let tokenNews = ObjectSchema("TokenNews", [.always("token_id", .id), .always("works", .flag)])
    static let revokedTokens = ObjectSchema("RevokedTokens", [.always("revoked", .integer)])
    static let token = ObjectSchema(
        "Token",
        [
            .always("id", .id), .always("name", .text), .always("active", .flag),
            .always("expiration", .nullable(.time)), .maybe("bearer_token", .text),
            .always("user", .object(userStub)), .always("created", .time), .always("last_used", .nullable(.time)),
            .always("type", .words(of: TokenType.self)), .always("status", .word(["active", "revoked", "expired"])),
            .always("scim_endpoints_only", .flag), .always("hint", .text),
            .always("created_by", .nullable(.object(userStub))), .always("revoked_at", .nullable(.time)),
            .always("revoked_by", .nullable(.object(userStub))),
            .always("reason", .nullable(.words(of: RevocationReason.self))),
            .always("narrowing", .nullable(.object(narrowing))), .always("rotation", .nullable(.object(rotation))),
            .always("rotated_from", .nullable(.id)),
        ])
    static let narrowing = ObjectSchema(
        "Narrowing",
        [
            .always("role", .nullable(.words(of: Role.self))), .always("team_ids", .nullable(.list(.id))),
            .always("actions", .nullable(.list(.text))), .always("allowed_cidrs", .nullable(.list(.text))),
        ])
    static let rotation = ObjectSchema(
        "Rotation",
        [
            .always("stage", .words(of: Rotation.Stage.self)), .always("successor_id", .id),
            .always("overlap", .text), .always("started_at", .time), .always("proven_at", .nullable(.time)),
            .always("retires_at", .nullable(.time)),
        ])
    static let usage = ObjectSchema(
        "Usage",
        [
            .always("token_id", .id), .always("from", .time), .always("until", .time),
            .always("step", .words(of: UsageQuery.Step.self)), .always("total", .integer),
            .always("items", .list(.object(usageItem))),
        ])
    static let usageItem = ObjectSchema(
        "UsageItem",
        [
            .always("start", .time), .always("method", .text), .always("route", .text), .always("address", .text),
            .always("agent", .text), .always("outcome", .words(of: UseOutcome.self)), .always("count", .integer),
            .always("first", .time), .always("last", .time),
        ])
}

extension ObjectSchema {
    static let team = ObjectSchema(
        "Team",
        [
            .always("id", .id), .always("name", .text), .always("description", .text),
            .always("permission", .words(of: TeamPermission.self)), .always("is_public", .flag),
            .always("user_ids", .list(.id)), .always("resource_ids", .list(.id)), .always("created", .time),
            .always("created_by", .nullable(.object(userStub))),
        ])
    static let teamStub = ObjectSchema(
        "TeamStub",
        [.always("id", .id), .always("name", .text), .always("permission", .words(of: TeamPermission.self))])
    static let resource = ObjectSchema(
        "Resource",
        [
            .always("id", .id), .always("kind", .text), .always("name", .text),
            .always("external_id", .nullable(.text)), .always("description", .text), .always("created", .time),
        ])
    static let change = ObjectSchema(
        "Change", [.always("field", .text), .always("before", .anything), .always("after", .anything)])
    static let history = ObjectSchema(
        "HistoryItem",
        [
            .always("at", .time), .always("verb", .words(of: Verb.self)), .always("by", .text),
            .always("user", .nullable(.object(userStub))), .always("token_id", .nullable(.id)),
            .always("reason", .nullable(.text)), .always("changes", .list(.object(change))),
            .always("request_id", .nullable(.text)), .always("seq", .integer),
        ])
    static let activity = ObjectSchema(
        "ActivityItem",
        [
            .always("transaction", .object(transaction)), .always("verb", .words(of: Verb.self)),
            .always("object_type", .words(of: ObjectType.self)), .always("object_id", .integer),
            .always("token_id", .nullable(.id)), .always("address", .nullable(.text)),
            .always("user_agent", .nullable(.text)), .always("changes", .list(.object(change))),
            .always("request_id", .nullable(.text)), .always("seq", .integer),
        ])
    static let insights = ObjectSchema(
        "Insights",
        [
            .always("from", .time), .always("until", .time), .always("events", .integer),
            .always("people", .integer), .always("automation", .integer), .always("refused", .integer),
            .always("actors", .integer), .always("by_day", .list(.object(dayInsight))),
            .always("by_verb", .list(.object(verbInsight))), .always("by_actor", .list(.object(actorInsight))),
        ])
    static let dayInsight = ObjectSchema(
        "DayInsight",
        [
            .always("day", .text), .always("people", .integer), .always("automation", .integer),
            .always("refused", .integer),
        ])
    static let verbInsight = ObjectSchema(
        "VerbInsight", [.always("verb", .words(of: Verb.self)), .always("events", .integer)])
    static let actorInsight = ObjectSchema(
        "ActorInsight",
        [
            .always("id", .nullable(.id)), .always("user_id", .text),
            .always("user_type", .nullable(.words(of: UserType.self))), .always("events", .integer),
        ])
    static let transaction = ObjectSchema(
        "Transaction",
        [.always("id", .integer), .always("issued_at", .time), .always("user", .nullable(.object(actor)))])
    static let actor = ObjectSchema(
        "Actor",
        [
            .always("id", .id), .always("name", .text), .always("user_name", .text),
            .always("email", .nullable(.text)),
        ])
    static let root = ObjectSchema("Root", [.always("name", .text), .always("version", .text)])
    static let status = ObjectSchema(
        "Status",
        [
            .always("status", .text), .always("database_connection", .text), .always("token_index", .text),
            .always("policy", .text),
        ])
    static let bootstrap = ObjectSchema("Bootstrap", [.always("current_user", .object(me))])
    static let keySet = ObjectSchema("KeySet", [.always("keys", .list(.anything))])
    static let problem = ObjectSchema(
        "Problem",
        [
            .always("type", .text), .always("title", .text), .always("status", .integer), .always("detail", .text),
            .always("instance", .text), .maybe("errors", .list(.object(flaw))), .maybe("related", .integer),
        ])
    static let flaw = ObjectSchema("Flaw", [.always("pointer", .text), .always("detail", .text)])
}

extension Schema {
    static func words<Word: RawRepresentable & CaseIterable>(of type: Word.Type) -> Schema
    where Word.RawValue == String {
        .word(Word.allCases.map(\.rawValue))
    }

    static func page(of item: ObjectSchema) -> Schema {
        .object(
            ObjectSchema(
                item.name + "Page",
                [
                    .always("items", .list(.object(item))), .always("total", .integer), .always("page", .integer),
                    .always("size", .integer), .always("pages", .integer),
                ]))
    }
}
