import LatchkeyApp
import LatchkeyCore

/// `/api/cli/authorize`: hands a personal token to a command-line client that waits on this computer, by way of the
/// browser in which its owner is signed in.
///
/// The token goes to a loopback address alone (RFC 8252 §7.3), where nobody but a program of this computer can listen.
struct CommandLinePages: Sendable {
    let app: App
    let rootPath: String

    private var path: String { rootPath + "/cli/authorize" }

    var endpoints: [PageEndpoint] {
        [.get(path, .signedIn, ask), .post(path, .signedIn, decide).refilled]
    }

    @Sendable
    private func ask(_ visit: Visit) async throws -> PageReply {
        let request = try HandOver(visit.refill ?? visit.query)
        let name = try await app.commandLineTokenName(for: request.hostname, as: visit.caller)
        let view = ConsentView(
            action: path, redirectURI: request.redirectURI, state: request.state, hostname: request.hostname,
            tokenName: name, name: visit.person?.name ?? "", role: visit.person?.role.rawValue ?? "",
            lifetime: app.commandLineTokenLifetime)
        return .page("Give a program a token", "command-line/consent", view, isBare: true)
            .leading(to: request.origin)
    }

    @Sendable
    private func decide(_ visit: Visit) async throws -> PageReply {
        let request = try HandOver(visit.form)
        guard visit.form.text("decision") == "allow" else {
            return .redirect(to: request.address(with: "error", "access_denied"))
        }
        let issued = try await app.issueCommandLineToken(for: request.hostname, as: visit.caller)
        return .redirect(to: request.address(with: "token", issued.secret.reveal()))
    }
}

/// What a command-line client asks for, checked.
struct HandOver: Sendable {
    let redirectURI: String
    /// Where it waits, for the page's policy.
    let origin: String
    let state: String
    let hostname: String

    init(_ fields: FormFields) throws(Refusal) {
        redirectURI = fields.text("redirect_uri")
        guard let address = WebAddress(redirectURI), !address.isEncrypted,
            ["127.0.0.1", "localhost"].contains(address.host)
        else {
            throw .badRequest(
                "A token is handed over on this computer alone: redirect_uri must begin with http://127.0.0.1 or "
                    + "http://localhost. Begin again in the terminal.")
        }
        origin = "http://\(address.host)" + (address.port.map { ":\($0)" } ?? "")
        state = fields.text("state")
        guard (8...512).contains(state.utf8.count), state.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .badRequest("The program sent no state that is fit for use. Begin again in the terminal.")
        }
        hostname = String(fields.text("hostname").trimmed.prefix(64))
    }

    /// Where the browser goes with the answer.
    func address(with name: String, _ value: String) -> String {
        let pairs = FormEncoding.text([(name, value), ("state", state)])
        return redirectURI + (redirectURI.contains("?") ? "&" : "?") + pairs
    }
}

private struct ConsentView: View {
    let action: String
    let redirectURI: String
    let state: String
    let hostname: String
    let tokenName: String
    let name: String
    let role: String
    let lifetime: String
}
