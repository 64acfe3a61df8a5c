import LatchkeyAPI
import LatchkeyApp
import LatchkeyCore

extension Rendering {
    func activity(_ recorded: RecordedEvent) -> ActivityBody {
        let event = recorded.event
        let actor = recorded.user.map { user in
            ActorBody(
                id: user.id.value, name: user.name, userName: user.userName, email: email(user.email, user.type))
        }
        return ActivityBody(
            transaction: TransactionBody(id: recorded.seq, issuedAt: event.at.text, user: actor),
            verb: event.verb.rawValue, objectType: event.objectType.rawValue, objectID: event.objectID,
            tokenID: event.actor.token?.value, address: event.origin.address?.description,
            userAgent: event.origin.userAgent, changes: event.changes.map(change),
            requestID: event.origin.requestID, seq: recorded.seq)
    }

    func history(_ recorded: RecordedEvent) -> HistoryBody {
        let event = recorded.event
        var reason: String?
        if case .text(let word)? = event.changes.first(where: { $0.field == "reason" })?.after { reason = word }
        return HistoryBody(
            at: event.at.text, verb: event.verb.rawValue, by: event.actor.handle, user: recorded.user.map(stub),
            tokenID: event.actor.token?.value, reason: reason, changes: event.changes.map(change),
            requestID: event.origin.requestID, seq: recorded.seq)
    }

    private func change(_ change: FieldChange) -> ChangeBody {
        ChangeBody(field: change.field, before: change.before.map(value), after: change.after.map(value))
    }

    private func value(_ value: AuditValue) -> ChangeValue {
        switch value {
        case .text(let text): .text(text)
        case .number(let number): .number(number)
        case .flag(let flag): .flag(flag)
        case .list(let list): .list(list)
        }
    }

    /// Histories are short, so they are read whole and cut into pages here.
    func historyPage(_ events: [RecordedEvent], _ request: PageRequest) -> PageBody<HistoryBody> {
        let items = events.dropFirst(request.offset).prefix(request.size)
        return page(Page(items: Array(items), total: events.count, request: request), history)
    }
}
