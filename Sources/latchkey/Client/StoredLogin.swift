import Foundation
import LatchkeyCore

/// What `latchkey login` left behind: a token and the one server that it is for, in a file for its owner alone.
struct StoredLogin: Sendable {
    /// The API's address, as ``Endpoint`` writes it.
    let api: String
    let token: String

    /// `latchkey/login.json` where programs keep their settings (XDG Base Directory), or where `LATCHKEY_LOGIN_FILE`
    /// says.
    static var file: String {
        let environment = ProcessInfo.processInfo.environment
        if let file = environment["LATCHKEY_LOGIN_FILE"], !file.isEmpty { return file }
        let home = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        return (home ?? NSHomeDirectory() + "/.config") + "/latchkey/login.json"
    }

    /// `nil` when nobody has logged in.
    ///
    /// - Throws: when others can read the file: then its token is no secret any longer.
    static func read() throws -> StoredLogin? {
        guard let mode = FileMode.of(file) else { return nil }
        guard mode & 0o077 == 0 else {
            throw CommandFailure(
                "others can read \(file), which holds your token",
                hint: "run `chmod 600 \(file)`; if somebody else may have read it, `latchkey logout` and log in again")
        }
        guard let text = FileManager.default.contents(atPath: file),
            let value = try? JSONParser.value(of: Array(text)), let api = value["api"]?.text,
            let token = value["token"]?.text
        else { throw CommandFailure("\(file) cannot be read", hint: "remove it and run `latchkey login` again") }
        return StoredLogin(api: api, token: token)
    }

    func write() throws {
        let directory = URL(fileURLWithPath: Self.file).deletingLastPathComponent().path
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            let value = JSONValue.object([JSONMember("api", .string(api)), JSONMember("token", .string(token))])
            try AtomicFile.write(Array((value.compact + "\n").utf8), to: Self.file, replacing: true)
        } catch {
            throw CommandFailure("\(Self.file) cannot be written: \(error)")
        }
    }

    static func forget() throws {
        guard FileMode.of(file) != nil else { return }
        do {
            try FileManager.default.removeItem(atPath: file)
        } catch {
            throw CommandFailure("\(file) cannot be removed: \(error)")
        }
    }
}
