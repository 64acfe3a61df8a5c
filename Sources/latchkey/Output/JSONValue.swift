/// A JSON value that keeps the order of members and the spelling of numbers, so that what a command
/// prints is what the server said.
enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// As written (RFC 8259 §6): no digit is lost on the way.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([JSONMember])
}

/// One member of an object.
struct JSONMember: Hashable, Sendable {
    let name: String
    let value: JSONValue

    init(_ name: String, _ value: JSONValue) {
        self.name = name
        self.value = value
    }
}

extension JSONValue {
    /// The member of that name; `nil` for another kind of value.
    subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }

    /// The value at the end of dotted names, such as `user.name`.
    func at(_ path: String) -> JSONValue? {
        path.split(separator: ".").reduce(self as JSONValue?) { value, name in value?[String(name)] }
    }

    var text: String? {
        if case .string(let text) = self { return text }
        return nil
    }

    var integer: Int64? {
        if case .number(let digits) = self { return Int64(digits) }
        return nil
    }

    var items: [JSONValue]? {
        if case .array(let items) = self { return items }
        return nil
    }

    static func integer(_ value: some BinaryInteger) -> JSONValue { .number(String(value)) }
    static func strings(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }

    /// An object of the members that have a value; the others are left out.
    static func object(given members: [(String, JSONValue?)]) -> JSONValue {
        .object(members.compactMap { name, value in value.map { JSONMember(name, $0) } })
    }
}
