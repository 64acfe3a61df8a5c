/// An open-addressing hash table from a key that stands elsewhere to the place of its record: 4 bytes a slot, linear
/// probing, backward-shift deletion (no tombstones, so probes never grow with age), at most two thirds full.
///
/// It stores places only. Who uses it says, by closures, which hash a place has and whether it holds the sought key.
struct SlotTable: ~Copyable {
    /// Place + 1; 0 is empty.
    private var slots: UnsafeMutablePointer<UInt32>
    private var mask: Int
    private(set) var count = 0

    init(minimumCapacity: Int = 0) {
        var capacity = 16
        while capacity * 2 / 3 < minimumCapacity { capacity *= 2 }
        slots = Self.empty(capacity)
        mask = capacity - 1
    }

    private static func empty(_ capacity: Int) -> UnsafeMutablePointer<UInt32> {
        let slots = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity)
        MemoryAdvice.preferLargePages(slots, byteCount: capacity * MemoryLayout<UInt32>.stride)
        slots.initialize(repeating: 0, count: capacity)
        return slots
    }

    deinit { slots.deallocate() }

    var byteCount: Int { (mask + 1) * MemoryLayout<UInt32>.stride }

    /// The first place under this hash that fits.
    func find(_ hash: UInt64, where fits: (Int) -> Bool) -> Int? {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            let place = Int(slots[slot] - 1)
            if fits(place) { return place }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// Adds a place whose key is not there yet.
    mutating func insert(_ place: Int, hash: UInt64, hashOf: (Int) -> UInt64) {
        if (count + 1) * 3 > (mask + 1) * 2 { grow(hashOf) }
        put(place, hash)
        count += 1
    }

    private func put(_ place: Int, _ hash: UInt64) {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = UInt32(place + 1)
    }

    private mutating func grow(_ hashOf: (Int) -> UInt64) {
        let (old, oldCapacity) = (slots, mask + 1)
        slots = Self.empty(oldCapacity * 2)
        mask = oldCapacity * 2 - 1
        for slot in 0..<oldCapacity where old[slot] != 0 {
            let place = Int(old[slot] - 1)
            put(place, hashOf(place))
        }
        old.deallocate()
    }

    /// Says that the record at `old` stands at `new` now.
    mutating func move(from old: Int, to new: Int, hash: UInt64) {
        guard let slot = slot(of: old, hash) else { return }
        slots[slot] = UInt32(new + 1)
    }

    /// Takes a place out and closes the gap: whatever had to step over it moves back towards its home.
    mutating func remove(_ place: Int, hash: UInt64, hashOf: (Int) -> UInt64) {
        guard var gap = slot(of: place, hash) else { return }
        var slot = (gap + 1) & mask
        while slots[slot] != 0 {
            let home = Int(truncatingIfNeeded: hashOf(Int(slots[slot] - 1))) & mask
            if (slot - home) & mask >= (slot - gap) & mask {
                slots[gap] = slots[slot]
                gap = slot
            }
            slot = (slot + 1) & mask
        }
        slots[gap] = 0
        count -= 1
    }

    private func slot(of place: Int, _ hash: UInt64) -> Int? {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            if slots[slot] == UInt32(place + 1) { return slot }
            slot = (slot + 1) & mask
        }
        return nil
    }
}
