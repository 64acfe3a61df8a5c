/// One change of a resource's attributes, as a directory asks for it (RFC 7644 §3.5.2).
public enum AttributeEdit: Hashable, Sendable {
    case add(AttributeTarget, AttributeValue)
    case replace(AttributeTarget, AttributeValue)
    /// With `values` only those of the attribute's values; without, all that the target names.
    case remove(AttributeTarget, values: [AttributeValue])
}

/// What an edit is about: an attribute, a part of it, or some of its values.
public struct AttributeTarget: Hashable, Sendable {
    public let path: AttributePath
    /// Which of several values; `nil` for all.
    public let filter: AttributeFilter?
    public let isMultiValued: Bool

    public init(_ path: AttributePath, filter: AttributeFilter? = nil, isMultiValued: Bool = false) {
        self.path = path
        self.filter = filter
        self.isMultiValued = isMultiValued
    }
}

extension AttributeRecord {
    /// Carries out edits in their order.
    ///
    /// - Throws: `invalid` with a flaw of kind `noTarget` where the edit names a value that is not there, and where
    ///   two values of one attribute would be the primary one (RFC 7643 §2.4).
    public func applying(_ edits: [AttributeEdit]) throws(Refusal) -> AttributeRecord {
        var record = self
        for edit in edits { try record.apply(edit) }
        try record.requireOnePrimary()
        return record
    }

    private func requireOnePrimary() throws(Refusal) {
        for (name, value) in self {
            guard case .list(let items) = value, items.count(where: \.isPrimary) > 1 else { continue }
            throw .invalid(name, "only one value can be the primary one")
        }
    }

    private mutating func apply(_ edit: AttributeEdit) throws(Refusal) {
        switch edit {
        case .add(let target, let value), .replace(let target, let value):
            var isAdding = false
            if case .add = edit { isAdding = true }
            try change(target) { old throws(Refusal) in
                try AttributeChange(target: target, isAdding: isAdding).put(value, into: old)
            }
        case .remove(let target, let values):
            try change(target) { old throws(Refusal) in old.flatMap { $0.removing(target, values) } }
        }
    }

    /// Lends the attribute's value, or the whole extension, and puts back what becomes of it.
    private mutating func change(
        _ target: AttributeTarget, _ body: (AttributeValue?) throws(Refusal) -> AttributeValue?
    ) throws(Refusal) {
        guard let schema = target.path.schema else {
            if let attribute = target.path.attribute { self.put(try body(self[attribute]), at: attribute) }
            return
        }
        guard let attribute = target.path.attribute else {
            return self.put(try body(self[schema]), at: schema)
        }
        var extent = self[schema]?.object ?? [:]
        extent.put(try body(extent[attribute]), at: attribute)
        self.put(.object(extent), at: schema)
    }

    /// An empty value leaves no trace.
    fileprivate mutating func put(_ value: AttributeValue?, at name: String) {
        self[name] = value.flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// Adding and replacing, which differ only in what becomes of what was there.
private struct AttributeChange {
    let target: AttributeTarget
    let isAdding: Bool

    func put(_ value: AttributeValue, into old: AttributeValue?) throws(Refusal) -> AttributeValue? {
        if target.filter != nil { return .list(try putFiltered(value, old?.items ?? [])) }
        if let part = target.path.part { return putPart(value, part, old) }
        if target.isMultiValued { return .list(isAdding ? adding(value.items, to: old?.items ?? []) : value.items) }
        return merged(value, into: old)
    }

    /// Sub-attributes that the new value does not name stay (RFC 7644 §3.5.2.3).
    private func merged(_ value: AttributeValue, into old: AttributeValue?) -> AttributeValue {
        guard case .object(let new) = value, case .object(let held)? = old else { return value }
        return .object(held.merging(new) { held, new in merged(new, into: held) })
    }

    private func putPart(_ value: AttributeValue, _ part: String, _ old: AttributeValue?) -> AttributeValue {
        guard target.isMultiValued else {
            return .object((old?.object ?? [:]).merging([part: value]) { _, new in new })
        }
        let items = old?.items ?? []
        return .list(items.isEmpty ? [.object([part: value])] : items.map { $0.setting(part, value) })
    }

    /// A value that is there already is not added again. A new primary value takes the place of the old one.
    private func adding(_ new: [AttributeValue], to held: [AttributeValue]) -> [AttributeValue] {
        let fresh = new.filter { !held.contains($0) }
        let kept = fresh.contains { $0.isPrimary } ? held.map { $0.demoted } : held
        return kept + fresh
    }

    private func putFiltered(_ value: AttributeValue, _ items: [AttributeValue]) throws(Refusal) -> [AttributeValue] {
        guard let filter = target.filter else { return items }
        let isMeant = items.map { filter.matches($0.object ?? ["value": $0]) }
        guard isMeant.contains(true) else { return adding([try made(value, for: filter)], to: items) }
        let becomesPrimary = value.isPrimary || (target.path.part == "primary" && value == .flag(true))
        return zip(items, isMeant).map { item, isMeant in
            guard isMeant else { return becomesPrimary ? item.demoted : item }
            if let part = target.path.part { return item.setting(part, value) }
            return isAdding ? merged(value, into: item) : value
        }
    }

    /// Entra adds to `emails[type eq "work"].value` where there is no such mail, and means that it be made. A value
    /// that a replacement names has to be there.
    private func made(_ value: AttributeValue, for filter: AttributeFilter) throws(Refusal) -> AttributeValue {
        guard isAdding, let equalities = filter.equalities else { throw .noTarget(target.path) }
        var item: AttributeRecord = [:]
        for (path, value) in equalities { item[path.attribute ?? "value"] = value }
        if let part = target.path.part { return .object(item.merging([part: value]) { _, new in new }) }
        guard case .object(let given) = value else { return .object(item.merging(["value": value]) { _, new in new }) }
        return .object(item.merging(given) { _, new in new })
    }
}

extension AttributeValue {
    fileprivate func setting(_ part: String, _ value: AttributeValue) -> AttributeValue {
        .object((object ?? ["value": self]).merging([part: value]) { _, new in new })
    }

    fileprivate var demoted: AttributeValue {
        isPrimary ? setting("primary", .flag(false)) : self
    }

    /// What is left, `nil` for nothing. Removing what is not there is no fault: directories repeat themselves.
    fileprivate func removing(_ target: AttributeTarget, _ values: [AttributeValue]) -> AttributeValue? {
        guard target.isMultiValued else {
            guard let part = target.path.part, case .object(var object) = self else { return nil }
            object[part] = nil
            return .object(object)
        }
        return .list(items.compactMap { item in item.isMeant(by: target, values) ? item.stripped(target) : item })
    }

    private func isMeant(by target: AttributeTarget, _ values: [AttributeValue]) -> Bool {
        if let filter = target.filter, !filter.matches(object ?? ["value": self]) { return false }
        return values.isEmpty || values.contains { $0 == self || ($0.compared != nil && $0.compared == compared) }
    }

    private func stripped(_ target: AttributeTarget) -> AttributeValue? {
        guard let part = target.path.part, case .object(var object) = self else { return nil }
        object[part] = nil
        return object.isEmpty ? nil : .object(object)
    }
}

extension Refusal {
    /// The edit is of a value that is not there.
    static func noTarget(_ path: AttributePath) -> Refusal {
        let detail = "No value of this attribute fits the filter."
        return .invalid([Flaw(pointer: path.description, detail: detail, kind: .noTarget)])
    }
}
