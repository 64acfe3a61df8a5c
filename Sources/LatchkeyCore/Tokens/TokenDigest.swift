/// What is kept of a token: HMAC-SHA-256 of its bytes under one generation of the digest key.
///
/// The key lives outside the database, so a copied database neither opens anything nor lets anybody test a guess.
public struct TokenDigest: Hashable, Sendable {
    public static let byteCount = 32

    /// Which digest key made it; the newest generation is the highest.
    public let generation: Int
    // Four words apart: a vector of them wants an alignment of 32, which frames of asynchronous functions do not keep.
    private let word0, word1, word2, word3: UInt64

    public init(words: SIMD4<UInt64>, generation: Int) {
        (word0, word1, word2, word3) = (words.x, words.y, words.z, words.w)
        self.generation = generation
    }

    /// The 32 bytes as four words in memory order, so that records hold them without a heap object.
    public var words: SIMD4<UInt64> { SIMD4(word0, word1, word2, word3) }

    /// Takes exactly 32 bytes.
    public init(bytes: [UInt8], generation: Int) {
        precondition(bytes.count == Self.byteCount, "a digest has \(Self.byteCount) bytes")
        self.init(words: bytes.withUnsafeBytes { $0.loadUnaligned(as: SIMD4<UInt64>.self) }, generation: generation)
    }

    /// As a column holds them.
    public var bytes: [UInt8] {
        withUnsafeBytes(of: words) { Array($0) }
    }

    /// Takes the same time wherever two digests differ: timing tells nothing about a stored one.
    public static func == (left: Self, right: Self) -> Bool {
        let difference = left.words ^ right.words
        let folded = difference.x | difference.y | difference.z | difference.w
        return (folded | UInt64(truncatingIfNeeded: left.generation ^ right.generation)) == 0
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(word0)
    }
}
