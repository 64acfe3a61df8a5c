import Crypto
import CryptoExtras
import Foundation
import LatchkeyCore

/// Signatures of other issuers (RFC 7518 §3). The algorithm is one that the key accepts, never merely what a header
/// says.
extension JSONWebKey {
    func hasSigned(_ token: SignedToken) -> Bool {
        guard accepts(token.algorithm) else { return false }
        switch material {
        case .rsa(let modulus, let exponent):
            // The library refuses keys of fewer than 2,048 bits.
            guard let key = try? _RSA.Signing.PublicKey(n: modulus, e: exponent) else { return false }
            return Self.hasSigned(token, with: key)
        case .elliptic(let curve, let point): return Self.hasSigned(token, with: point, on: curve)
        case .ed25519(let bytes):
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes)
            return key?.isValidSignature(token.signature, for: token.signed) ?? false
        }
    }

    private static func hasSigned(_ token: SignedToken, with key: _RSA.Signing.PublicKey) -> Bool {
        let padding: _RSA.Signing.Padding = token.algorithm.hasPrefix("PS") ? .PSS : .insecurePKCS1v1_5
        let signature = _RSA.Signing.RSASignature(rawRepresentation: token.signature)
        return switch token.algorithm.suffix(3) {
        case "256": key.isValidSignature(signature, for: SHA256.hash(data: token.signed), padding: padding)
        case "384": key.isValidSignature(signature, for: SHA384.hash(data: token.signed), padding: padding)
        default: key.isValidSignature(signature, for: SHA512.hash(data: token.signed), padding: padding)
        }
    }

    /// The signature is the two numbers one behind the other (RFC 7518 §3.4).
    private static func hasSigned(_ token: SignedToken, with point: [UInt8], on curve: Curve) -> Bool {
        switch curve {
        case .p256:
            guard let key = try? P256.Signing.PublicKey(x963Representation: point),
                let signature = try? P256.Signing.ECDSASignature(rawRepresentation: token.signature)
            else { return false }
            return key.isValidSignature(signature, for: token.signed)
        case .p384:
            guard let key = try? P384.Signing.PublicKey(x963Representation: point),
                let signature = try? P384.Signing.ECDSASignature(rawRepresentation: token.signature)
            else { return false }
            return key.isValidSignature(signature, for: token.signed)
        case .p521:
            guard let key = try? P521.Signing.PublicKey(x963Representation: point),
                let signature = try? P521.Signing.ECDSASignature(rawRepresentation: token.signature)
            else { return false }
            return key.isValidSignature(signature, for: token.signed)
        }
    }
}
