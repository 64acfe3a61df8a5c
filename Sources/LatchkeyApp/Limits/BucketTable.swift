import LatchkeyCore
import Synchronization

/// Buckets by key, in a table that never grows.
///
/// A key has four places. When all four are taken by others, the fullest bucket makes room: its owner begins with a
/// full one when it comes again. So whoever floods the table with keys can only give to others, never take from them,
/// and no two keys ever share a bucket. Where a key's places are is drawn anew in each process.
final class BucketTable: Sendable {
    private struct Slot {
        var key: UInt64 = 0
        var bucket = Quota.Bucket()
    }

    /// A lock for a part of the table, so that few meet.
    private final class Shard: Sendable {
        let slots: Mutex<[Slot]>

        init(slots count: Int) {
            slots = Mutex([Slot](repeating: Slot(), count: count))
        }
    }

    private static let ways = 4
    private static let shardBits = 5

    private let quota: Quota
    private let shards: [Shard]
    private let setMask: UInt

    /// - Parameter sizeBits: 2 to this power is the number of buckets, each of 16 bytes.
    init(_ quota: Quota, sizeBits: Int) {
        let setBits = max(0, sizeBits - Self.shardBits - 2)
        self.quota = quota
        setMask = (1 << UInt(setBits)) - 1
        shards = (0..<(1 << Self.shardBits)).map { _ in Shard(slots: Self.ways << setBits) }
    }

    func take(_ key: UInt64, at now: Timestamp) -> Quota.Allowance {
        var hasher = Hasher()
        hasher.combine(key)
        let hash = UInt(bitPattern: hasher.finalize())
        let first = Int(hash >> UInt(Self.shardBits) & setMask) * Self.ways
        return shards[Int(hash & UInt(shards.count - 1))].slots.withLock { slots in
            let place = Self.place(of: key, in: slots, from: first)
            if slots[place].key != key { slots[place] = Slot(key: key) }
            return quota.take(from: &slots[place].bucket, at: now)
        }
    }

    /// Its own place, or that of the fullest bucket; one that was never used is the fullest of all.
    private static func place(of key: UInt64, in slots: [Slot], from first: Int) -> Int {
        var fullest = first
        for place in first..<(first + ways) {
            if slots[place].key == key { return place }
            if slots[place].bucket.fullAt < slots[fullest].bucket.fullAt { fullest = place }
        }
        return fullest
    }
}
