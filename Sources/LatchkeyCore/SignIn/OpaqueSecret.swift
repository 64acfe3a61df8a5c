/// A random text that says nothing and opens something: a session's cookie, a link that works once.
///
/// Only its keyed digest is kept. Not `Codable`, and it prints as `redacted`, so that the only way out is ``reveal()``.
public struct OpaqueSecret: Sendable {
    /// 256 bits: beyond guessing, so that it needs no tag or signature.
    public static let byteCount = 32

    private let text: String

    /// Takes ``byteCount`` fresh random bytes.
    public init(random: [UInt8]) {
        precondition(random.count == Self.byteCount, "a secret is made of \(Self.byteCount) random bytes")
        text = Base64URL.text(random)
    }

    /// What somebody presents; `nil` when it cannot be one.
    public init?(presented: some StringProtocol) {
        guard presented.utf8.count == Base64URL.encodedLength(of: Self.byteCount),
            Base64URL.bytes(Array(presented.utf8)) != nil
        else { return nil }
        text = String(presented)
    }

    public func reveal() -> String { text }
}

extension OpaqueSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "OpaqueSecret(redacted)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

public typealias SessionSecret = OpaqueSecret

extension KeyRing {
    public func digest(of secret: OpaqueSecret) -> TokenDigest {
        TokenFormat.withBytes(secret.reveal()) { digest(of: $0) }
    }

    /// Under every generation that is still there, newest first: a rotation of keys signs nobody out.
    public func digests(of secret: OpaqueSecret) -> [TokenDigest] {
        digestGenerations.reversed().compactMap { generation in
            TokenFormat.withBytes(secret.reveal()) { digest(of: $0, generation: generation) }
        }
    }
}
