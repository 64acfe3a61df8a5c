import Crypto
import Foundation

/// Making keys. Chance comes from the caller: a closure that gives the asked number of random bytes.
extension KeyRing {
    private static let keyByteCount = 32
    private static let kidLetters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    /// The first generation of everything, for a new instance.
    public static func generate(instance: String, randomBytes: (Int) -> [UInt8]) -> KeyRing {
        KeyRing(
            instance: instance, signingKeys: [signingKey(randomBytes)],
            digestKeys: [DigestKey(generation: 1, key: symmetricKey(randomBytes))],
            sealingKeys: [SealingKey(generation: 1, key: symmetricKey(randomBytes))],
            tagKey: symmetricKey(randomBytes))
    }

    /// These keys and a new newest generation of each. The tag key stays: it protects no secret, and every token
    /// that was ever given out bears its tag.
    public func rotated(randomBytes: (Int) -> [UInt8]) -> KeyRing {
        let sealing = (sealingGenerations.last ?? 0) + 1
        return KeyRing(
            instance: instance, signingKeys: signingKeys + [Self.signingKey(randomBytes)],
            digestKeys: digestKeys
                + [DigestKey(generation: newestDigestGeneration + 1, key: Self.symmetricKey(randomBytes))],
            sealingKeys: sealingKeys + [SealingKey(generation: sealing, key: Self.symmetricKey(randomBytes))],
            tagKey: tagKey)
    }

    /// Only what is still needed, and the newest of each kind in any case.
    public func keeping(kids: Set<String>, digests: Set<Int>, sealings: Set<Int>) -> KeyRing {
        KeyRing(
            instance: instance,
            signingKeys: signingKeys.dropLast().filter { kids.contains($0.kid) } + signingKeys.suffix(1),
            digestKeys: digestKeys.dropLast().filter { digests.contains($0.generation) } + digestKeys.suffix(1),
            sealingKeys: sealingKeys.dropLast().filter { sealings.contains($0.generation) } + sealingKeys.suffix(1),
            tagKey: tagKey)
    }

    /// Draws a private scalar and a `kid`. A scalar must lie between 1 and the group's order; of random 32 bytes
    /// fewer than one in 2³² miss that, and are drawn again.
    private static func signingKey(_ randomBytes: (Int) -> [UInt8]) -> SigningKey {
        while true {
            let scalar = randomBytes(keyByteCount)
            guard let key = try? P256.Signing.PrivateKey(rawRepresentation: scalar) else { continue }
            return SigningKey(kid: kid(randomBytes), key: key)
        }
    }

    /// `lk` and eight letters or digits. Bytes from 248 on are dropped, so that none of the 62 is likelier.
    private static func kid(_ randomBytes: (Int) -> [UInt8]) -> String {
        var letters: [UInt8] = []
        while letters.count < 8 {
            letters += randomBytes(8).filter { $0 < 248 }.map { kidLetters[Int($0) % kidLetters.count] }
        }
        return "lk" + String(decoding: letters.prefix(8), as: UTF8.self)
    }

    private static func symmetricKey(_ randomBytes: (Int) -> [UInt8]) -> SymmetricKey {
        SymmetricKey(data: randomBytes(keyByteCount))
    }
}
