public import LatchkeyCore

extension Transaction {
    /// What the things are called that these events are about.
    public func objectNames(of events: [RecordedEvent]) throws(Refusal) -> ObjectNames {
        var names = ObjectNames()
        try name(.user, of: events, &names) { ids in "SELECT id, name FROM user_account WHERE id \(in: ids)" }
        try name(.token, of: events, &names) { ids in "SELECT id, name FROM token WHERE id \(in: ids)" }
        try name(.team, of: events, &names) { ids in "SELECT id, name FROM team WHERE id \(in: ids)" }
        try name(.resource, of: events, &names) { ids in "SELECT id, name FROM resource WHERE id \(in: ids)" }
        return names
    }

    private func name(
        _ type: ObjectType, of events: [RecordedEvent], _ names: inout ObjectNames, _ query: ([Int64]) -> SQL
    ) throws(Refusal) {
        let ids = Set(events.filter { $0.event.objectType == type }.map(\.event.objectID)).sorted()
        guard !ids.isEmpty else { return }
        var found: [(Int64, String)] = []
        try rows(query(ids)) { row in found.append((row.int(0), row.text(1))) }
        for (id, name) in found { names[type, id] = name }
    }
}
