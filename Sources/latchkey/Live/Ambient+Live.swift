import Foundation
import LatchkeyApp
import LatchkeyCore

extension Ambient {
    /// The real clock and the system's own source of chance. Nothing else in the house reaches for either.
    static let live = Ambient(now: { .present }, randomBytes: { .random(count: $0) })
}

extension Timestamp {
    static var present: Timestamp {
        Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)))
    }
}

extension [UInt8] {
    /// Unpredictable bytes, eight to a draw.
    static func random(count: Int) -> [UInt8] {
        var chance = SystemRandomNumberGenerator()
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            for start in stride(from: 0, to: count, by: 8) {
                Swift.withUnsafeBytes(of: chance.next()) { draw in
                    for place in start..<Swift.min(start + 8, count) {
                        buffer.initializeElement(at: place, to: draw[place - start])
                    }
                }
            }
            filled = count
        }
    }
}
