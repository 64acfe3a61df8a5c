import LatchkeyCore

/// Resources as directories read them, attributes in the order of their schema.
struct ResourceWriting: Sendable {
    /// Where the endpoints begin: `https://latchkey.example.com/api/scim/v2`.
    let base: String

    func person(_ person: Person, _ projection: Projection = .all) -> JSONTree {
        var record = person.record
        let groups = person.groups.map { group in
            AttributeValue.object([
                "value": .text(group.id.description), "$ref": .text(location(group.id)),
                "display": .text(group.name), "type": .text("direct"),
            ])
        }
        if !groups.isEmpty { record[DirectoryAttribute.groups] = .list(groups) }
        record["id"] = .text(person.user.id.description)
        record["meta"] = meta(
            .user, person.user.createdAt, person.entry.changedAt, location(person.user.id), person.tag)
        return resource(record, of: .user, projection)
    }

    func group(_ group: Group, _ projection: Projection = .all) -> JSONTree {
        var record = group.record
        let members = group.members.map { id in
            AttributeValue.object([
                "value": .text(id.description), "$ref": .text(location(id)), "type": .text("User"),
            ])
        }
        if !members.isEmpty { record[DirectoryAttribute.members] = .list(members) }
        record["id"] = .text(group.team.id.description)
        record["meta"] = meta(
            .group, group.team.createdAt, group.entry.changedAt, location(group.team.id), group.tag)
        return resource(record, of: .group, projection)
    }

    func location(_ id: ID<User>) -> String { "\(base)\(ResourceType.user.endpoint)/\(id)" }

    func location(_ id: ID<Team>) -> String { "\(base)\(ResourceType.group.endpoint)/\(id)" }

    private func meta(
        _ type: ResourceType, _ created: Timestamp, _ changed: Timestamp, _ location: String, _ tag: String
    ) -> AttributeValue {
        .object([
            "resourceType": .text(type.name), "created": .text(created.text), "lastModified": .text(changed.text),
            "location": .text(location), "version": .text(EntityTag.header(tag)),
        ])
    }
}

extension ResourceWriting {
    private func resource(
        _ record: AttributeRecord, of type: ResourceType, _ projection: Projection
    ) -> JSONTree {
        var schemas: [JSONTree] = [.text(type.schema.urn)]
        var members: [JSONTree.Member] = []
        let common = ResourceType.ofAll
        for attribute in common.dropLast() + type.schema.attributes {
            write(record[attribute.name], attribute, in: nil, projection, to: &members)
        }
        for schema in type.extensions {
            guard let extent = record[schema.urn]?.object else { continue }
            var own: [JSONTree.Member] = []
            for attribute in schema.attributes {
                write(extent[attribute.name], attribute, in: schema.urn, projection, to: &own)
            }
            guard !own.isEmpty else { continue }
            schemas.append(.text(schema.urn))
            members.append(JSONTree.Member(name: schema.urn, value: .object(own)))
        }
        if let meta = common.last { write(record[meta.name], meta, in: nil, projection, to: &members) }
        return .object([JSONTree.Member(name: "schemas", value: .list(schemas))] + members)
    }

    private func write(
        _ value: AttributeValue?, _ attribute: SCIMAttribute, in schema: String?, _ projection: Projection,
        to members: inout [JSONTree.Member]
    ) {
        guard let value, projection.shows(attribute, in: schema) else { return }
        let parts = attribute.parts.filter { projection.shows($0, of: attribute, in: schema) }
        let tree = self.tree(value, parts)
        if case .object(let inner) = tree, inner.isEmpty { return }
        members.append(JSONTree.Member(name: attribute.name, value: tree))
    }

    private func tree(_ value: AttributeValue, _ parts: [SCIMAttribute]) -> JSONTree {
        switch value {
        case .text(let text): .text(text)
        case .flag(let flag): .flag(flag)
        case .integer(let number): .integer(number)
        case .decimal(let number): .number(number)
        case .list(let items): .list(items.map { tree($0, parts) })
        case .object(let object):
            .object(
                parts.compactMap { part in
                    object[part.name].map { JSONTree.Member(name: part.name, value: tree($0, part.parts)) }
                })
        }
    }
}

extension ResourceWriting {
    /// RFC 7644 §3.4.2.
    func list(_ resources: [JSONTree], total: Int, start: Int) -> JSONTree {
        .object([
            "schemas": [.text(SCIMMessage.list)], "totalResults": .integer(Int64(total)),
            "startIndex": .integer(Int64(start)), "itemsPerPage": .integer(Int64(resources.count)),
            "Resources": .list(resources),
        ])
    }
}
