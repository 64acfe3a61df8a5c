import Foundation
import LatchkeyCore
import LatchkeyStore
import Logging

/// A data directory as a long-lived instance has one, filled past the API: the program makes instance and Admin, then
/// rows go in by the thousand.
struct FilledInstance {
    let directory: String
    let adminToken: String
    /// Tokens that work, one a line.
    let tokensFile: String
    let serviceUser: Int64

    private static let rowsInWrite = 2000

    static func make(_ options: Options, tokens: Int, accounts: Int) async throws -> FilledInstance {
        let (directory, admin) = try bootstrap(nil)
        var logger = Logger(label: "bench")
        logger.logLevel = .error
        let store = try await Store.open(.file(directory + "/latchkey.db"), at: Crowd.start, logger: logger)
        let users = try await fill(store, accounts: accounts)
        let file = directory + "/tokens.txt"
        try await fill(store, try keys(directory), options, users: users, tokens: tokens, file: file)
        await store.close()
        return FilledInstance(
            directory: directory, adminToken: admin, tokensFile: file, serviceUser: users[0].value)
    }

    /// Makes a directory with an Admin.
    ///
    /// - Returns: where, and the Admin's token.
    static func bootstrap(_ wanted: String?) throws -> (directory: String, adminToken: String) {
        let directory = wanted ?? NSTemporaryDirectory() + "latchkey-bench-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let made = try Child("latchkey", ["admin", "bootstrap", "--email", "ada@example.com", "--data-dir", directory])
        struct Made: Decodable {
            let bearer_token: String
        }
        let admin = try JSONDecoder().decode(Made.self, from: Data(try made.finish().utf8))
        return (directory, admin.bearer_token)
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: directory)
    }

    static func keys(_ directory: String) throws -> KeyRing {
        let file = try Data(contentsOf: URL(fileURLWithPath: directory + "/keys.json"))
        guard let keys = KeyRing(fileContents: Array(file)) else { throw BenchFailure("keys.json cannot be read") }
        return keys
    }

    private static func decision(_ changes: [Change], _ type: ObjectType) -> Decision {
        Decision(AuditEvent(.create, type, 0, by: Caller(.host), at: Crowd.start), changes)
    }

    private static func fill(_ store: Store, accounts: Int) async throws -> [ID<User>] {
        var users: [ID<User>] = []
        for first in stride(from: 0, to: accounts, by: rowsInWrite) {
            let count = min(rowsInWrite, accounts - first)
            users += try await store.write { db throws(Refusal) in
                var ids: [ID<User>] = []
                for _ in 0..<count { ids.append(try db.nextID()) }
                try db.apply(decision(ids.map { .insertUser(Crowd.user($0)) }, .user))
                return ids
            }
        }
        return users
    }

    private static func fill(
        _ store: Store, _ keys: KeyRing, _ options: Options, users: [ID<User>], tokens: Int, file: String
    ) async throws {
        var texts: [String] = []
        for first in stride(from: 0, to: tokens, by: rowsInWrite) {
            let count = min(rowsInWrite, tokens - first)
            let ids = try await store.write { db throws(Refusal) in try db.reserveIDs(count) }
            var changes: [Change] = []
            for id in ids {
                let owner = users[Int(id) % users.count]
                let isSigned = texts.count < options.presented
                let (token, text) = try Crowd.token(id, owner: owner, keys: keys, isSigned: isSigned)
                changes.append(.insertToken(token))
                if let text { texts.append(text) }
            }
            let filled = decision(changes, .token)
            try await store.write { db throws(Refusal) -> Void in try db.apply(filled) }
        }
        try texts.joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
    }
}
