import Foundation

/// The directory of the embedded database, the key file and the lock.
struct DataDirectory: Sendable {
    let path: String

    var database: String { path + "/latchkey.db" }
    private var lockFile: String { path + "/latchkey.lock" }

    var hasDatabase: Bool { FileManager.default.fileExists(atPath: database) }

    /// Makes it, for its owner alone, where it is missing.
    func make() throws {
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) {
            guard isDirectory.boolValue else { throw CommandFailure("\(path) is not a directory") }
            return
        }
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw CommandFailure("the data directory \(path) cannot be made", hint: "is its parent writable?")
        }
    }

    /// Held by a server for as long as it runs, and by whatever must not run beside one. The kernel lets go of it
    /// when the process ends, however it ends.
    func lock() throws -> DirectoryLock {
        let descriptor = open(lockFile, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure("the lock \(lockFile) cannot be opened: \(AtomicFile.reason)")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw CommandFailure(
                "another latchkey holds the data directory \(path)",
                hint: "stop that server first, or name another directory with --data-dir")
        }
        return DirectoryLock(descriptor: descriptor)
    }
}

/// A lock that is let go of when the last reference goes.
final class DirectoryLock: Sendable {
    private let descriptor: Int32

    fileprivate init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }
}
