import Crypto
import CryptoExtras
import Foundation

/// A key of a provider's, as it signs and as it is published.
struct TokenSigner: Sendable {
    private enum Key: Sendable {
        case p256(P256.Signing.PrivateKey)
        case p384(P384.Signing.PrivateKey)
        case ed25519(Curve25519.Signing.PrivateKey)
        case rsa(_RSA.Signing.PrivateKey)
        /// Signs with what everybody knows.
        case shared([UInt8])
        case nothing
    }

    private let key: Key
    let kid: String
    let algorithm: String
    /// As it is published; members of a JWK.
    private let members: String

    var jwk: String { #"{"kid":"\#(kid)",\#(members)}"# }

    /// RS256, the only algorithm that every provider has to know.
    static let usual = rsa(kid: "rsa", "RS256")
    private static let rsaKey = try? _RSA.Signing.PrivateKey(keySize: .bits2048)

    static func rsa(kid: String, _ algorithm: String) -> TokenSigner {
        guard let key = rsaKey, let parts = try? key.publicKey.getKeyPrimitives() else {
            return TokenSigner(key: .nothing, kid: kid, algorithm: algorithm, members: "")
        }
        let members = #""kty":"RSA","n":"\#(parts.modulus.base64URL)","e":"\#(parts.publicExponent.base64URL)""#
        return TokenSigner(key: .rsa(key), kid: kid, algorithm: algorithm, members: members)
    }

    static func elliptic(kid: String, isLong: Bool = false) -> TokenSigner {
        if isLong {
            let key = P384.Signing.PrivateKey()
            let point = key.publicKey.rawRepresentation
            let members = Self.point("P-384", point.prefix(48), point.suffix(48))
            return TokenSigner(key: .p384(key), kid: kid, algorithm: "ES384", members: members)
        }
        let key = P256.Signing.PrivateKey()
        let point = key.publicKey.rawRepresentation
        let members = Self.point("P-256", point.prefix(32), point.suffix(32))
        return TokenSigner(key: .p256(key), kid: kid, algorithm: "ES256", members: members)
    }

    private static func point(_ curve: String, _ x: Data, _ y: Data) -> String {
        #""kty":"EC","crv":"\#(curve)","x":"\#(Data(x).base64URL)","y":"\#(Data(y).base64URL)""#
    }

    static func edwards(kid: String) -> TokenSigner {
        let key = Curve25519.Signing.PrivateKey()
        let members = #""kty":"OKP","crv":"Ed25519","x":"\#(key.publicKey.rawRepresentation.base64URL)""#
        return TokenSigner(key: .ed25519(key), kid: kid, algorithm: "EdDSA", members: members)
    }

    /// HS256 with these bytes for its secret: the public key, for one who would take the header at its word.
    static func shared(_ bytes: [UInt8], kid: String) -> TokenSigner {
        TokenSigner(
            key: .shared(bytes), kid: kid, algorithm: "HS256", members: #""kty":"oct","k":"\#(Data(bytes).base64URL)""#)
    }

    static func unsigned(kid: String) -> TokenSigner {
        TokenSigner(key: .nothing, kid: kid, algorithm: "none", members: #""kty":"none""#)
    }

    func token(_ claims: String, header: String? = nil) -> String {
        let header = header ?? #"{"alg":"\#(algorithm)","kid":"\#(kid)"}"#
        let signed = Data(header.utf8).base64URL + "." + Data(claims.utf8).base64URL
        return signed + "." + signature(Array(signed.utf8)).base64URL
    }

    private func signature(_ bytes: [UInt8]) -> Data {
        switch key {
        case .p256(let key): return (try? key.signature(for: bytes))?.rawRepresentation ?? Data()
        case .p384(let key): return (try? key.signature(for: bytes))?.rawRepresentation ?? Data()
        case .ed25519(let key): return (try? key.signature(for: bytes)) ?? Data()
        case .rsa(let key):
            let padding: _RSA.Signing.Padding = algorithm.hasPrefix("PS") ? .PSS : .insecurePKCS1v1_5
            let signature =
                switch algorithm.suffix(3) {
                case "384": try? key.signature(for: SHA384.hash(data: bytes), padding: padding)
                case "512": try? key.signature(for: SHA512.hash(data: bytes), padding: padding)
                default: try? key.signature(for: SHA256.hash(data: bytes), padding: padding)
                }
            return signature?.rawRepresentation ?? Data()
        case .shared(let secret):
            return Data(HMAC<SHA256>.authenticationCode(for: bytes, using: SymmetricKey(data: secret)))
        case .nothing: return Data()
        }
    }
}

extension Data {
    var base64URL: String {
        base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
