/// A code that stands in once for a lost authenticator: `k7qm-2xwd-9hcz`, 60 bits in letters that are not mixed up.
public struct RecoveryCode: Sendable {
    /// How many a person gets at a time.
    public static let count = 10
    public static let byteCount = 12
    /// 32 letters, so that each random byte gives five unbiased bits: no `i`, `l`, `o` or `u`.
    private static let letters = Array("0123456789abcdefghjkmnpqrstvwxyz")

    private let text: String

    /// Takes ``byteCount`` random bytes.
    public init(random: [UInt8]) {
        text = String(random.prefix(Self.byteCount).map { Self.letters[Int($0) & 31] })
    }

    /// What somebody typed, with or without hyphens, in any case; `nil` when it cannot be one.
    public init?(typed: String) {
        let letters = typed.lowercased().filter { $0 != "-" && $0 != " " }
        guard letters.count == Self.byteCount, letters.allSatisfy({ Self.letters.contains($0) }) else { return nil }
        text = letters
    }

    /// In groups of four.
    public func reveal() -> String {
        stride(from: 0, to: text.count, by: 4).map { start in String(text.dropFirst(start).prefix(4)) }
            .joined(separator: "-")
    }
}

extension RecoveryCode: CustomStringConvertible, CustomReflectable {
    public var description: String { "RecoveryCode(redacted)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension KeyRing {
    public func digests(of code: RecoveryCode) -> [TokenDigest] {
        digestGenerations.reversed().compactMap { generation in
            TokenFormat.withBytes(code.reveal()) { digest(of: $0, generation: generation) }
        }
    }
}
