import LatchkeyCore

/// What a PATCH operation is about (RFC 7644 §3.5.2): `members`, `name.familyName`, `emails[type eq "work"].value`, an
/// extension's URN.
struct PatchPath: Sendable {
    let name: AttributeName
    let filter: AttributeFilter?
    /// The sub-attribute that is meant, before or behind the brackets.
    let part: SCIMAttribute?

    var target: AttributeTarget {
        let path = AttributePath(schema: name.path.schema, name.path.attribute, part?.name)
        return AttributeTarget(path, filter: filter, isMultiValued: name.attribute?.isMultiValued ?? false)
    }

    /// - Throws: `invalidPath` for what is no path, or in no schema; `invalidFilter` for what is wrong in its brackets.
    init(_ text: String, of type: ResourceType) throws(SCIMFault) {
        guard text.utf8.count <= FilterLexer.longest else { throw .path("The path is too long.") }
        let head = text.prefix { $0 != "[" }
        guard let name = AttributeName(head, of: type) else {
            throw .path("“\(text.prefix(128))” is no path.")
        }
        guard name.isKnown else { throw .path("“\(text.prefix(128))” is in no schema of a \(type.name).") }
        self.name = name
        guard head.endIndex < text.endIndex else {
            filter = nil
            part = name.part
            return
        }
        guard let attribute = name.attribute, attribute.isMultiValued, name.part == nil else {
            throw .path("\(name.path) has one value: nothing can be picked from it in brackets.")
        }
        (filter, part) = try Self.selection(String(text[head.endIndex...]), of: attribute)
    }

    /// `[type eq "work"].value`.
    private static func selection(
        _ text: String, of attribute: SCIMAttribute
    ) throws(SCIMFault) -> (AttributeFilter, SCIMAttribute?) {
        var parser = try FilterParser(text)
        try parser.advance()
        let filter = try parser.disjunction(.values(attribute), depth: 1)
        guard parser.current == .closeBracket else { throw parser.fault("] was expected") }
        try parser.advance()
        guard case .part(let name) = parser.current else {
            guard parser.current == .end else { throw .path("Something follows the brackets of the path.") }
            return (filter, nil)
        }
        guard let part = attribute.part(name) else {
            throw .path("\(attribute.name) has no part “\(name.prefix(64))”.")
        }
        try parser.advance()
        guard parser.current == .end else { throw .path("Something follows the path.") }
        return (filter, part)
    }
}
