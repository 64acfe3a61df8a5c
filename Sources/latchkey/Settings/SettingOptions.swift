import ArgumentParser

/// The settings of the server as flags. They are all texts here: one reader checks flags, variables and files alike.
struct SettingOptions: ParsableArguments {
    @Option(help: "The address to listen on. (default: 127.0.0.1)")
    var host: String?
    @Option(help: "The port to listen on. (default: 8080)")
    var port: String?
    @OptionGroup
    var storage: StorageOptions
    @Option(help: "What the outside calls this server; the issuer of every token.")
    var publicURL: String?
    @Option(help: "The path of the API. (default: /api)")
    var rootPath: String?
    @Option(help: "The e-mail address that service users show.")
    var serviceEmail: String?
    @Flag(inversion: .prefixedNo, help: "A proxy in front speaks TLS; --trusted-proxies says which.")
    var behindProxy: Bool?
    @Option(help: "Addresses or CIDR blocks whose X-Forwarded-For is believed, commas between them.")
    var trustedProxies: String?
    @Option(help: "The loopback port of /metrics; 0 turns it off. (default: 9464)")
    var metricsPort: String?
    @Option(help: "trace, debug, info, notice, warning, error or critical. (default: info)")
    var logLevel: String?
    @Option(help: "human, json, or auto: human on a terminal. (default: auto)")
    var logFormat: String?
    @Option(help: "The longest life of a token. (default: 365)")
    var tokenLongestLifeDays: String?
    @Flag(inversion: .prefixedNo, help: "Tokens may be made that never expire. (default: yes)")
    var tokenNeverAllowed: Bool?
    @Option(help: "The life of a token when none is asked for. (default: 90)")
    var tokenDefaultLifeDays: String?
    @Option(help: "The life of an access token when none is asked for, 5 to 60 minutes. (default: 10)")
    var tokenAccessLifeMinutes: String?
    @Option(help: "How long a rotated token works after its successor's first use. (default: 5m)")
    var rotationGrace: String?
    @Option(help: "How long a retired token must go unused to count as watched. (default: 7d)")
    var rotationWatch: String?
    @Flag(
        inversion: .prefixedNo,
        help: "Identity providers and trusted issuers may be on a private network, and speak plain HTTP.")
    var fetchAllowPrivate: Bool?
    @Flag(inversion: .prefixedNo, help: "The roles that a directory sends set roles here. (default: no)")
    var scimRoles: Bool?
    @Option(help: "A YAML file of who may do what behind gateways. (default: built in)", completion: .file())
    var policyFile: String?
    @Option(help: "In which fields gateways tell of a request: nginx, forwarded or self. (default: nginx)")
    var gatewayHeaders: String?
    @Option(help: "Calls of one token in a span, such as 600/1m. (default: off)")
    var limitToken: String?
    @Option(help: "Calls from one client address in a span. (default: off)")
    var limitAddress: String?
    @Option(help: "Credentials that do not work from one client address in a span. (default: 1000/10s)")
    var limitRefused: String?
    @Option(help: "A PEM file with the certificate chain.", completion: .file())
    var tlsCertificate: String?
    @Option(help: "A PEM file with the private key.", completion: .file())
    var tlsKey: String?

    func sources(environment: [String: String]) async throws -> SettingSources {
        try await storage.sources(with: given, environment: environment)
    }

    private var given: [String: String] {
        let texts: [(Setting, String?)] = [
            (.host, host), (.port, port), (.publicURL, publicURL), (.rootPath, rootPath),
            (.serviceEmail, serviceEmail), (.behindProxy, behindProxy.map(String.init)),
            (.trustedProxies, trustedProxies), (.metricsPort, metricsPort), (.logLevel, logLevel),
            (.logFormat, logFormat), (.longestLife, tokenLongestLifeDays),
            (.neverAllowed, tokenNeverAllowed.map(String.init)), (.defaultLife, tokenDefaultLifeDays),
            (.accessLife, tokenAccessLifeMinutes), (.rotationGrace, rotationGrace), (.rotationWatch, rotationWatch),
            (.fetchPrivate, fetchAllowPrivate.map(String.init)), (.scimRoles, scimRoles.map(String.init)),
            (.limitToken, limitToken), (.limitAddress, limitAddress), (.limitRefused, limitRefused),
            (.certificate, tlsCertificate), (.privateKey, tlsKey), (.policyFile, policyFile),
            (.gatewayHeaders, gatewayHeaders),
        ]
        return Dictionary(uniqueKeysWithValues: texts.compactMap { setting, text in text.map { (setting.key, $0) } })
    }
}

/// Where the data is: what commands that work without a server need, and the server too.
struct StorageOptions: ParsableArguments {
    @Option(help: "A YAML or JSON file of settings. (default: LATCHKEY_CONFIG)", completion: .file())
    var config: String?
    @Option(help: "The directory of the embedded database, keys and lock. (default: var)", completion: .directory)
    var dataDir: String?
    @Option(help: "A postgres:// URL, in place of the embedded database.")
    var database: String?
    @Option(
        help: "The file of signing and digest keys. (default: keys.json in the data directory)", completion: .file())
    var keyFile: String?

    /// These and other flags, over the variables and the file.
    func sources(with flags: [String: String] = [:], environment: [String: String]) async throws -> SettingSources {
        let texts: [(Setting, String?)] = [(.dataDirectory, dataDir), (.database, database), (.keyFile, keyFile)]
        let given = texts.compactMap { setting, text in text.map { (setting.key, $0) } }
        return try await SettingSources(
            flags: flags.merging(given) { first, _ in first }, environment: environment,
            file: config ?? environment["LATCHKEY_CONFIG"])
    }
}
