import Foundation

/// The names of tokens, one behind the other in one growing buffer: length as LEB128, then UTF-8.
/// A name that is no longer used leaves waste; who uses the arena copies what lives into a fresh one when it is much.
struct NameArena: ~Copyable {
    private var bytes: UnsafeMutableRawPointer
    private var capacity: Int
    private(set) var count = 0
    private(set) var wasted = 0

    init(capacity: Int = 4096) {
        self.capacity = capacity
        bytes = Self.resized(nil, to: capacity)
    }

    deinit { free(bytes) }

    /// More than half is waste, and it is worth the work.
    var isWasteful: Bool { wasted > 65536 && wasted * 2 > count }

    /// - Returns: the name's place.
    mutating func add(_ name: String) -> UInt32 {
        var name = name
        return name.withUTF8 { text in
            reserve(text.count + 10)
            let place = count
            var length = text.count
            while length >= 128 {
                append(UInt8(length & 127) | 128)
                length >>= 7
            }
            append(UInt8(length))
            if let start = text.baseAddress { (bytes + count).copyMemory(from: start, byteCount: text.count) }
            count += text.count
            return UInt32(place)
        }
    }

    subscript(place: UInt32) -> String {
        let (start, length) = text(at: place)
        return String(decoding: UnsafeRawBufferPointer(start: bytes + start, count: length), as: UTF8.self)
    }

    mutating func drop(_ place: UInt32) {
        let (start, length) = text(at: place)
        wasted += start - Int(place) + length
    }

    private func text(at place: UInt32) -> (start: Int, length: Int) {
        var (at, length, shift) = (Int(place), 0, 0)
        while true {
            let byte = bytes.load(fromByteOffset: at, as: UInt8.self)
            length |= Int(byte & 127) << shift
            at += 1
            if byte < 128 { return (at, length) }
            shift += 7
        }
    }

    private mutating func append(_ byte: UInt8) {
        bytes.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count += 1
    }

    /// `realloc` moves pages instead of bytes, so that growth never doubles what is resident.
    private mutating func reserve(_ more: Int) {
        guard count + more > capacity else { return }
        capacity = max(capacity + capacity / 2, count + more)
        bytes = Self.resized(bytes, to: capacity)
    }

    private static func resized(_ bytes: UnsafeMutableRawPointer?, to capacity: Int) -> UnsafeMutableRawPointer {
        guard let memory = realloc(bytes, capacity) else { fatalError("out of memory for token names") }
        return memory
    }
}
