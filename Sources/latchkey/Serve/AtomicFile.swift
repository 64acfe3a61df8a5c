import Foundation

/// Files that are whole or not there: written beside their place, forced to disk, then moved into it.
enum AtomicFile {
    enum Failure: Error {
        case exists
        case system(String)
    }

    /// Makes a file that only its owner can read. Without `replacing`, one that is there already wins.
    static func write(_ bytes: [UInt8], to path: String, replacing: Bool) throws(Failure) {
        let partial = path + ".partial-\(getpid())"
        defer { unlink(partial) }
        try writeThrough(bytes, to: partial)
        if replacing {
            guard rename(partial, path) == 0 else { throw .system(reason) }
        } else {
            // link(2) refuses an existing name; rename(2) would replace it.
            guard link(partial, path) == 0 else { throw errno == EEXIST ? .exists : .system(reason) }
        }
        try syncDirectory(of: path)
    }

    private static func writeThrough(_ bytes: [UInt8], to path: String) throws(Failure) {
        unlink(path)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system(reason) }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            guard written > 0 else { throw .system(reason) }
            rest = rest.dropFirst(written)
        }
        guard fsync(descriptor) == 0 else { throw .system(reason) }
    }

    /// A rename is on disk only once its directory is.
    static func syncDirectory(of path: String) throws(Failure) {
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(reason) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .system(reason) }
    }

    static var reason: String { String(cString: strerror(errno)) }
}

extension AtomicFile {
    /// Copies a file of any size, for its owner alone, and forces it to disk.
    static func copy(_ source: String, to path: String) throws(Failure) {
        let from = open(source, O_RDONLY | O_CLOEXEC)
        guard from >= 0 else { throw .system(reason) }
        defer { close(from) }
        unlink(path)
        let into = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard into >= 0 else { throw .system(reason) }
        defer { close(into) }
        while true {
            let moved = sendfile(into, from, nil, 1 << 24)
            guard moved >= 0 else { throw .system(reason) }
            if moved == 0 { break }
        }
        guard fsync(into) == 0 else { throw .system(reason) }
    }
}
