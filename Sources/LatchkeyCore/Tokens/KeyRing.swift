import Crypto
import Foundation

/// The secrets of an instance that live outside its database: signing keys, digest keys, sealing keys, and the key of
/// the `jti` tags. Each kind but the last comes in generations, the newest of which is used; older ones are kept for
/// as long as something live needs them, so that a rotation asks no bearer for anything.
///
/// Immutable, and a class so that handing it to a request costs one reference.
public final class KeyRing: Sendable {
    /// The instance that these keys belong to; stored in its database as well.
    public let instance: String
    /// Oldest first in each list; never empty.
    let signingKeys: [SigningKey]
    let digestKeys: [DigestKey]
    let sealingKeys: [SealingKey]
    let tagKey: SymmetricKey
    let tagHash: KeyedHash

    struct SigningKey: Sendable {
        let kid: String
        let key: P256.Signing.PrivateKey
    }

    struct DigestKey: Sendable {
        let generation: Int
        let key: SymmetricKey
        let hash: KeyedHash

        init(generation: Int, key: SymmetricKey) {
            self.generation = generation
            self.key = key
            hash = KeyedHash(key: key)
        }
    }

    struct SealingKey: Sendable {
        let generation: Int
        let key: SymmetricKey
    }

    /// Takes at least one key of each kind.
    init(
        instance: String, signingKeys: [SigningKey], digestKeys: [DigestKey], sealingKeys: [SealingKey],
        tagKey: SymmetricKey
    ) {
        precondition(!signingKeys.isEmpty && !digestKeys.isEmpty && !sealingKeys.isEmpty, "a kind of key is missing")
        self.instance = instance
        self.signingKeys = signingKeys
        self.digestKeys = digestKeys.sorted { $0.generation < $1.generation }
        self.sealingKeys = sealingKeys.sorted { $0.generation < $1.generation }
        self.tagKey = tagKey
        tagHash = KeyedHash(key: tagKey)
    }

    /// The `kid`s, oldest first.
    public var kids: [String] { signingKeys.map(\.kid) }
    /// Oldest first.
    public var digestGenerations: [Int] { digestKeys.map(\.generation) }
    public var sealingGenerations: [Int] { sealingKeys.map(\.generation) }
    public var newestDigestGeneration: Int { digestKeys[digestKeys.count - 1].generation }

    /// A fingerprint of these keys for the database to keep, so that another instance's key file is refused.
    /// It survives rotations, because the tag key does.
    public var check: String {
        let code = HMAC<SHA256>.authenticationCode(for: Array("latchkey keys of \(instance)".utf8), using: tagKey)
        return Base64URL.text(code)
    }
}

extension KeyRing {
    /// Digests what was presented under the newest key.
    public func digest(of bytes: UnsafeBufferPointer<UInt8>) -> TokenDigest {
        Self.digest(of: bytes, under: digestKeys[digestKeys.count - 1])
    }

    public func digest(of secret: TokenSecret) -> TokenDigest {
        TokenFormat.withBytes(secret.reveal()) { digest(of: $0) }
    }

    /// Digests under one generation; `nil` when its key is gone.
    public func digest(of bytes: UnsafeBufferPointer<UInt8>, generation: Int) -> TokenDigest? {
        digestKeys.first { $0.generation == generation }.map { Self.digest(of: bytes, under: $0) }
    }

    private static func digest(of bytes: UnsafeBufferPointer<UInt8>, under key: DigestKey) -> TokenDigest {
        TokenDigest(words: key.hash.code(of: UnsafeRawBufferPointer(bytes)), generation: key.generation)
    }
}

extension KeyRing {
    /// Makes a token. `random` are 16 random bytes. The signature draws chance of its own inside of the library.
    public func mint(_ claims: TokenClaims, random: [UInt8]) throws(Refusal) -> MintedToken {
        precondition(random.count == JTI.randomByteCount, "a jti holds \(JTI.randomByteCount) random bytes")
        let signer = signingKeys[signingKeys.count - 1]
        let jti = JTI(token: claims.token, random: random, key: tagHash)
        let token = try signed(TokenFormat.header(kid: signer.kid), claims.json(jti: jti), by: signer)
        guard token.count <= TokenFormat.longest else {
            throw .invalid("", "The user's handle and the public address are too long for a token.")
        }
        let secret = TokenSecret(minted: token)
        return MintedToken(secret: secret, digest: digest(of: secret), signedBy: signer.kid)
    }

    /// A JWS in compact form over these claims.
    func signed(_ header: String, _ claims: [UInt8], by signer: SigningKey) throws(Refusal) -> [UInt8] {
        var token: [UInt8] = []
        Base64URL.append(header.utf8, to: &token)
        token.append(UInt8(ascii: "."))
        Base64URL.append(claims, to: &token)
        guard let signature = try? signer.key.signature(for: token) else {
            throw .unavailable("The token could not be signed.", retryAfter: .seconds(1))
        }
        token.append(UInt8(ascii: "."))
        Base64URL.append(signature.rawRepresentation, to: &token)
        return token
    }

    /// The number that a well-formed token names, if its `jti` bears our tag; `nil` for every invention.
    /// It does not say that the rest of the token is genuine: see ``hasOurSignature(_:)``.
    public func tokenNamed(by bytes: UnsafeBufferPointer<UInt8>) -> ID<Token>? {
        TokenFormat.jtiText(bytes).flatMap { JTI(text: $0, key: tagHash) }?.token
    }

    /// Whether one of our keys signed these well-formed bytes. The algorithm is ES256 whatever a header says
    /// (RFC 8725 §3.1). Costs about 100 µs: ask only what has passed ``tokenNamed(by:)``.
    public func hasOurSignature(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let secondDot = bytes.count - TokenFormat.signatureLength - 1
        let signed = UnsafeBufferPointer(rebasing: bytes[0..<secondDot])
        guard let kid = TokenFormat.kid(bytes), let signer = signingKeys.first(where: { $0.kid == kid }),
            let raw = Base64URL.bytes(UnsafeBufferPointer(rebasing: bytes[(secondDot + 1)...])),
            let signature = try? P256.Signing.ECDSASignature(rawRepresentation: raw)
        else { return false }
        return signer.key.publicKey.isValidSignature(signature, for: signed)
    }

    /// The public keys as a JWK set (RFC 7517), newest first.
    public var jwks: String {
        let keys = signingKeys.reversed().map { signer in
            let point = signer.key.publicKey.rawRepresentation
            let (x, y) = (Base64URL.text(point.prefix(32)), Base64URL.text(point.suffix(32)))
            let use = #""use":"sig","alg":"ES256","kid":"\#(signer.kid)""#
            return #"{"kty":"EC","crv":"P-256",\#(use),"x":"\#(x)","y":"\#(y)"}"#
        }
        return #"{"keys":[\#(keys.joined(separator: ","))]}"#
    }
}

extension KeyRing: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "KeyRing(redacted)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
