import Crypto

/// HMAC-SHA-256 (RFC 2104) with the key taken in once.
///
/// The library's own takes the key in anew for each message, in generic code: half of what verifying a token cost.
/// A test compares the two.
struct KeyedHash: Sendable {
    private static let blockByteCount = 64

    private let inner: SHA256
    private let outer: SHA256

    /// Takes keys of at most 64 bytes; ours have 32.
    init(key: SymmetricKey) {
        precondition(key.bitCount <= Self.blockByteCount * 8, "a longer key would have to be hashed first")
        var block = key.withUnsafeBytes { Array($0) }
        block += [UInt8](repeating: 0, count: Self.blockByteCount - block.count)
        inner = Self.started(with: block, mask: 0x36)
        outer = Self.started(with: block, mask: 0x5c)
    }

    private static func started(with block: [UInt8], mask: UInt8) -> SHA256 {
        var hash = SHA256()
        hash.update(data: block.map { $0 ^ mask })
        return hash
    }

    /// The 32 bytes of the code, as words in memory order.
    func code(of message: UnsafeRawBufferPointer) -> SIMD4<UInt64> {
        var (inner, outer) = (inner, outer)
        inner.update(bufferPointer: message)
        inner.finalize().withUnsafeBytes { outer.update(bufferPointer: $0) }
        return outer.finalize().withUnsafeBytes { $0.loadUnaligned(as: SIMD4<UInt64>.self) }
    }

    func code(of message: [UInt8]) -> SIMD4<UInt64> {
        message.withUnsafeBytes { code(of: $0) }
    }
}
