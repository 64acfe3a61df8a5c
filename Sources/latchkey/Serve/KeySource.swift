import Foundation
import LatchkeyCore

/// Where the keys of the instance are kept: a file, or the environment variable `LATCHKEY_KEYS` with the content of
/// such a file.
enum KeySource: Sendable {
    case file(String)
    case environment(String)

    init(settings: Settings, environment: [String: String]) {
        if let text = environment["LATCHKEY_KEYS"], !text.isEmpty {
            self = .environment(text)
        } else {
            self = .file(settings.keyFile)
        }
    }

    var name: String {
        switch self {
        case .file(let path): "the key file \(path)"
        case .environment: "LATCHKEY_KEYS"
        }
    }

    /// `nil` when there is no key file; a file that others may read is refused, for it may have been read.
    func load() throws -> KeyRing? {
        switch self {
        case .environment(let text): return try ring(Array(text.utf8))
        case .file(let path):
            guard let bytes = try Self.read(path) else { return nil }
            return try ring(bytes)
        }
    }

    private func ring(_ bytes: [UInt8]) throws -> KeyRing {
        guard let ring = KeyRing(fileContents: bytes) else {
            throw CommandFailure("\(name) holds no keys that this version can read", hint: "restore it from a backup")
        }
        return ring
    }

    private static func read(_ path: String) throws -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno != ENOENT else { return nil }
            throw CommandFailure("the key file \(path) cannot be read: \(AtomicFile.reason)")
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        guard FileMode.isPrivate(path) else {
            throw CommandFailure(
                "the key file \(path) can be read by others",
                hint: "chmod 600 \(path), and ask who may have read it: "
                    + "whoever has these keys can make tokens; `latchkey keys rotate` makes new ones")
        }
        guard let data = try? file.readToEnd() else { return [] }
        return Array(data)
    }

    /// Makes the first keys of an instance. When two processes start at once, both use those of the first.
    func make(randomBytes: (Int) -> [UInt8]) throws -> KeyRing {
        guard case .file(let path) = self else { throw CommandFailure("LATCHKEY_KEYS is empty") }
        try DataDirectory(path: URL(fileURLWithPath: path).deletingLastPathComponent().path).make()
        let instance = randomBytes(16).map { String(UInt16($0) | 0x100, radix: 16).dropFirst() }.joined()
        let ring = KeyRing.generate(instance: instance, randomBytes: randomBytes)
        do {
            try AtomicFile.write(ring.fileContents(), to: path, replacing: false)
            return ring
        } catch .exists {
            guard let ring = try load() else { throw CommandFailure("the key file \(path) has gone again") }
            return ring
        } catch .system(let reason) {
            throw CommandFailure("the key file \(path) cannot be written: \(reason)")
        }
    }
}
