/// What Latchkey proves itself with at a provider. It rests sealed, is told to the token endpoint and to nobody else.
public struct ClientSecret: Hashable, Sendable {
    private let text: String

    static let longest = 1024

    public init(_ text: String) throws(Refusal) {
        guard (1...Self.longest).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .invalid("/client_secret", "must have 1 to \(Self.longest) visible ASCII characters")
        }
        self.text = text
    }

    public func reveal() -> String { text }
}

extension ClientSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "ClientSecret(redacted)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension KeyRing {
    /// The secret as it rests; bound to its provider, so that it opens in no other's row.
    public func seal(_ secret: ClientSecret, of issuer: String, nonce: [UInt8]) -> [UInt8]? {
        seal(Array(secret.reveal().utf8), context: Self.context(issuer), nonce: nonce)
    }

    /// `nil` when its key is gone or it was altered.
    public func clientSecret(_ sealed: [UInt8], of issuer: String) -> ClientSecret? {
        guard let bytes = open(sealed, context: Self.context(issuer)) else { return nil }
        return try? ClientSecret(String(decoding: bytes, as: UTF8.self))
    }

    private static func context(_ issuer: String) -> [UInt8] { Array("client secret for \(issuer)".utf8) }
}
