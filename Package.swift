// swift-tools-version: 6.2
import PackageDescription

/// Every target is built alike: the walls of the house hold only where imports are exact.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

// Why each package is here: docs/decisions/0009-dependencies.md.
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let hummingbirdHTTP2 = Target.Dependency.product(name: "HummingbirdHTTP2", package: "hummingbird")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let hummingbirdTesting = Target.Dependency.product(name: "HummingbirdTesting", package: "hummingbird")

let package = Package(
    name: "latchkey",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "latchkey", targets: ["latchkey"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache.git", from: "2.1.1"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(
            url: "https://github.com/apple/swift-configuration.git", from: "1.4.0",
            traits: [.defaults, "YAML"]),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(name: "CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(name: "LatchkeyCore", dependencies: [crypto, cryptoExtras], swiftSettings: strict),
        .target(
            name: "LatchkeyStore",
            dependencies: [
                "LatchkeyCore", "CLibpq", nioPosix, logging, .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict),
        .target(
            name: "LatchkeyApp",
            dependencies: ["LatchkeyCore", "LatchkeyStore", crypto, cryptoExtras, logging, "Yams"],
            resources: [.embedInCode("Policy/data-platform.yaml")], swiftSettings: strict),
        .target(name: "LatchkeyAPI", swiftSettings: strict),
        .target(
            name: "LatchkeyHTTP",
            dependencies: [
                "LatchkeyCore", "LatchkeyApp", "LatchkeyAPI", hummingbird, mustache, httpTypes, nioCore, nioHTTP1,
                logging,
            ],
            exclude: ["Pages/Templates", "Pages/Assets"], swiftSettings: strict, plugins: ["EmbedFiles"]),
        .plugin(name: "EmbedFiles", capability: .buildTool(), dependencies: ["embed-files"]),
        .executableTarget(name: "embed-files", path: "Plugins/EmbedFilesTool", swiftSettings: strict),
        .executableTarget(
            name: "latchkey",
            dependencies: [
                "LatchkeyCore", "LatchkeyStore", "LatchkeyApp", "LatchkeyAPI", "LatchkeyHTTP", hummingbird,
                hummingbirdHTTP2, nioCore, nioPosix, nioHTTP1, nioSSL, httpTypes, httpClient,
                lifecycle, unixSignals, logging, "Yams",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "offline-verifier", dependencies: [crypto], path: "examples/offline-verifier/Swift",
            swiftSettings: strict),
        .target(
            name: "LatchkeyTestSupport", dependencies: ["LatchkeyCore", "LatchkeyStore", logging],
            swiftSettings: strict),
        .testTarget(name: "HouseRules", swiftSettings: strict),
        .testTarget(
            name: "LatchkeyCoreTests", dependencies: ["LatchkeyCore", "LatchkeyTestSupport", crypto],
            swiftSettings: strict),
        .testTarget(
            name: "LatchkeyStoreTests",
            dependencies: ["LatchkeyCore", "LatchkeyStore", "LatchkeyTestSupport", nioPosix],
            swiftSettings: strict),
        .testTarget(
            name: "LatchkeyAppTests",
            dependencies: [
                "LatchkeyCore", "LatchkeyStore", "LatchkeyApp", "LatchkeyTestSupport", crypto, cryptoExtras,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "LatchkeyHTTPTests",
            dependencies: [
                "LatchkeyCore", "LatchkeyApp", "LatchkeyAPI", "LatchkeyHTTP", "LatchkeyTestSupport", hummingbird,
                httpTypes, nioCore, nioPosix, nioHTTP1, nioEmbedded, logging, lifecycle, hummingbirdTesting,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "CommandTests",
            dependencies: ["latchkey", "LatchkeyCore", "LatchkeyApp", nioCore, nioPosix, logging, "Yams"],
            exclude: ["Scripts"], swiftSettings: strict),
        .executableTarget(
            name: "latchkey-bench",
            dependencies: [
                "LatchkeyCore", "LatchkeyStore", "LatchkeyApp", hummingbird, nioCore, nioPosix, httpTypes, logging,
                nioHTTP1, httpClient,
            ],
            path: "Benchmarks", swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
