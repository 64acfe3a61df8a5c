public import LatchkeyCore

/// A policy's tree, written as Swift literals: Core reads no YAML. Everything stands in line 1, unless a test says
/// otherwise.
extension PolicyNode: ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    static let start = PolicyMark(line: 1, column: 1)

    public init(stringLiteral text: String) {
        self = .text(text, Self.start)
    }

    public init(arrayLiteral items: PolicyNode...) {
        self = .list(items, Self.start)
    }

    public init(dictionaryLiteral entries: (PolicyNode, PolicyNode)...) {
        self = .mapping(entries.map { Entry(key: $0.0, value: $0.1) }, Self.start)
    }
}

extension Policy {
    /// A small policy with something of everything; `changing` replaces or adds sections.
    static func given(_ changing: [String: PolicyNode] = [:]) throws(PolicyFlaws) -> Policy {
        var sections: [String: PolicyNode] = [
            "format": "1", "policy": "reports",
            "actions": [
                "reports:list": "List", "reports:view": "See", "reports:edit": "Edit", "site:manage": "Manage",
            ],
            "roles": [
                "Member": ["through_teams": ["reports:view"]],
                "Editor": ["through_teams": ["reports:edit"], "everywhere": ["reports:list"]],
                "Admin": ["everywhere": "all"],
            ],
            "teams": ["report": ["Viewer": ["reports:view"], "Editor": ["reports:edit"]]],
            "routes": [
                "GET /": "public", "GET /reports": "reports:list", "GET /reports/{id}": "reports:view on report {id}",
                "PUT|PATCH /reports/{id}": "reports:edit on report {id}",
                "GET /reports/latest": "reports:view on any report", "ANY /site/{rest...}": "site:manage",
                "DELETE /site/{name}": "reports:list", "GET /whoami": "self:read",
            ],
        ]
        sections.merge(changing) { $1 }
        return try Policy(
            reading: .mapping(
                sections.sorted { $0.key < $1.key }.map {
                    PolicyNode.Entry(key: .text($0.key, PolicyNode.start), value: $0.value)
                }, PolicyNode.start))
    }
}
