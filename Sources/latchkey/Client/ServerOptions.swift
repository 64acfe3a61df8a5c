import ArgumentParser
import Foundation
import LatchkeyCore

/// Which server to ask, as whom, and how to show the answer: what every command over HTTP takes.
struct ServerOptions: ParsableArguments {
    static let usualURL = "http://127.0.0.1:8080"

    @Option(help: "The address of the server. (default: LATCHKEY_URL, that of `login`, or \(Self.usualURL))")
    var url: String?
    @Option(help: "A file that holds the token, and nothing else.", completion: .file())
    var tokenFile: String?
    @Option(help: "The token itself. Better not: other users of this machine can read it in the list of processes.")
    var token: String?
    @OptionGroup
    var authorities: AuthorityOptions
    @OptionGroup
    var show: OutputOptions

    /// The last resort is where somebody has logged in to.
    var address: String { url ?? Self.usualAddress }

    static var usualAddress: String {
        let given = ProcessInfo.processInfo.environment["LATCHKEY_URL"]
        return given ?? (try? StoredLogin.read())?.api ?? usualURL
    }

    /// Runs `body` with a client that is shut down afterwards.
    func withClient<Result>(_ body: (Client) async throws -> Result) async throws -> Result {
        let endpoint = try Endpoint(address)
        return try await Client.with(endpoint, token: try givenToken(), trusting: authorities, body)
    }

    /// From the flag, the file, `LATCHKEY_TOKEN`, `LATCHKEY_TOKEN_FILE`, `latchkey login`, or somebody at a terminal,
    /// in this order.
    func givenToken() throws -> String {
        if let token = try storedToken() { return token }
        guard let typed = Terminal.askSecretly("Token: "), !typed.isEmpty else {
            throw CommandFailure(
                "no token was given", hint: "run `latchkey login`, set LATCHKEY_TOKEN, or give --token-file FILE")
        }
        return typed
    }

    /// The token that needs nobody to ask.
    func storedToken() throws -> String? {
        let environment = ProcessInfo.processInfo.environment
        if let token {
            Terminal.warn("a token in an argument can be read by others; use LATCHKEY_TOKEN or --token-file")
            return token
        }
        if let tokenFile { return try Self.read(tokenFile) }
        if let token = environment["LATCHKEY_TOKEN"], !token.isEmpty { return token.trimmed }
        if let file = environment["LATCHKEY_TOKEN_FILE"], !file.isEmpty { return try Self.read(file) }
        // A token goes to the server that it was got from, and to no other.
        guard let login = try StoredLogin.read(), login.api == (try? Endpoint(address))?.api else { return nil }
        return login.token
    }

    private static func read(_ file: String) throws -> String { try secret(in: file, called: "token") }

    /// The one secret that a file holds.
    static func secret(in file: String, called noun: String) throws -> String {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw CommandFailure("the \(noun) file \(file) cannot be read")
        }
        let secret = text.trimmed
        guard !secret.isEmpty, !secret.contains(where: \.isWhitespace) else {
            throw CommandFailure("the \(noun) file \(file) does not hold one \(noun) and nothing else")
        }
        return secret
    }
}

/// Where the API of a server is.
struct Endpoint: Sendable {
    /// With the root path, without a slash at the end.
    let api: String
    let host: String
    let isEncrypted: Bool

    /// An address without a path means the usual root path; one with a path is taken at its word.
    init(_ text: String) throws {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme, ["http", "https"].contains(scheme),
            let host = parts.host, !host.isEmpty, parts.query == nil, parts.fragment == nil
        else {
            throw CommandFailure.usage(
                "\(text.visible()) is not the address of a server", hint: "it looks like \(ServerOptions.usualURL)")
        }
        let trimmed = String(text.reversed().drop { $0 == "/" }.reversed())
        api = parts.path.allSatisfy { $0 == "/" } ? trimmed + "/api" : trimmed
        self.host = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        isEncrypted = scheme == "https"
    }

    var isLocal: Bool { Settings.isLoopback(host) }
}
