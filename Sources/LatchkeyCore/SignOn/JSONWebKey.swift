/// A public key with which a provider signs (RFC 7517, RFC 7518 §6, RFC 8037).
public struct JSONWebKey: Hashable, Sendable {
    public let keyID: String?
    /// Where the provider itself says with which algorithm alone the key is used.
    public let algorithm: String?
    public let material: Material

    public enum Material: Hashable, Sendable {
        /// Modulus and exponent, big-endian.
        case rsa(modulus: [UInt8], exponent: [UInt8])
        /// A point: 0x04, x, y (X9.63).
        case elliptic(Curve, point: [UInt8])
        case ed25519([UInt8])
    }

    public enum Curve: String, Hashable, Sendable, CaseIterable {
        case p256 = "P-256"
        case p384 = "P-384"
        case p521 = "P-521"

        var coordinateByteCount: Int {
            switch self {
            case .p256: 32
            case .p384: 48
            case .p521: 66
            }
        }
    }

    /// `nil` for a key that is not for checking signatures, or of a kind that is not taken here: symmetric ones above
    /// all, for a published secret is none.
    init?(_ members: Claims) {
        if let use = members.text("use"), use != "sig" { return nil }
        if let operations = members.texts("key_ops"), !operations.contains("verify") { return nil }
        guard let material = Self.material(members) else { return nil }
        self.material = material
        keyID = members.text("kid")
        algorithm = members.text("alg")
    }

    private static func material(_ members: Claims) -> Material? {
        func bytes(_ name: String) -> [UInt8]? {
            members.text(name).flatMap { Base64URL.bytes($0.utf8) }
        }
        switch (members.text("kty"), members.text("crv")) {
        case ("RSA", _):
            guard let modulus = bytes("n"), let exponent = bytes("e") else { return nil }
            return .rsa(modulus: modulus, exponent: exponent)
        case ("EC", let name?):
            guard let curve = Curve(rawValue: name), let x = bytes("x"), let y = bytes("y"),
                x.count == curve.coordinateByteCount, y.count == curve.coordinateByteCount
            else { return nil }
            return .elliptic(curve, point: [4] + x + y)
        case ("OKP", "Ed25519"): return bytes("x").map { .ed25519($0) }
        default: return nil
        }
    }

    /// Whether a token under this algorithm may be checked with this key. So `none`, and HS256 with a public key for
    /// its secret, find no key at all.
    public func accepts(_ name: String) -> Bool {
        if let algorithm, algorithm != name { return false }
        return switch material {
        case .rsa: ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"].contains(name)
        case .elliptic(.p256, _): name == "ES256"
        case .elliptic(.p384, _): name == "ES384"
        case .elliptic(.p521, _): name == "ES512"
        case .ed25519: name == "EdDSA" || name == "Ed25519"
        }
    }

    /// Every algorithm that some key here could have.
    public static let algorithms: Set = [
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519",
    ]
}

/// The keys that a provider publishes.
public struct KeySet: Hashable, Sendable {
    public let keys: [JSONWebKey]

    /// More than this many are no provider's.
    static let largest = 256

    /// `nil` when the document is no key set. Keys that are not for us are passed over (RFC 7517 §5).
    public init?(json: [UInt8]) {
        guard let document = Claims(json: json), case .list(let list) = document["keys"], list.count <= Self.largest
        else { return nil }
        keys = list.compactMap { item in
            guard case .object(let members) = item else { return nil }
            return JSONWebKey(Claims(members))
        }
    }

    /// The one key for this token. Without a `kid` there has to be just one that fits (OpenID Connect Core §10.1).
    public func key(for token: SignedToken) -> JSONWebKey? {
        let fitting = keys.filter { key in
            key.accepts(token.algorithm) && (token.keyID == nil || key.keyID == token.keyID)
        }
        return fitting.count == 1 ? fitting.first : nil
    }
}
