import LatchkeyCore

/// Which environment variables are ours.
enum EnvironmentNames {
    /// Read by commands, for the key file, or by clients as the documents and examples set them up: not settings of the
    /// server, and no reason for it not to start.
    private static let others = [
        "LATCHKEY_URL", "LATCHKEY_TOKEN", "LATCHKEY_TOKEN_FILE", "LATCHKEY_KEYS", "LATCHKEY_TEST_POSTGRES",
        "LATCHKEY_CONFIG", "LATCHKEY_LOGIN_FILE", "LATCHKEY_USER", "LATCHKEY_ACCESS_TOKEN",
    ]

    /// The variables that begin with `LATCHKEY_`, less those that Kubernetes makes for a Service named `latchkey`
    /// (`LATCHKEY_PORT=tcp://…`, `LATCHKEY_SERVICE_HOST`, `LATCHKEY_PORT_8080_TCP_ADDR`…): nobody asked for them.
    static func settings(in environment: [String: String]) -> [String: String] {
        environment.filter { name, value in
            name.hasPrefix("LATCHKEY_") && !others.contains(name)
                && name.wholeMatch(of: /LATCHKEY_SERVICE_(HOST|PORT.*)|LATCHKEY_PORT_[0-9]+_(TCP|UDP).*/) == nil
                && !(name == Setting.port.variable && value.contains("://"))
        }
    }

    static func check(_ variables: [String: String]) throws {
        let names = Setting.all.map(\.variable)
        for name in variables.keys.sorted() where !names.contains(name) {
            let nearest = NearestName.of(name, among: names + others)
            throw CommandFailure.usage(
                "there is no setting for the environment variable \(name.visible())",
                hint: nearest.map { "did you mean \($0)?" } ?? "latchkey serve --print-config lists every setting")
        }
    }
}
