import ArgumentParser
import Foundation
import LatchkeyApp
import LatchkeyCore

/// `latchkey login`.
struct Login: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Get a token of your own through the browser, for commands that follow.",
        discussion: """
            Opens the server's page in a browser on this computer, where you sign in and say yes once. The token is \
            kept in a file that only you can read, and commands use it for that server when no other is given.

            Example:
              latchkey login --url https://latchkey.example.com
              latchkey whoami
            """)

    @Option(help: "The address of the server. (default: LATCHKEY_URL, or \(ServerOptions.usualURL))")
    var url: String?
    @Option(help: "How many seconds to wait for the browser.")
    var timeout = 120
    @Flag(inversion: .prefixedNo, help: "Open the browser; otherwise only the address is shown.")
    var browser = true
    @OptionGroup var authorities: AuthorityOptions

    func run() async throws {
        let endpoint = try Endpoint(url ?? ServerOptions.usualAddress)
        guard (1...3600).contains(timeout) else { throw CommandFailure.usage("--timeout must be 1 to 3600 seconds") }
        let state = Ambient.live.randomBytes(32).map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined()
        let loopback = try await Loopback(state: state)
        let query = FormEncoding.text([
            ("redirect_uri", loopback.address), ("state", state), ("hostname", Self.hostname),
        ])
        let address = "\(endpoint.api)/cli/authorize?\(query)"
        Terminal.tellAlways("Go on in the browser. If it does not open, visit:\n  \(address)")
        if browser { Browser.open(address) }
        let token = try await loopback.token(within: .seconds(timeout))
        let login = StoredLogin(api: endpoint.api, token: token)
        let me = try await Client.with(endpoint, token: token, trusting: authorities) { client in
            try await client.get("/users/me")
        }
        try login.write()
        Terminal.tellAlways("Logged in as \(me["user_id"]?.text ?? "?"), until you run `latchkey logout`.")
    }

    /// The computer's name, without the domain that a network gave it.
    private static var hostname: String {
        let name = ProcessInfo.processInfo.hostName
        return name.hasSuffix(".local") ? String(name.dropLast(6)) : name
    }
}

/// `latchkey logout`.
struct Logout: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Revoke the token that `latchkey login` got, and forget it.",
        discussion: "Example:\n  latchkey logout")

    @OptionGroup var authorities: AuthorityOptions

    func run() async throws {
        guard let login = try StoredLogin.read() else { throw CommandFailure("nobody is logged in") }
        do {
            try await revoke(login)
        } catch {
            try StoredLogin.forget()
            let reason = CommandFailure(of: error)?.message ?? "\(error)"
            throw CommandFailure(
                "the token is forgotten here, but it could not be revoked: \(reason)",
                hint: "revoke it in the console, under Tokens, if the server still knows it")
        }
        try StoredLogin.forget()
        Terminal.tellAlways("Logged out.")
    }

    private func revoke(_ login: StoredLogin) async throws {
        try await Client.with(try Endpoint(login.api), token: login.token, trusting: authorities) { client in
            guard let id = try await client.get("/users/me").at("token.id")?.integer else { return }
            _ = try await client.send(
                "PUT", "/user-tokens/\(id)", body: .object([JSONMember("revoke", .bool(true))]))
        }
    }
}

/// The browser of whoever sits at this computer.
enum Browser {
    /// Does nothing where there is no screen; the address is shown in any case.
    static func open(_ address: String) {
        let environment = ProcessInfo.processInfo.environment
        let wanted = environment["BROWSER"].flatMap { $0.isEmpty ? nil : $0 }
        #if os(Linux)
            guard wanted != nil || environment["DISPLAY"] != nil || environment["WAYLAND_DISPLAY"] != nil else {
                return
            }
            let program = wanted ?? "xdg-open"
        #else
            let program = wanted ?? "open"
        #endif
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program, address]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try? process.run()
    }
}
