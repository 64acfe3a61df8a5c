import Crypto
public import LatchkeyCore

/// A policy with the mark of the text that it was read from. A class, because every question of a gateway takes it
/// out of ``PolicyInForce``, and a copy of all that a policy holds would cost more than the question.
public final class PolicyEdition: Sendable {
    public let policy: Policy
    /// SHA-256 of the text, in hexadecimal.
    public let digest: String

    /// - Throws: everything that is wrong with the text, with line and column.
    public init(yaml text: String) throws(PolicyFlaws) {
        policy = try Policy(yaml: text)
        digest = Self.digest(of: text.utf8)
    }

    /// The mark of a text, whether or not it is a policy.
    public static func digest(of text: some Sequence<UInt8>) -> String {
        SHA256.hash(data: Array(text)).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    /// The data platform's own tables, built in.
    public static let dataPlatform: PolicyEdition = {
        do throws(PolicyFlaws) {
            return try PolicyEdition(yaml: String(decoding: PackageResources.data_platform_yaml, as: UTF8.self))
        } catch {
            // A test compiles it: what does not is never built into a program.
            fatalError("the built-in policy is wrong: \(error.flaws)")
        }
    }()
}
