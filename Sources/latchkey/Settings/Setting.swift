import Foundation

/// One setting of the server, by whatever way it is given: a flag, an environment variable or a line of a file.
struct Setting: Sendable {
    /// Dotted, as a file nests it: `token.longest-life-days`.
    let key: String
    /// What holds when nobody says anything; `nil` where that depends on other settings.
    let usual: String?

    init(_ key: String, _ usual: String? = nil) {
        self.key = key
        self.usual = usual
    }

    var flag: String { "--" + key.replacing(".", with: "-") }
    var variable: String { "LATCHKEY_" + key.uppercased().replacing(".", with: "_").replacing("-", with: "_") }
}

extension Setting {
    static let host = Setting("host", "127.0.0.1")
    static let port = Setting("port", "8080")
    static let dataDirectory = Setting("data-dir", "var")
    static let database = Setting("database")
    static let publicURL = Setting("public-url")
    static let rootPath = Setting("root-path", "/api")
    static let serviceEmail = Setting("service-email", "service@example.com")
    static let behindProxy = Setting("behind-proxy", "false")
    static let trustedProxies = Setting("trusted-proxies", "")
    static let metricsPort = Setting("metrics-port", "9464")
    static let logLevel = Setting("log-level", "info")
    static let logFormat = Setting("log-format", "auto")
    static let longestLife = Setting("token.longest-life-days", "365")
    static let neverAllowed = Setting("token.never-allowed", "true")
    static let defaultLife = Setting("token.default-life-days", "90")
    static let accessLife = Setting("token.access-life-minutes", "10")
    static let rotationGrace = Setting("rotation.grace", "5m")
    static let rotationWatch = Setting("rotation.watch", "7d")
    static let fetchPrivate = Setting("fetch.allow-private", "false")
    static let scimRoles = Setting("scim.roles", "false")
    static let limitToken = Setting("limit.token", "off")
    static let limitAddress = Setting("limit.address", "off")
    static let limitRefused = Setting("limit.refused", "1000/10s")
    static let keyFile = Setting("key-file")
    static let certificate = Setting("tls-certificate")
    static let privateKey = Setting("tls-key")
    static let policyFile = Setting("policy-file")
    static let gatewayHeaders = Setting("gateway.headers", "nginx")

    /// Every setting there is, in the order in which `--print-config` shows them.
    static let all = [
        host, port, dataDirectory, database, publicURL, rootPath, serviceEmail, behindProxy, trustedProxies,
        metricsPort, logLevel, logFormat, longestLife, neverAllowed, defaultLife, accessLife, rotationGrace,
        rotationWatch, fetchPrivate, scimRoles, limitToken, limitAddress, limitRefused, keyFile, certificate,
        privateKey, policyFile, gatewayHeaders,
    ]

    /// `text` as it may be shown: a password within a URL is not.
    func masked(_ text: String) -> String {
        guard key == Setting.database.key, let scheme = text.range(of: "://") else { return text }
        let rest = text[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard let at = rest.lastIndex(of: "@"), at >= authority.startIndex else { return maskingQuery(text) }
        let user = rest[..<at].prefix { $0 != ":" }
        return maskingQuery(text[..<scheme.upperBound] + user + ":****" + rest[at...])
    }

    /// libpq takes `?password=…` too.
    private func maskingQuery(_ text: String) -> String {
        text.replacing(/(?<name>[?&](?:password|sslpassword)=)[^&]*/) { "\($0.name)****" }
    }
}
