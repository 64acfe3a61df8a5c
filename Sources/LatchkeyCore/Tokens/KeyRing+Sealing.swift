import Crypto
import Foundation

/// Sealing: what has to rest in the database and be read again, a kept reply with a token in it, is encrypted with
/// AES-256-GCM under a key that is not there.
///
/// A sealed box is the generation of its key in four bytes, big-endian, then nonce ‖ ciphertext ‖ tag. `context` is
/// bound to it but not in it, so that a box moved to another row does not open.
extension KeyRing {
    /// How many random bytes a box needs.
    public static let nonceByteCount = 12

    /// `nonce` must be fresh random bytes: two boxes under one nonce give both away. `nil` on a nonce of another
    /// length.
    public func seal(_ plaintext: [UInt8], context: [UInt8], nonce: [UInt8]) -> [UInt8]? {
        let newest = sealingKeys[sealingKeys.count - 1]
        guard let nonce = try? AES.GCM.Nonce(data: nonce),
            let box = try? AES.GCM.seal(plaintext, using: newest.key, nonce: nonce, authenticating: context),
            let combined = box.combined
        else { return nil }
        return withUnsafeBytes(of: UInt32(newest.generation).bigEndian) { Array($0) } + combined
    }

    /// `nil` when the box was altered, belongs to another context, or its key is gone.
    public func open(_ sealed: [UInt8], context: [UInt8]) -> [UInt8]? {
        guard let generation = Self.sealingGeneration(of: sealed),
            let sealer = sealingKeys.first(where: { $0.generation == generation }),
            let box = try? AES.GCM.SealedBox(combined: sealed.dropFirst(4)),
            let plaintext = try? AES.GCM.open(box, using: sealer.key, authenticating: context)
        else { return nil }
        return Array(plaintext)
    }

    /// Which key a box needs.
    public static func sealingGeneration(of sealed: [UInt8]) -> Int? {
        guard sealed.count > 4 else { return nil }
        return sealed.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    }
}
