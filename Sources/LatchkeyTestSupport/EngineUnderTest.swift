import Foundation
public import LatchkeyCore
public import LatchkeyStore
public import Logging

/// The databases that a test of the store runs on.
///
/// PostgreSQL is among them when `LATCHKEY_TEST_POSTGRES` holds the URL of one; `make test` always sets it.
public enum EngineUnderTest: String, Hashable, Sendable, CaseIterable {
    case sqlite, postgres

    public static let postgresURL = ProcessInfo.processInfo.environment["LATCHKEY_TEST_POSTGRES"]

    public static var available: [EngineUnderTest] {
        postgresURL == nil ? [.sqlite] : allCases
    }

    /// A database that nothing else uses: a file in a directory of its own, or a schema of its own.
    public func freshLocation() -> Store.Location {
        let name = UUID().uuidString.lowercased().replacing("-", with: "_")
        switch self {
        case .sqlite: return .file(TemporaryDirectory.fresh() + "/latchkey.db")
        case .postgres: return .postgres(Self.postgresURL ?? "", schema: "test_\(name)")
        }
    }

    public func freshStore(at now: Timestamp = HandClock.start, logger: Logger = .silent) async throws -> Store {
        try await Store.open(freshLocation(), at: now, logger: logger)
    }
}

extension Logger {
    /// Faults that a test provokes are no news.
    public static var silent: Logger {
        Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    }
}

/// Directories that are gone when the process that ran the tests ends.
public enum TemporaryDirectory {
    private static let root: String = {
        let process = ProcessInfo.processInfo.processIdentifier
        let path = FileManager.default.temporaryDirectory.path + "/latchkey-tests-\(process)"
        atexit { try? FileManager.default.removeItem(atPath: TemporaryDirectory.root) }
        return path
    }()

    public static func fresh() -> String {
        let path = root + "/" + UUID().uuidString.lowercased()
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }
}
