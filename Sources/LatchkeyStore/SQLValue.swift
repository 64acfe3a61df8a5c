import LatchkeyCore

/// What a column or a parameter can hold on both engines.
enum SQLValue: Hashable, Sendable {
    case null
    case int(Int64)
    case text(String)
    case blob([UInt8])
}

/// A value that can stand in a statement.
protocol SQLConvertible {
    var sqlValue: SQLValue { get }
}

extension Int64: SQLConvertible {
    var sqlValue: SQLValue { .int(self) }
}

extension Int: SQLConvertible {
    var sqlValue: SQLValue { .int(Int64(self)) }
}

extension Bool: SQLConvertible {
    var sqlValue: SQLValue { .int(self ? 1 : 0) }
}

extension String: SQLConvertible {
    var sqlValue: SQLValue { .text(self) }
}

extension [UInt8]: SQLConvertible {
    var sqlValue: SQLValue { .blob(self) }
}

extension ID: SQLConvertible {
    var sqlValue: SQLValue { .int(value) }
}

extension Timestamp: SQLConvertible {
    var sqlValue: SQLValue { .int(milliseconds) }
}

extension SQLConvertible where Self: RawRepresentable, RawValue == String {
    var sqlValue: SQLValue { .text(rawValue) }
}

extension UserType: SQLConvertible {}
extension Role: SQLConvertible {}
extension TokenType: SQLConvertible {}
extension RevocationReason: SQLConvertible {}
extension TeamPermission: SQLConvertible {}
extension Verb: SQLConvertible {}
extension ObjectType: SQLConvertible {}
extension AuditEvent.Outcome: SQLConvertible {}
extension UseOutcome: SQLConvertible {}
extension FeedEntry.Kind: SQLConvertible {}
extension DirectoryKind: SQLConvertible {}
