import Foundation

/// The `user_id` of a service user, made from its name (api.md, Users).
public enum Handle {
    public static let ending = "@service"

    /// `Pipeline Automation` → `pipeline_automation@service`; `nil` when nothing of the name is left.
    ///
    /// Names that differ in case, spacing, width or composition meet in one handle on purpose,
    /// so that no two accounts can be mistaken for each other.
    public static func service(for name: String) -> String? {
        var kept = ""
        var wasSpace = false
        for scalar in name.folded.unicodeScalars {
            if scalar.properties.isWhitespace {
                if !wasSpace { kept.append("_") }
                wasSpace = true
                continue
            }
            wasSpace = false
            if isKept(scalar) { kept.unicodeScalars.append(scalar) }
        }
        let core = kept.trimmingCharacters(in: CharacterSet(charactersIn: "_-"))
        return core.isEmpty ? nil : core + ending
    }

    private static func isKept(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "0"..."9", "_", "-": true
        default: false
        }
    }

    /// Whether a handle tells nobody what the account is for: made of words such as `test`, `temp` or `service`, single
    /// letters and numbers alone. Never a reason to refuse a name, only to ask for a better one.
    public static func saysNothing(_ handle: String) -> Bool {
        let core = handle.hasSuffix(ending) ? handle.dropLast(ending.count) : handle[...]
        let words = core.split { !("a"..."z").contains($0) }
        return words.allSatisfy { $0.count == 1 || emptyWords.contains($0) }
    }

    private static let emptyWords: Set<Substring> = [
        "account", "acc", "asdf", "bar", "bot", "demo", "dummy", "example", "foo", "my", "new", "sa", "sample",
        "service", "svc", "system", "temp", "temporary", "test", "testing", "tests", "tmp", "token", "untitled", "user",
        "users", "xxx",
    ]
}
