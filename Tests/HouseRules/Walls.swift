/// Who may import whom. Reading a line left to right is reading one floor of the house; another target, or another
/// import, needs a decision record (docs/decisions/0001-targets-and-walls.md).
enum Walls {
    static let imports: [String: Set<String>] = [
        "CLibpq": [],
        "LatchkeyCore": ["Crypto", "CryptoExtras", "Foundation"],
        "LatchkeyStore": [
            "LatchkeyCore", "GRDB", "GRDBSQLite", "CLibpq", "NIOPosix", "NIOCore", "Logging", "Synchronization",
            "Foundation",
        ],
        "LatchkeyApp": [
            "LatchkeyCore", "LatchkeyStore", "Logging", "Synchronization", "Foundation", "Crypto", "CryptoExtras",
            "Yams",
        ],
        "LatchkeyAPI": ["Foundation"],
        "LatchkeyHTTP": [
            "LatchkeyCore", "LatchkeyApp", "LatchkeyAPI", "Hummingbird", "HummingbirdCore", "HTTPTypes", "NIOCore",
            "NIOHTTP1", "Mustache", "Logging", "Synchronization", "Foundation",
        ],
        "latchkey": program,
        "LatchkeyTestSupport": ["LatchkeyCore", "LatchkeyStore", "Logging", "Foundation", "Synchronization"],
    ]

    /// The one place where everything is put together.
    private static let program: Set<String> = [
        "LatchkeyCore", "LatchkeyStore", "LatchkeyApp", "LatchkeyAPI", "LatchkeyHTTP", "ArgumentParser",
        "AsyncHTTPClient", "Configuration", "ServiceLifecycle", "Hummingbird", "HummingbirdCore", "HummingbirdTLS",
        "HummingbirdHTTP2", "HTTPTypes", "NIOCore", "NIOPosix", "NIOHTTP1", "NIOFoundationCompat", "NIOSSL",
        "UnixSignals",
        "Logging", "Yams", "Crypto", "Synchronization", "Foundation", "Glibc",
    ]
}

extension HouseRule {
    static let walls = HouseRule(
        "a target imports only what its wall lets through",
        against: [
            Example("import Hummingbird", in: "Sources/LatchkeyCore/ID.swift"),
            Example("public import struct GRDB.Row", in: "Sources/LatchkeyHTTP/Router.swift"),
            Example("@preconcurrency package import CLibpq", in: "Sources/LatchkeyApp/App.swift"),
            Example("    @testable import LatchkeyStore", in: "Sources/LatchkeyHTTP/Router.swift"),
            Example("import Foundation", in: "Sources/LatchkeyUtils/Strings.swift"),
        ],
        not: [
            Example("public import Crypto\n// import GRDB would be wrong here"),
            Example("private let text = \"\"\"\n    import Hummingbird\n    \"\"\""),
        ]
    ) { file in
        let allowed = Walls.imports[file.target] ?? []
        let importLine =
            #/
            ^\s* (?:@\w+ (?:\([^)]*\))? \s+)*
            (?:(?:public|package|internal|private|fileprivate) \s+)? import \s+
            (?:(?:struct|class|enum|protocol|func|var|let|typealias) \s+)? (?<module>\w+)
            /#
        return file.code.indices.compactMap { index in
            guard file.code[index].contains("import "), let match = file.code[index].firstMatch(of: importLine),
                !allowed.contains(String(match.module))
            else { return nil }
            return file.finding(index, "\(file.target) may not import \(match.module)")
        }
    }
}
