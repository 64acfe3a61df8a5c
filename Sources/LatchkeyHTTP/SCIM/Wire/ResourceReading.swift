import LatchkeyCore

/// A resource as a directory sends it whole, in POST and PUT.
struct ResourceReading {
    /// What is kept: attributes that a directory can write, by the names of the schema.
    let record: AttributeRecord

    /// Names are read without case; what is read-only, and what no schema knows, is passed over (RFC 7644 §3.3). Extra
    /// URIs in `schemas` are no fault: Entra sends them.
    init(_ tree: JSONTree, as type: ResourceType) throws(SCIMFault) {
        try Self.requireSchema(type.schema.urn, in: tree)
        try self.init(partial: tree, as: type)
        for attribute in type.schema.attributes where attribute.isRequired {
            guard record[attribute.name] != nil else { throw .value("\(attribute.name) must be there.") }
        }
    }

    /// The same without what has to be there.
    init(partial tree: JSONTree, as type: ResourceType) throws(SCIMFault) {
        guard case .object(let members) = tree else { throw .syntax("The body must be an object.") }
        var record: AttributeRecord = [:]
        for member in members {
            if let schema = type.extent(member.name) {
                let extent = try Self.extent(member.value, schema)
                if !extent.isEmpty { record[schema.urn] = .object(extent) }
            } else if let attribute = type.attribute(member.name) {
                guard record[attribute.name] == nil else { throw .syntax("\(attribute.name) is there twice.") }
                record[attribute.name] = try Self.value(member.value, attribute, attribute.name)
            }
        }
        self.record = record
    }

    private static func extent(_ tree: JSONTree, _ schema: SCIMSchema) throws(SCIMFault) -> AttributeRecord {
        guard tree != .null else { return [:] }
        guard case .object(let members) = tree else { throw .value("\(schema.urn) must be an object.") }
        var record: AttributeRecord = [:]
        for member in members {
            guard let attribute = schema.attribute(member.name) else { continue }
            record[attribute.name] = try value(member.value, attribute, "\(schema.urn):\(attribute.name)")
        }
        return record
    }

    /// A password is looked at and let go.
    private static func value(
        _ tree: JSONTree, _ attribute: SCIMAttribute, _ path: String
    ) throws(SCIMFault) -> AttributeValue? {
        guard attribute.mutability != .readOnly else { return nil }
        let value = try attribute.read(tree, at: path)
        return attribute.mutability == .writeOnly ? nil : value
    }

    /// `schemas` names the schema, among others.
    static func requireSchema(_ urn: String, in tree: JSONTree) throws(SCIMFault) {
        guard case .object(let members) = tree,
            let schemas = members.first(where: { $0.name.isSameWord(as: "schemas") })
        else { throw .syntax("schemas must be there and hold \(urn).") }
        guard case .list(let items) = schemas.value else { throw .syntax("schemas must be a list.") }
        for item in items {
            guard case .text(let text) = item else { throw .syntax("schemas must hold strings.") }
            if text.isSameWord(as: urn) { return }
        }
        throw .value("schemas must hold \(urn).")
    }
}

extension JSONTree {
    /// A member by its name, whatever its case: SCIM's messages are read so too.
    func member(_ name: String) -> JSONTree? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name.isSameWord(as: name) }?.value
    }
}

/// Members of a group as a directory names them.
enum MemberReading {
    /// What cannot be an id of ours is 0, which nobody has.
    static func ids(_ value: AttributeValue?) throws(SCIMFault) -> [ID<User>] {
        var ids: [ID<User>] = []
        for item in value?.items ?? [] {
            if let type = item.object?["type"]?.text, !type.isSameWord(as: "User") {
                throw .value("members: a group cannot be a member here; name its people.")
            }
            guard let text = item.object?["value"]?.text else { throw .value("members: each needs a value.") }
            ids.append(id(text))
        }
        return ids
    }

    static func id(_ text: String) -> ID<User> {
        guard let number = Int64(text), number > 0, String(number) == text else { return ID(0) }
        return ID(number)
    }
}
