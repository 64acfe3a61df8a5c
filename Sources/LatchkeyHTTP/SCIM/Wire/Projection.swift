import LatchkeyCore

/// Which attributes a reply shows: `attributes` or `excludedAttributes` (RFC 7644 §3.9). Names that no schema knows
/// change nothing.
struct Projection: Sendable {
    private enum Rule: Sendable {
        case all
        case only(Set<AttributePath>)
        case without(Set<AttributePath>)
    }

    static let mostNames = 200

    private let rule: Rule

    static let all = Projection(rule: .all)

    private init(rule: Rule) {
        self.rule = rule
    }

    init(
        attributes: [String]?, excluded: [String]?, of type: ResourceType
    ) throws(SCIMFault) {
        guard attributes == nil || excluded == nil else {
            throw .value("attributes and excludedAttributes do not go together.")
        }
        guard (attributes ?? excluded ?? []).count <= Self.mostNames else {
            throw .value("At most \(Self.mostNames) attributes can be named.")
        }
        func paths(_ names: [String]) -> Set<AttributePath> {
            Set(names.compactMap { AttributeName($0, of: type)?.path })
        }
        if let attributes {
            rule = .only(paths(attributes))
        } else {
            rule = excluded.map { .without(paths($0)) } ?? .all
        }
    }

    /// Whether the reply has been cut to measure, so that it cannot stand for the whole resource.
    var isAll: Bool {
        if case .all = rule { true } else { false }
    }

    /// Whether anything of an attribute is shown.
    func shows(_ attribute: SCIMAttribute, in schema: String? = nil) -> Bool {
        switch attribute.returned {
        case .never: return false
        case .always(true): return true
        case .always(false): break
        }
        switch rule {
        case .all: return true
        case .only(let paths):
            return paths.contains { $0.schema == schema && ($0.attribute == attribute.name || $0.attribute == nil) }
        case .without(let paths):
            return !paths.contains(AttributePath(schema: schema, attribute.name))
                && !(schema != nil && paths.contains(AttributePath(schema: schema, nil)))
        }
    }

    func shows(_ part: SCIMAttribute, of attribute: SCIMAttribute, in schema: String? = nil) -> Bool {
        let path = AttributePath(schema: schema, attribute.name, part.name)
        switch rule {
        case .all: return true
        case .only(let paths):
            let isWhole = paths.contains {
                $0.schema == schema && ($0.attribute == attribute.name || $0.attribute == nil) && $0.part == nil
            }
            return isWhole || paths.contains(path)
        case .without(let paths): return !paths.contains(path)
        }
    }
}
