import LatchkeyCore

/// A JSON text that was read whole, member order kept.
///
/// Integers that fit are exact; every other number is a `Double`, as RFC 8259 §6 advises.
enum JSONTree: Hashable, Sendable {
    case null
    case flag(Bool)
    case integer(Int64)
    case number(Double)
    case text(String)
    case list([JSONTree])
    case object([Member])

    struct Member: Hashable, Sendable {
        let name: String
        let value: JSONTree
    }
}

extension JSONTree {
    /// Reads a text from outside. Refused as malformed (400) with line and column, or as too wild (422) with a pointer.
    init(reading bytes: [UInt8], mostItems: Int = JSONParser.mostItems) throws(Refusal) {
        var parser = JSONParser(bytes, mostItems: mostItems)
        self = try parser.document()
    }

    subscript(name: String) -> JSONTree? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    static func object(_ members: KeyValuePairs<String, JSONTree>) -> JSONTree {
        .object(members.map { Member(name: $0.key, value: $0.value) })
    }
}

extension JSONTree: ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
    init(stringLiteral value: String) {
        self = .text(value)
    }

    init(arrayLiteral elements: JSONTree...) {
        self = .list(elements)
    }
}

extension JSONTree: Encodable {
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) {
            self.stringValue = stringValue
        }

        init?(intValue: Int) {
            nil
        }
    }

    func encode(to encoder: any Encoder) throws {
        if case .object(let members) = self {
            var object = encoder.container(keyedBy: Name.self)
            for member in members { try object.encode(member.value, forKey: Name(stringValue: member.name)) }
            return
        }
        var value = encoder.singleValueContainer()
        switch self {
        case .null, .object: try value.encodeNil()
        case .flag(let flag): try value.encode(flag)
        case .integer(let number): try value.encode(number)
        case .number(let number): try value.encode(number)
        case .text(let text): try value.encode(text)
        case .list(let items): try value.encode(items)
        }
    }
}

/// Where in a JSON text something stands, as RFC 6901 writes it.
/// One step on the way into a JSON value.
enum JSONStep: Hashable, Sendable {
    case name(String)
    case place(Int)
}

struct JSONPointer: Hashable, Sendable {
    /// Longer names are cut: they are the sender's, and a refusal need not repeat them whole.
    private static let longestName = 64

    private(set) var text = ""

    private init() {}

    init(_ path: ArraySlice<JSONStep>) {
        self = path.reduce(.whole) { pointer, step in
            switch step {
            case .name(let name): pointer.appending(name)
            case .place(let place): pointer.appending(place)
            }
        }
    }

    static let whole = JSONPointer()

    func appending(_ name: String) -> JSONPointer {
        var longer = self
        longer.text += "/" + name.prefix(Self.longestName).replacing("~", with: "~0").replacing("/", with: "~1")
        return longer
    }

    func appending(_ place: Int) -> JSONPointer {
        var longer = self
        longer.text += "/\(place)"
        return longer
    }
}
