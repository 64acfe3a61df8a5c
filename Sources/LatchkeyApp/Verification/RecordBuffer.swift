import Foundation

/// The records, without gaps, in one buffer that grows by `realloc`: for large blocks that moves pages, not bytes, so
/// that growth never holds everything twice.
struct RecordBuffer: ~Copyable {
    private var records: UnsafeMutablePointer<TokenRecord>
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int = 64) {
        self.capacity = capacity
        records = Self.resized(nil, to: capacity)
    }

    deinit { free(records) }

    subscript(place: Int) -> TokenRecord {
        get { records[place] }
        nonmutating set { records[place] = newValue }
    }

    /// In place, without a copy of the record.
    func pointer(_ place: Int) -> UnsafeMutablePointer<TokenRecord> { records + place }

    mutating func append(_ record: TokenRecord) {
        if count == capacity { grow() }
        (records + count).initialize(to: record)
        count += 1
    }

    mutating func removeLast() { count -= 1 }

    private mutating func grow() {
        capacity += capacity / 2 + 1
        records = Self.resized(records, to: capacity)
    }

    private static func resized(
        _ records: UnsafeMutablePointer<TokenRecord>?, to capacity: Int
    ) -> UnsafeMutablePointer<TokenRecord> {
        guard let memory = realloc(records, capacity * MemoryLayout<TokenRecord>.stride) else {
            fatalError("out of memory for tokens")
        }
        MemoryAdvice.preferLargePages(memory, byteCount: capacity * MemoryLayout<TokenRecord>.stride)
        return memory.bindMemory(to: TokenRecord.self, capacity: capacity)
    }
}

/// Look-ups go to random places: with pages of 4 KiB nearly each of them misses the processor's address cache too.
enum MemoryAdvice {
    private static let page = 2 << 20

    /// Advice to the kernel for the whole large pages within; without effect where it has none.
    static func preferLargePages(_ start: UnsafeMutableRawPointer, byteCount: Int) {
        let first = (Int(bitPattern: start) + page - 1) / page * page
        let length = (Int(bitPattern: start) + byteCount - first) / page * page
        guard length > 0, let aligned = UnsafeMutableRawPointer(bitPattern: first) else { return }
        madvise(aligned, length, MADV_HUGEPAGE)
    }
}
