import LatchkeyApp
import LatchkeyCore
import LatchkeyHTTP
import Logging

/// What the server was told, checked and typed.
struct Settings: Sendable {
    let host: String
    let port: Int
    let dataDirectory: String
    /// A PostgreSQL URL; `nil` for the embedded database in the data directory.
    let database: String?
    let publicURL: String
    /// Or else it was guessed from host and port.
    let isPublicURLGiven: Bool
    let rootPath: String
    let serviceEmail: String
    let behindProxy: Bool
    let trustedProxies: [AddressBlock]
    /// On the loopback address; `nil` when turned off.
    let metricsPort: Int?
    let logLevel: Logger.Level
    let logFormat: LogFormat
    let tokens: TokenSettings
    let rotation: RotationSettings
    /// Whether other servers that are asked may be on a private network, and speak plain HTTP.
    let fetchesPrivately: Bool
    /// Whether the roles that a directory sends set roles here.
    let scimRoles: Bool
    let limits: LimitSettings
    let keyFile: String
    let certificates: CertificateFiles?
    /// `nil` for the policy that is built in.
    let policyFile: String?
    let gatewayDialect: GatewayDialect
}

struct TokenSettings: Sendable {
    let longestLifeDays: Int
    let neverAllowed: Bool
    let defaultLifeDays: Int
    let accessLifeMinutes: Int
}

struct RotationSettings: Sendable {
    /// How long the old token goes on working after its successor was first used.
    let grace: Duration
    /// How long a retired token has to go unused to count as watched; a use begins it anew.
    let watch: Duration
}

/// PEM files for TLS.
struct CertificateFiles: Sendable {
    let certificate: String
    let privateKey: String
}

extension Settings {
    init(_ sources: SettingSources) throws {
        let read = SettingReader(sources: sources)
        let directory = try read.text(.dataDirectory)
        host = try read.text(.host)
        port = try read.number(.port, within: 0...65535)
        dataDirectory = directory
        database = try read.database()
        publicURL = try read.publicURL(host: host, port: port)
        isPublicURLGiven = try read.optional(.publicURL) != nil
        rootPath = try read.rootPath()
        serviceEmail = try read.email(.serviceEmail)
        behindProxy = try read.flag(.behindProxy)
        trustedProxies = try read.blocks(.trustedProxies)
        let metrics = try read.number(.metricsPort, within: 0...65535)
        metricsPort = metrics == 0 ? nil : metrics
        logLevel = try read.choice(.logLevel, of: Logger.Level.allCases)
        logFormat = try read.choice(.logFormat, of: LogFormat.allCases)
        tokens = try read.tokens()
        rotation = RotationSettings(grace: try read.span(.rotationGrace), watch: try read.span(.rotationWatch))
        fetchesPrivately = try read.flag(.fetchPrivate)
        scimRoles = try read.flag(.scimRoles)
        limits = LimitSettings(
            token: try read.quota(.limitToken), address: try read.quota(.limitAddress),
            refused: try read.quota(.limitRefused))
        keyFile = try read.optional(.keyFile) ?? directory + "/keys.json"
        certificates = try read.certificates()
        policyFile = try read.optional(.policyFile)
        gatewayDialect = try read.choice(.gatewayHeaders, of: GatewayDialect.allCases)
    }

    /// Tokens cross the wire in every request, so plain HTTP is for this machine alone, or for a proxy
    /// that speaks TLS in front of it.
    func checkExposure() throws {
        try checkProxies()
        guard certificates == nil, !behindProxy, !Self.isLoopback(host) else { return }
        throw CommandFailure(
            "refusing to listen on \(host) without TLS: tokens would cross the network in the clear",
            hint: "give --tls-certificate and --tls-key, or --behind-proxy and --trusted-proxies if a proxy in front "
                + "speaks TLS, or --host 127.0.0.1")
    }

    /// Behind a proxy that is not named everybody has the proxy's address, and what counts by address falls on all: a
    /// stranger who tries passwords would keep everybody from signing in.
    private func checkProxies() throws {
        guard behindProxy, trustedProxies.isEmpty else { return }
        throw CommandFailure(
            "refusing to serve behind a proxy that is not named: every client would seem to be the proxy, and one who "
                + "tries passwords would lock all others out",
            hint: "give --trusted-proxies with the proxy's address as seen from here, such as 127.0.0.1")
    }

    /// The world comes by TLS, which is not spoken here, so that something must stand in front that nobody named.
    var hasUnnamedProxy: Bool { certificates == nil && publicURL.hasPrefix("https://") && trustedProxies.isEmpty }

    /// Whether browsers come over TLS, as far as we were told.
    var isSecure: Bool {
        if certificates != nil { return true }
        return isPublicURLGiven ? publicURL.hasPrefix("https://") : behindProxy
    }

    static func isLoopback(_ host: String) -> Bool {
        if host.lowercased() == "localhost" { return true }
        guard let address = Address(host) else { return false }
        return loopback.contains { $0.contains(address) }
    }

    private static let loopback = [AddressBlock("127.0.0.0/8"), AddressBlock("::1")].compactMap { $0 }
}
