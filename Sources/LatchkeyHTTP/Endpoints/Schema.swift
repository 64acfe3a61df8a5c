/// The form of a value, as the OpenAPI document tells it.
indirect enum Schema: Sendable {
    case text
    /// At most that many characters, at least one.
    case name(longest: Int)
    case word([String])
    case integer
    case id
    case range(ClosedRange<Int64>)
    case flag
    /// RFC 3339, UTC.
    case time
    case list(Schema)
    case nullable(Schema)
    case anyOf([Schema])
    case object(ObjectSchema)
    /// Anything that JSON can say.
    case anything
}

/// An object with a name of its own in the document.
struct ObjectSchema: Sendable {
    let name: String
    let fields: [Field]

    init(_ name: String, _ fields: [Field]) {
        self.name = name
        self.fields = fields
    }

    struct Field: Sendable {
        let name: String
        let schema: Schema
        let isRequired: Bool

        static func always(_ name: String, _ schema: Schema) -> Field {
            Field(name: name, schema: schema, isRequired: true)
        }

        static func maybe(_ name: String, _ schema: Schema) -> Field {
            Field(name: name, schema: schema, isRequired: false)
        }
    }
}

extension Schema {
    /// As JSON Schema 2020-12, which OpenAPI 3.1 uses.
    var document: JSONTree {
        switch self {
        case .text: .object(["type": "string"])
        case .name(let longest):
            .object(["type": "string", "minLength": .integer(1), "maxLength": .integer(Int64(longest))])
        case .word(let words): .object(["type": "string", "enum": .list(words.map { .text($0) })])
        case .integer: .object(["type": "integer", "format": "int64"])
        case .id: .object(["type": "integer", "format": "int64", "minimum": .integer(1)])
        case .range(let range):
            .object([
                "type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound),
            ])
        case .flag: .object(["type": "boolean"])
        case .time: .object(["type": "string", "format": "date-time"])
        case .list(let item): .object(["type": "array", "items": item.document])
        case .nullable(let schema): .object(["anyOf": [schema.document, .object(["type": "null"])]])
        case .anyOf(let schemas): .object(["anyOf": .list(schemas.map(\.document))])
        case .object(let object): .object(["$ref": .text("#/components/schemas/\(object.name)")])
        case .anything: .object([])
        }
    }

    /// The named objects in it, the innermost first.
    var objects: [ObjectSchema] {
        switch self {
        case .list(let schema), .nullable(let schema): schema.objects
        case .anyOf(let schemas): schemas.flatMap(\.objects)
        case .object(let object): object.fields.flatMap(\.schema.objects) + [object]
        default: []
        }
    }
}

extension ObjectSchema {
    var document: JSONTree {
        var members: [JSONTree.Member] = [
            JSONTree.Member(name: "type", value: "object"),
            JSONTree.Member(
                name: "properties",
                value: .object(fields.map { JSONTree.Member(name: $0.name, value: $0.schema.document) })),
        ]
        let required = fields.filter(\.isRequired).map { JSONTree.text($0.name) }
        if !required.isEmpty { members.append(JSONTree.Member(name: "required", value: .list(required))) }
        members.append(JSONTree.Member(name: "additionalProperties", value: .flag(false)))
        return .object(members)
    }
}
