/// One attribute of a schema, with its characteristics (RFC 7643 §2.2 and §7).
struct SCIMAttribute: Sendable {
    let name: String
    let kind: Kind
    let summary: String
    var isMultiValued = false
    var isRequired = false
    var isCaseExact = false
    var mutability = Mutability.readWrite
    var returned = Returned.always(false)
    var uniqueness = "none"
    var canonicalValues: [String] = []

    indirect enum Kind: Sendable {
        case string
        case boolean
        case integer
        case dateTime
        case binary
        /// What it may point to.
        case reference([String])
        case complex([SCIMAttribute])

        var word: String {
            switch self {
            case .string: "string"
            case .boolean: "boolean"
            case .integer: "integer"
            case .dateTime: "dateTime"
            case .binary: "binary"
            case .reference: "reference"
            case .complex: "complex"
            }
        }
    }

    enum Mutability: String, Sendable {
        case readWrite, readOnly, writeOnly, immutable
    }

    enum Returned: Hashable, Sendable {
        /// `true`: whatever was asked for. `false`: unless something else was asked for.
        case always(Bool)
        case never

        var word: String {
            switch self {
            case .always(true): "always"
            case .always(false): "default"
            case .never: "never"
            }
        }
    }

    init(_ name: String, _ kind: Kind = .string, _ summary: String) {
        self.name = name
        self.kind = kind
        self.summary = summary
    }

    var parts: [SCIMAttribute] {
        if case .complex(let parts) = kind { parts } else { [] }
    }

    func part(_ name: String) -> SCIMAttribute? {
        parts.first { $0.name.isSameWord(as: name) }
    }
}

// Characteristics, put on one after the other.
extension SCIMAttribute {
    private func with(_ change: (inout SCIMAttribute) -> Void) -> SCIMAttribute {
        var attribute = self
        change(&attribute)
        return attribute
    }

    var required: SCIMAttribute { with { $0.isRequired = true } }
    var severalValues: SCIMAttribute { with { $0.isMultiValued = true } }
    var caseExact: SCIMAttribute { with { $0.isCaseExact = true } }
    var readOnly: SCIMAttribute { with { $0.mutability = .readOnly } }
    var immutable: SCIMAttribute { with { $0.mutability = .immutable } }

    var secret: SCIMAttribute {
        with {
            $0.mutability = .writeOnly
            $0.returned = .never
        }
    }

    var alwaysReturned: SCIMAttribute { with { $0.returned = .always(true) } }

    func unique(_ scope: String) -> SCIMAttribute { with { $0.uniqueness = scope } }

    func among(_ values: [String]) -> SCIMAttribute { with { $0.canonicalValues = values } }

    /// `value`, `display`, `type` and `primary`, as most attributes with several values have them (RFC 7643 §2.4).
    static func several(
        _ name: String, _ summary: String, types: [String] = [], value: SCIMAttribute? = nil
    ) -> SCIMAttribute {
        let value = value ?? SCIMAttribute("value", .string, "The value itself.")
        let parts = [
            value, SCIMAttribute("display", .string, "The value as people read it."),
            SCIMAttribute("type", .string, "What the value is for.").among(types),
            SCIMAttribute("primary", .boolean, "Whether it is the preferred one; true at most once."),
        ]
        return SCIMAttribute(name, .complex(parts), summary).severalValues
    }
}

extension StringProtocol {
    /// Attribute names and URNs are compared without case (RFC 7643 §2.1).
    func isSameWord(as other: some StringProtocol) -> Bool {
        utf8.count == other.utf8.count && lowercased() == other.lowercased()
    }
}
