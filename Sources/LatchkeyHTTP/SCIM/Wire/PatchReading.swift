import LatchkeyCore

/// The operations of a PATCH, one by one, each with one target: those without a path are parted into one for each
/// attribute that they name (RFC 7644 §3.5.2).
struct PatchReading {
    static let mostOperations = 1000

    enum Verb: String {
        case add, replace, remove
    }

    struct Operation {
        let verb: Verb
        let path: PatchPath
        /// `nil` for null and for nothing.
        let value: AttributeValue?
    }

    private(set) var operations: [Operation] = []
    private let type: ResourceType

    init(_ tree: JSONTree, of type: ResourceType) throws(SCIMFault) {
        self.type = type
        try ResourceReading.requireSchema(SCIMMessage.patch, in: tree)
        guard case .list(let items)? = tree.member("Operations"), !items.isEmpty else {
            throw .syntax("Operations must be a list with something in it.")
        }
        guard items.count <= Self.mostOperations else {
            throw SCIMFault(413, nil, "A PATCH has at most \(Self.mostOperations) operations.")
        }
        for item in items { try read(item) }
    }

    private mutating func read(_ tree: JSONTree) throws(SCIMFault) {
        guard case .object = tree, case .text(let word)? = tree.member("op"),
            let verb = Verb(rawValue: word.lowercased())
        else { throw .syntax("op must be add, replace or remove.") }
        let value = tree.member("value")
        switch tree.member("path") {
        case nil, .null?: try readWithoutPath(verb, value)
        case .text(let text)?: try read(verb, text, value)
        default: throw .path("path must be a string.")
        }
    }

    /// Each member's name is a path of its own; Entra puts dots and brackets into them. Okta sends `id` along, and
    /// others what no schema knows: neither is meant to change anything.
    private mutating func readWithoutPath(_ verb: Verb, _ value: JSONTree?) throws(SCIMFault) {
        guard verb != .remove else { throw SCIMFault(400, .noTarget, "remove needs a path.") }
        guard case .object(let members)? = value else {
            throw .value("Without a path, value must be an object of attributes.")
        }
        for member in members {
            guard let path = try? PatchPath(member.name, of: type) else {
                guard !member.name.contains("[") else { throw .path("“\(member.name.prefix(128))” is no path.") }
                continue
            }
            guard path.name.attribute?.mutability != .readOnly else { continue }
            try append(verb, path, member.value)
        }
    }

    private mutating func read(_ verb: Verb, _ text: String, _ value: JSONTree?) throws(SCIMFault) {
        let path = try PatchPath(text, of: type)
        if path.name.path.attribute == nil, path.name.path.schema == nil {
            return try readWithoutPath(verb, value)
        }
        let isReadOnly = path.name.attribute?.mutability == .readOnly || path.part?.mutability == .readOnly
        guard !isReadOnly else { throw .mutability("\(text.prefix(128)) is read-only.") }
        guard verb == .remove || value != nil else { throw .value("\(verb.rawValue) needs a value.") }
        try append(verb, path, value ?? .null)
    }

    private mutating func append(_ verb: Verb, _ path: PatchPath, _ tree: JSONTree) throws(SCIMFault) {
        if path.name.attribute?.mutability == .writeOnly { return }
        // An empty list of what to remove is nothing to remove, not everything.
        if verb == .remove, tree == .list([]) { return }
        let value = try read(tree, at: path)
        // Nor is a value that names nothing: whoever sends one means somebody, and not everybody.
        guard verb != .remove || value != nil || tree == .null || !path.isWholeList else {
            throw .value("What is to be removed from \(path.name.path) cannot be read off its value.")
        }
        // Nothing instead of something is its end (RFC 7643 §2.5); nothing added is nothing.
        let verb = verb == .replace && value == nil ? .remove : verb
        if verb == .add, value == nil { return }
        if verb == .remove, path.name.attribute?.isRequired == true, path.part == nil {
            throw .mutability("\(path.name.path) must be there and cannot be removed.")
        }
        operations.append(Operation(verb: verb, path: path, value: value))
    }

    private func read(_ tree: JSONTree, at path: PatchPath) throws(SCIMFault) -> AttributeValue? {
        let name = path.target.path.description
        if let part = path.part { return try part.read(tree, at: name) }
        if let attribute = path.name.attribute {
            guard attribute.isMultiValued, path.filter != nil else { return try attribute.read(tree, at: name) }
            let items = try attribute.read(tree, at: name)?.items ?? []
            guard items.count <= 1 else { throw .value("\(name): what is picked in brackets becomes one value.") }
            return items.first
        }
        guard let schema = path.name.path.schema.flatMap({ type.extent($0) }) else { return nil }
        let named = JSONTree.object([JSONTree.Member(name: schema.urn, value: tree)])
        return try ResourceReading(partial: named, as: type).record[schema.urn]
    }
}

extension PatchPath {
    /// Whether it is about a list as it is, and picks nothing out of it.
    fileprivate var isWholeList: Bool { name.attribute?.isMultiValued == true && filter == nil && part == nil }
}

// As edits.
extension PatchReading {
    func personEdits() -> [AttributeEdit] {
        operations.compactMap { operation in
            switch (operation.verb, operation.value) {
            case (.add, let value?): .add(operation.path.target, value)
            case (.replace, let value?): .replace(operation.path.target, value)
            case (.remove, let value): .remove(operation.path.target, values: value?.items ?? [])
            case (_, nil): nil
            }
        }
    }

    func groupEdits() throws(SCIMFault) -> [GroupEdit] {
        var edits: [GroupEdit] = []
        for operation in operations {
            switch operation.path.name.path.attribute {
            case DirectoryAttribute.displayName?: edits.append(.rename(operation.value?.text ?? ""))
            case DirectoryAttribute.externalID?: edits.append(.externalID(operation.value?.text))
            default: edits.append(try memberEdit(operation))
            }
        }
        return edits
    }

    private func memberEdit(_ operation: Operation) throws(SCIMFault) -> GroupEdit {
        guard operation.path.part == nil else { throw .mutability("A member's parts cannot be changed.") }
        let ids = try MemberReading.ids(operation.value)
        guard let filter = operation.path.filter else {
            switch operation.verb {
            case .add: return .addMembers(ids)
            case .replace: return .replaceMembers(ids)
            case .remove: return operation.value == nil ? .replaceMembers([]) : .removeMembers(ids)
            }
        }
        guard operation.verb == .remove else { throw .mutability("A member cannot become another one.") }
        return filter.namedIDs.map { .removeMembers($0) } ?? .removeMembersMatching(filter)
    }
}

extension AttributeFilter {
    /// The ids of `value eq "7"`, or of several such joined by `or`: then nobody else has to be looked at.
    fileprivate var namedIDs: [ID<User>]? {
        switch self {
        case .compare(let path, .equal, .text(let text, _)) where path.attribute == "value":
            return [MemberReading.id(text)]
        case .any(let first, let second):
            guard let ours = first.namedIDs, let theirs = second.namedIDs else { return nil }
            return ours + theirs
        default: return nil
        }
    }
}
