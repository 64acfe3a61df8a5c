import Crypto
import CryptoExtras
import Foundation

/// What is kept of a password: scrypt (RFC 7914) with its parameters and salt, so that the parameters can be raised and
/// older hashes still be checked. Slow and large on purpose; never to be computed on a thread that others wait for.
public struct PasswordHash: Hashable, Sendable {
    public static let saltByteCount = 16
    private static let byteCount = 32

    /// The cost of guessing: 128 · blockSize · rounds bytes, each written and read.
    public struct Cost: Hashable, Sendable {
        /// A power of two.
        public let rounds: Int
        public let blockSize: Int
        public let parallelism: Int

        public init(rounds: Int, blockSize: Int, parallelism: Int) {
            self.rounds = rounds
            self.blockSize = blockSize
            self.parallelism = parallelism
        }

        /// 64 MiB: one of the settings of equal strength in OWASP's Password Storage Cheat Sheet.
        public static let usual = Cost(rounds: 1 << 16, blockSize: 8, parallelism: 2)
        /// For tests alone: no protection at all.
        public static let trivial = Cost(rounds: 2, blockSize: 1, parallelism: 1)
    }

    public let cost: Cost
    private let salt: [UInt8]
    private let key: [UInt8]

    /// - Parameter salt: ``saltByteCount`` fresh random bytes.
    public init?(of password: Password, salt: [UInt8], cost: Cost) {
        guard let key = Self.derive(password, salt, cost) else { return nil }
        (self.cost, self.salt, self.key) = (cost, salt, key)
    }

    /// What no password matches, at the same cost as any: for accounts that are not there or have no password.
    public static func decoy(_ cost: Cost) -> PasswordHash {
        PasswordHash(cost: cost, salt: [UInt8](repeating: 0, count: saltByteCount), key: [])
    }

    private init(cost: Cost, salt: [UInt8], key: [UInt8]) {
        (self.cost, self.salt, self.key) = (cost, salt, key)
    }

    /// Takes the same time wherever keys differ.
    public func matches(_ password: Password) -> Bool {
        guard let other = Self.derive(password, salt, cost) else { return false }
        return zip(key, other).reduce(key.count ^ other.count) { $0 | Int($1.0 ^ $1.1) } == 0
    }

    /// Whether it was made at less than today's cost.
    public func isCheaper(than cost: Cost) -> Bool {
        self.cost.rounds * self.cost.blockSize < cost.rounds * cost.blockSize
    }

    private static func derive(_ password: Password, _ salt: [UInt8], _ cost: Cost) -> [UInt8]? {
        let key = try? KDF.Scrypt.deriveKey(
            from: Array(password.text.precomposedStringWithCompatibilityMapping.utf8), salt: salt,
            outputByteCount: byteCount, rounds: cost.rounds, blockSize: cost.blockSize,
            parallelism: cost.parallelism)
        return key?.withUnsafeBytes { Array($0) }
    }
}

extension PasswordHash {
    /// How it is kept in its column: `scrypt$rounds$blockSize$parallelism$salt$key`.
    public var stored: String {
        "scrypt$\(cost.rounds)$\(cost.blockSize)$\(cost.parallelism)$\(Base64URL.text(salt))$\(Base64URL.text(key))"
    }

    public init?(stored: String) {
        let parts = stored.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "scrypt", let rounds = Int(parts[1]), let blockSize = Int(parts[2]),
            let parallelism = Int(parts[3]), let salt = Base64URL.bytes(parts[4].utf8),
            let key = Base64URL.bytes(parts[5].utf8)
        else { return nil }
        cost = Cost(rounds: rounds, blockSize: blockSize, parallelism: parallelism)
        (self.salt, self.key) = (salt, key)
    }
}
