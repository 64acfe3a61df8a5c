import LatchkeyCore

/// What a list is asked for: in the query of a GET, or in the body of a `.search` (RFC 7644 §3.4.2 and §3.4.3).
///
/// Parameters that no RFC knows are passed over: Entra's flags come in the query.
struct ListRequest: Sendable {
    var filter: String?
    var sortBy: String?
    var isDescending = false
    var start = 1
    var count = DirectoryQuery.mostItems
    var attributes: [String]?
    var excluded: [String]?
    /// Whether the filter stands in the request's address, which logs along the way keep.
    private var isInAddress = false

    init(query: String) throws(SCIMFault) {
        for (name, value) in FormText.pairs(query) where !value.isEmpty {
            switch name.lowercased() {
            case "filter":
                filter = value
                isInAddress = true
            case "sortby": sortBy = value
            case "sortorder": isDescending = try Self.isDescending(value)
            case "startindex": start = try Self.number(value, name)
            case "count": count = try Self.number(value, name)
            case "attributes": attributes = Self.names(value)
            case "excludedattributes": excluded = Self.names(value)
            default: continue
            }
        }
    }

    init(search tree: JSONTree) throws(SCIMFault) {
        try ResourceReading.requireSchema(SCIMMessage.search, in: tree)
        filter = try Self.text(tree.member("filter"), "filter")
        sortBy = try Self.text(tree.member("sortBy"), "sortBy")
        isDescending =
            try Self.text(tree.member("sortOrder"), "sortOrder").map { word throws(SCIMFault) in
                try Self.isDescending(word)
            } ?? false
        start = try Self.number(tree.member("startIndex"), "startIndex") ?? 1
        count = try Self.number(tree.member("count"), "count") ?? DirectoryQuery.mostItems
        attributes = try Self.names(tree.member("attributes"), "attributes")
        excluded = try Self.names(tree.member("excludedAttributes"), "excludedAttributes")
    }

    func query(of type: ResourceType) throws(SCIMFault) -> DirectoryQuery {
        let filter = try filter.map { text throws(SCIMFault) in try FilterParser.filter(text, of: type) }
        if isInAddress, let filter { try requireNoSecret(in: filter, of: type) }
        return DirectoryQuery(filter: filter, order: try order(of: type), start: start, count: count)
    }

    /// RFC 7644 §7.5.2.
    private func requireNoSecret(in filter: AttributeFilter, of type: ResourceType) throws(SCIMFault) {
        let secrets = filter.paths.compactMap { path in path.attribute.flatMap { type.attribute($0) } }
            .filter { $0.mutability == .writeOnly }
        guard let secret = secrets.first else { return }
        throw SCIMFault(403, .sensitive, "A \(secret.name) must not stand in an address. Nothing is found by it.")
    }

    func projection(of type: ResourceType) throws(SCIMFault) -> Projection {
        try Projection(attributes: attributes, excluded: excluded, of: type)
    }

    /// What no schema knows orders nothing.
    private func order(of type: ResourceType) throws(SCIMFault) -> DirectoryQuery.Order? {
        guard let sortBy else { return nil }
        guard let name = AttributeName(sortBy, of: type) else {
            throw .path("sortBy: “\(sortBy.prefix(64))” is no attribute.")
        }
        let target = name.target.flatMap { $0.part("value") } ?? name.target
        guard let target else { return nil }
        return DirectoryQuery.Order(name.path, descending: isDescending, isExact: target.isCaseExact)
    }
}

extension ListRequest {
    private static func isDescending(_ word: String) throws(SCIMFault) -> Bool {
        switch word.lowercased() {
        case "ascending": return false
        case "descending": return true
        default: throw .value("sortOrder must be ascending or descending.")
        }
    }

    /// Numbers out of range are brought into it (RFC 7644 §3.4.2.4); what is no number is refused.
    private static func number(_ text: String, _ name: String) throws(SCIMFault) -> Int {
        guard let number = Int(text) else { throw .value("\(name) must be a whole number.") }
        return number
    }

    private static func names(_ text: String) -> [String] {
        text.split(separator: ",").map { $0.filter { $0 != " " } }
    }

    private static func text(_ tree: JSONTree?, _ name: String) throws(SCIMFault) -> String? {
        switch tree {
        case nil, .null?: return nil
        case .text(let text)?: return text.isEmpty ? nil : text
        default: throw .value("\(name) must be a string.")
        }
    }

    private static func number(_ tree: JSONTree?, _ name: String) throws(SCIMFault) -> Int? {
        switch tree {
        case nil, .null?: return nil
        case .integer(let number)?: return Int(number)
        default: throw .value("\(name) must be a whole number.")
        }
    }

    private static func names(_ tree: JSONTree?, _ name: String) throws(SCIMFault) -> [String]? {
        switch tree {
        case nil, .null?: return nil
        case .text(let text)?: return names(text)
        case .list(let items)?:
            var names: [String] = []
            for item in items {
                guard case .text(let text) = item else { throw .value("\(name) must hold strings.") }
                names.append(text)
            }
            return names
        default: throw .value("\(name) must be a list of strings.")
        }
    }
}
