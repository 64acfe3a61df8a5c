import Foundation

/// What became of one field, in the names of the API. `nil` means it was, or is, not there.
public struct FieldChange: Hashable, Sendable, Codable {
    public let field: String
    public let before: AuditValue?
    public let after: AuditValue?

    public init(_ field: String, before: AuditValue? = nil, after: AuditValue? = nil) {
        self.field = field
        self.before = before
        self.after = after
    }
}

/// A value as the log shows it.
public enum AuditValue: Hashable, Sendable {
    case text(String)
    case number(Int64)
    case flag(Bool)
    case list([String])
}

extension AuditValue: Codable {
    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let flag = try? value.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? value.decode(Int64.self) {
            self = .number(number)
        } else if let list = try? value.decode([String].self) {
            self = .list(list)
        } else {
            self = .text(try value.decode(String.self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .text(let text): try value.encode(text)
        case .number(let number): try value.encode(number)
        case .flag(let flag): try value.encode(flag)
        case .list(let list): try value.encode(list)
        }
    }
}

extension [FieldChange] {
    /// How changes are kept in their column: a JSON array, `[]` for none.
    public var stored: String {
        guard !isEmpty else { return "[]" }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
    }

    public init(stored: String) {
        self = (try? JSONDecoder().decode([FieldChange].self, from: Data(stored.utf8))) ?? []
    }

    /// Only the fields that differ.
    static func between(_ fields: [(name: String, before: AuditValue?, after: AuditValue?)]) -> [FieldChange] {
        fields.compactMap { $0.before == $0.after ? nil : FieldChange($0.name, before: $0.before, after: $0.after) }
    }
}
