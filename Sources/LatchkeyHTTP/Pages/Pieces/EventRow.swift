import LatchkeyCore

/// An event of the audit log in words, for the partial `event`.
struct EventRow: View {
    let actor: String
    let isAutomation: Bool
    let actorPath: String?
    let deed: String
    /// What it was done to; `nil` on the page of that thing itself.
    let object: String?
    let objectPath: String?
    let moment: Moment
    let isRefused: Bool
    let changes: [ChangeRow]
    let hasChanges: Bool
    /// Address and program, where known; the program by its name, and to the letter on hover.
    let origin: String?
    let program: String?
    let seq: String

    struct ChangeRow: View {
        let field: String
        let before: String?
        let after: String?
    }

    /// - Parameter name: what the object is called now, where it is known.
    init(
        _ recorded: RecordedEvent, _ visit: Visit, name: String? = nil, path: String? = nil, showsObject: Bool = true
    ) {
        let event = recorded.event
        let user = recorded.user
        let isUnknown = event.actor.handle == "anonymous"
        actor = isUnknown ? "Somebody unknown" : user?.name ?? EventWords.actor(event.actor.handle)
        isAutomation = user.map { $0.type == .service } ?? event.actor.handle.hasPrefix("job:")
        let showsUsers = visit.caller.isAllowed(.readUsers) && !isUnknown
        actorPath = showsUsers ? event.actor.user.map { "/settings/security/users/\($0)" } : nil
        deed = EventWords.deed(of: event)
        let kind = EventWords.noun(event.objectType)
        // A session is nothing to its reader; that somebody signed in is.
        let isNamed = showsObject && event.objectType != .session
        object = isNamed ? name.map { "\(kind) \($0)" } ?? EventWords.unnamed(event) : nil
        objectPath = path
        moment = Moment(event.at, now: visit.now)
        isRefused = event.outcome == .refused
        changes = event.changes.map(ChangeRow.init)
        hasChanges = !changes.isEmpty
        program = event.origin.userAgent
        let from = [event.origin.address?.description, program.map { BrowserName.text(of: $0) }].compactMap { $0 }
        origin = from.isEmpty ? nil : from.joined(separator: " · ")
        seq = "\(recorded.seq)"
    }
}

extension EventRow.ChangeRow {
    fileprivate init(_ change: FieldChange) {
        field = change.field.replacing("_", with: " ")
        before = change.before.map(EventWords.text)
        after = change.after.map(EventWords.text)
    }
}

/// The log's own words, for readers. A word that is not here yet is shown as the log has it.
enum EventWords {
    private static let deeds = [
        "create": "created", "update": "changed", "deactivate": "deactivated", "restore": "restored",
        "delete": "deleted", "issue": "generated", "revoke": "revoked", "rotate": "rotated",
        "prove": "saw the first use of the successor of", "retire": "retired", "abort": "called off the rotation of",
        "refuse": "was refused with", "read": "read", "export": "exported",
        "sign_in": "signed in", "sign_out": "signed out", "accept": "accepted",
        "link": "connected an identity of", "unlink": "disconnected an identity of",
        "trust": "trusted an issuer by", "exchange": "exchanged a workload's token through",
        "grant": "got an access token by",
    ]
    private static let nouns = [
        "activity": "audit log", "sign_in": "rules of signing in", "identity_provider": "identity provider",
    ]

    static func deed(_ verb: Verb) -> String { deeds[verb.rawValue] ?? verb.rawValue }

    /// The same verb is another deed where it was refused, or done to something else than usual.
    static func deed(of event: AuditEvent) -> String {
        switch (event.verb, event.objectType, event.outcome) {
        case (.signIn, _, .refused): "tried to sign in as"
        case (.issue, .user, _): "made a password link for"
        case (.refuse, .policy, _): "did not take up a new text of"
        default: deed(event.verb)
        }
    }

    static func noun(_ type: ObjectType) -> String { nouns[type.rawValue] ?? type.rawValue }

    static func unnamed(_ event: AuditEvent) -> String {
        event.objectID == 0 ? "the \(noun(event.objectType))" : "\(noun(event.objectType)) \(event.objectID)"
    }

    static func actor(_ handle: String) -> String {
        if handle == "host" { return "Somebody at the machine" }
        return handle.hasPrefix("job:") ? "Latchkey itself (\(handle.dropFirst(4)))" : handle
    }

    static func text(_ value: AuditValue) -> String {
        switch value {
        case .text(let text): text.isEmpty ? "(empty)" : text
        case .number(let number): "\(number)"
        case .flag(let flag): flag ? "yes" : "no"
        case .list(let list): list.isEmpty ? "(none)" : list.joined(separator: ", ")
        }
    }
}
