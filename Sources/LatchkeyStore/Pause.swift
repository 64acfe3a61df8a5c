import Foundation

/// Waits between attempts, longer each time and never twice alike, so that two nodes that met do not meet again.
enum Pause {
    /// Blocks the thread: only for the store's own.
    static func beforeAttempt(_ attempt: Int) {
        let longest = min(0.005 * Double(1 << min(attempt, 8)), 0.5)
        // Swift seeds each process's hashing by chance, which is chance enough to part two nodes.
        var hasher = Hasher()
        hasher.combine(ContinuousClock.now)
        let share = Double(UInt(bitPattern: hasher.finalize()) % 1000) / 1000
        Thread.sleep(forTimeInterval: longest * share)
    }
}
