import Crypto
import Foundation

/// The key file, `keys.json`: one JSON object, keys in base64url. Whoever reads it can make tokens, so it is written
/// with mode 0600 and never sent anywhere.
extension KeyRing {
    private struct File: Codable {
        struct Named: Codable {
            let kid: String
            let key: String
        }
        struct Numbered: Codable {
            let generation: Int
            let key: String
        }
        let version: Int
        let instance: String
        let signing: [Named]
        let digest: [Numbered]
        let sealing: [Numbered]
        let tag: String
    }

    /// The whole ring with its secrets, for the key file alone.
    public func fileContents() -> [UInt8] {
        let file = File(
            version: 1, instance: instance,
            signing: signingKeys.map { .init(kid: $0.kid, key: Base64URL.text($0.key.rawRepresentation)) },
            digest: digestKeys.map { .init(generation: $0.generation, key: Self.text($0.key)) },
            sealing: sealingKeys.map { .init(generation: $0.generation, key: Self.text($0.key)) },
            tag: Self.text(tagKey))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(file)).map { Array($0) } ?? []
    }

    /// Reads a key file; `nil` when it is none, or one of a later version.
    public convenience init?(fileContents: [UInt8]) {
        guard let file = try? JSONDecoder().decode(File.self, from: Data(fileContents)), file.version == 1,
            let tagKey = Self.symmetricKey(file.tag)
        else { return nil }
        let signing = file.signing.compactMap { Self.signingKey($0) }
        let digest = file.digest.compactMap { entry in
            Self.symmetricKey(entry.key).map { DigestKey(generation: entry.generation, key: $0) }
        }
        let sealing = file.sealing.compactMap { entry in
            Self.symmetricKey(entry.key).map { SealingKey(generation: entry.generation, key: $0) }
        }
        guard !signing.isEmpty, !digest.isEmpty, !sealing.isEmpty, signing.count == file.signing.count,
            digest.count == file.digest.count, sealing.count == file.sealing.count,
            Set(file.digest.map(\.generation)).count == digest.count
        else { return nil }
        self.init(
            instance: file.instance, signingKeys: signing, digestKeys: digest, sealingKeys: sealing, tagKey: tagKey)
    }

    private static func signingKey(_ entry: File.Named) -> SigningKey? {
        guard entry.kid.utf8.count == 10, entry.kid.hasPrefix("lk"),
            let scalar = Base64URL.bytes(Array(entry.key.utf8)),
            let key = try? P256.Signing.PrivateKey(rawRepresentation: scalar)
        else { return nil }
        return SigningKey(kid: entry.kid, key: key)
    }

    private static func symmetricKey(_ text: String) -> SymmetricKey? {
        guard let bytes = Base64URL.bytes(Array(text.utf8)), bytes.count == 32 else { return nil }
        return SymmetricKey(data: bytes)
    }

    private static func text(_ key: SymmetricKey) -> String {
        key.withUnsafeBytes { Base64URL.text(Array($0)) }
    }
}
