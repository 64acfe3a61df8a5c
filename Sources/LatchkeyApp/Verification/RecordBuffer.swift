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
        return memory.bindMemory(to: TokenRecord.self, capacity: capacity)
    }
}
