/// The plaintext of a token. It exists twice in its life: in the reply that issues it, and in a request that presents
/// it. It is never stored or logged.
///
/// Not `Codable`, and it prints as `redacted`, so that the only way out is ``reveal()``.
public struct TokenSecret: Sendable {
    private let text: String

    /// Reads what a caller presented; `nil` when it cannot be a token of any instance, so that a misplaced password
    /// or another vendor's token goes no further.
    public init?(presented: some StringProtocol) {
        let text = String(presented)
        guard TokenFormat.isWellFormed(text) else { return nil }
        self.text = text
    }

    init(minted bytes: [UInt8]) {
        text = String(decoding: bytes, as: UTF8.self)
    }

    public func reveal() -> String { text }

    /// The last four characters: enough for people to tell tokens apart, useless to anybody else.
    public var hint: String { String(text.suffix(4)) }
}

extension TokenSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "TokenSecret(redacted)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
