public import LatchkeyCore

/// What the doors are told at the start.
public struct HTTPSettings: Sendable {
    /// Where the API begins; with a slash in front and none behind.
    public var rootPath: String
    /// Proxies whose word on the client's address counts.
    public var trustedProxies: [AddressBlock]
    public var version: String
    /// Whether browsers reach the console over TLS: then cookies are for TLS alone.
    public var isSecure: Bool
    public var gatewayDialect: GatewayDialect

    public init(
        rootPath: String = "/api", trustedProxies: [AddressBlock] = [], version: String = "0.0.0",
        isSecure: Bool = false, gatewayDialect: GatewayDialect = .nginx
    ) {
        let names = rootPath.split(separator: "/")
        self.rootPath = names.map { "/" + $0 }.joined()
        self.trustedProxies = trustedProxies
        self.version = version
        self.isSecure = isSecure
        self.gatewayDialect = gatewayDialect
    }
}
