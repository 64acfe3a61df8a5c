import Foundation
import LatchkeyCore
import Testing

@testable import latchkey

@Suite("The data directory")
struct DirectoryTests {
    private func folder() throws -> String {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try DataDirectory(path: path).make()
        return path
    }

    @Test("is its owner's alone")
    func isPrivate() throws {
        let path = try folder()
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(FileMark(path) != nil)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o700)
    }

    @Test("is locked by one at a time")
    func isLocked() throws {
        let path = try folder()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let directory = DataDirectory(path: path)
        let lock = try directory.lock()
        #expect(throws: CommandFailure.self) { try directory.lock() }
        withExtendedLifetime(lock) {}
    }

    @Test("gets whole files, of which the first wins unless told otherwise")
    func atomicFiles() throws {
        let path = try folder()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let file = path + "/keys.json"
        try AtomicFile.write([1], to: file, replacing: false)
        #expect(throws: AtomicFile.Failure.self) { try AtomicFile.write([2], to: file, replacing: false) }
        #expect(FileManager.default.contents(atPath: file) == Data([1]))
        try AtomicFile.write([3], to: file, replacing: true)
        #expect(FileManager.default.contents(atPath: file) == Data([3]))
        #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["keys.json"])
    }

    @Test("makes one set of keys, however many start at once")
    func oneSetOfKeys() throws {
        let path = try folder()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let source = KeySource.file(path + "/keys.json")
        #expect(try source.load() == nil)
        let first = try source.make { [UInt8].random(count: $0) }
        let second = try source.make { [UInt8].random(count: $0) }
        #expect(first.check == second.check)
        #expect(try source.load()?.check == first.check)
    }
}
