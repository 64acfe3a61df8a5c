import Foundation

/// What changes when a file is replaced or written to.
struct FileMark: Equatable, Sendable {
    private let number: UInt64
    private let modified: Date

    /// `nil` while there is no such file.
    init?(_ path: String) {
        guard let facts = try? FileManager.default.attributesOfItem(atPath: path),
            let number = facts[.systemFileNumber] as? NSNumber, let modified = facts[.modificationDate] as? Date
        else { return nil }
        self.number = number.uint64Value
        self.modified = modified
    }
}
