import Foundation

/// Who may read a file, as its permission bits say.
enum FileMode {
    /// `nil` where there is no such file.
    static func of(_ path: String) -> Int? {
        let facts = try? FileManager.default.attributesOfItem(atPath: path)
        return (facts?[.posixPermissions] as? NSNumber)?.intValue
    }

    /// Whether its owner alone may do anything with it.
    static func isPrivate(_ path: String) -> Bool {
        of(path).map { $0 & 0o077 == 0 } ?? false
    }
}
