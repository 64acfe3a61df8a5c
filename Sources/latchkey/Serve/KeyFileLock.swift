import Foundation

/// Held while a key file is read, changed and written: of two rotations at once the second is refused, for whoever
/// asked twice wants one new generation. The kernel lets go of it when the process ends, however it ends.
final class KeyFileLock: Sendable {
    private let descriptor: Int32

    init(beside keyFile: String) throws {
        let path = keyFile + ".lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure("the lock \(path) cannot be opened: \(AtomicFile.reason)")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let (isHeld, reason) = (errno == EWOULDBLOCK, AtomicFile.reason)
            close(descriptor)
            guard !isHeld else {
                throw CommandFailure(
                    "the keys in \(keyFile) are being rotated this moment by somebody else",
                    hint: "nothing was changed here; rotate again only if you want one more generation")
            }
            throw CommandFailure("the lock \(path) cannot be taken: \(reason)")
        }
    }

    deinit { close(descriptor) }
}
