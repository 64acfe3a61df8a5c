/// The `jti` claim: the token's number, 128 random bits and a keyed tag over both, as one base64url string.
///
/// The tag tells a token of this instance from an invention for the price of one short HMAC: no look-up, no signature.
public struct JTI: Hashable, Sendable {
    public static let randomByteCount = 16
    static let byteCount = 32
    /// base64url of 32 bytes.
    static let textLength = 43

    public let token: ID<Token>
    let random: [UInt8]
    private let tag: UInt64

    /// `random` are 16 random bytes of the caller's.
    init(token: ID<Token>, random: [UInt8], key: KeyedHash) {
        self.token = token
        self.random = random
        tag = Self.tag(token, random, key)
    }

    var bytes: [UInt8] { Self.bigEndian(UInt64(bitPattern: token.value)) + random + Self.bigEndian(tag) }

    /// Reads a jti and checks its tag in constant time; `nil` unless this key made it.
    init?(text: some Collection<UInt8>, key: KeyedHash) {
        guard text.count == Self.textLength, let bytes = Base64URL.bytes(text) else { return nil }
        token = ID(Int64(bitPattern: Self.number(bytes[0..<8])))
        random = Array(bytes[8..<24])
        tag = Self.number(bytes[24..<32])
        guard tag ^ Self.tag(token, random, key) == 0 else { return nil }
    }

    /// The first eight bytes of HMAC-SHA-256(tag key, number ‖ random).
    private static func tag(_ token: ID<Token>, _ random: [UInt8], _ key: KeyedHash) -> UInt64 {
        UInt64(bigEndian: key.code(of: bigEndian(UInt64(bitPattern: token.value)) + random).x)
    }

    private static func bigEndian(_ number: UInt64) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }

    private static func number(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
