/// A password as somebody typed it. It prints as `redacted` and is compared by nobody.
public struct Password: Sendable {
    public static let shortest = 12
    public static let longest = 256

    let text: String

    public init(_ text: String) {
        self.text = text
    }

    /// So that it can be nobody's.
    public var isTooLong: Bool { text.utf8.count > Self.longest }

    /// Whether it is fit to be kept for this account: length instead of recipes of characters, and nothing that an
    /// attacker tries first (NIST SP 800-63B §5.1.1.2).
    public func check(for names: [String], at pointer: String) throws(Refusal) {
        let count = text.unicodeScalars.count
        guard count >= Self.shortest else {
            throw .invalid(pointer, "must have at least \(Self.shortest) characters; a few words in a row do well")
        }
        guard !isTooLong else {
            throw .invalid(pointer, "must have at most \(Self.longest) bytes")
        }
        guard Set(text.unicodeScalars).count >= 5, !Self.isRow(text) else {
            throw .invalid(pointer, "is too easy to guess: it repeats or counts; take a few words in a row")
        }
        let folded = text.folded
        for name in names + Self.triedFirst where name.count >= 4 {
            let rest = folded.replacing(name.folded, with: "")
            guard rest.unicodeScalars.count >= 6 else {
                throw .invalid(pointer, "is too easy to guess: it is hardly more than a name or a well-known word")
            }
        }
    }

    private static let triedFirst = [
        "password", "passwort", "latchkey", "qwertyuiop", "letmein", "welcome", "administrator", "changeme",
    ]

    /// `abcdefghijkl`, `123456789012`, `zyxwvutsrqpo`.
    private static func isRow(_ text: String) -> Bool {
        let letters = Array(text.utf8)
        let steps = zip(letters, letters.dropFirst()).map { Int($1) - Int($0) }
        return steps.allSatisfy { $0 == 1 || $0 == -9 } || steps.allSatisfy { $0 == -1 || $0 == 9 }
    }
}

extension Password: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "Password(redacted)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
