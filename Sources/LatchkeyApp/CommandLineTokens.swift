public import LatchkeyCore
import LatchkeyStore

/// Personal tokens for command-line clients, named after the computer that they are for.
extension App {
    private static let namelessHost = "command line"
    /// More computers of one name have somebody other than a person behind them.
    private static let mostOfOneName = 100

    /// The name that the next token for this computer would have: its own, or with a number behind it.
    public func commandLineTokenName(for host: String, as caller: Caller) async throws(Refusal) -> String {
        try caller.require(.manageOwnTokens)
        guard let user = caller.userID else { throw .unauthenticated(credentialSent: false) }
        let name = host.trimmed.isEmpty ? Self.namelessHost : host.trimmed
        let most = Self.mostOfOneName
        return try await store.read { db throws(Refusal) in
            if try db.liveToken(owner: user, name: name) == nil { return name }
            for number in 2...most {
                let numbered = "\(name) (\(number))"
                if try db.liveToken(owner: user, name: numbered) == nil { return numbered }
            }
            throw .conflict("You have \(most) tokens for this computer. Delete those that you do not need.")
        }
    }

    /// How long such a token works, in words.
    public var commandLineTokenLifetime: String {
        policy.usualDays == 1 ? "1 day" : "\(policy.usualDays) days"
    }

    public func issueCommandLineToken(for host: String, as caller: Caller) async throws(Refusal) -> IssuedToken {
        let name = try await commandLineTokenName(for: host, as: caller)
        return try await issueToken(NewToken(name: name, lifetime: .usual), as: caller)
    }
}
