import Foundation

/// Held while a key file is read, changed and written: of two rotations at once the second waits and begins with what
/// the first wrote. The kernel lets go of it when the process ends, however it ends.
final class KeyFileLock: Sendable {
    private let descriptor: Int32

    init(beside keyFile: String) throws {
        let path = keyFile + ".lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure("the lock \(path) cannot be opened: \(AtomicFile.reason)")
        }
        guard flock(descriptor, LOCK_EX) == 0 else {
            let reason = AtomicFile.reason
            close(descriptor)
            throw CommandFailure("the lock \(path) cannot be taken: \(reason)")
        }
    }

    deinit { close(descriptor) }
}
