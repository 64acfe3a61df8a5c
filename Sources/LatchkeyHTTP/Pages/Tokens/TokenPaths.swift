import LatchkeyCore

extension RevocationReason {
    /// As readers and forms say it.
    var words: String {
        switch self {
        case .unspecified: "No particular reason"
        case .compromised: "Compromised: it may be in wrong hands"
        case .superseded: "Superseded: another token has replaced it"
        case .cessation: "Cessation: it is no longer needed"
        case .affiliationChanged: "Affiliation changed: its user has left or moved"
        }
    }
}

extension Token {
    /// Whether an Admin or its owner could restore it now, as far as the token itself says.
    func isRestorable(at now: Timestamp) -> Bool {
        let isOver = expiresAt.map { $0 <= now } ?? false
        return standing(at: now) == .revoked && !isOver && revocation?.reason != .compromised
    }

    /// Where it is listed.
    var listPath: String { type == .service ? TokenPaths.service : TokenPaths.personal }
    var path: String { TokenPaths.page(id) }
}

/// Where the pages of tokens are.
enum TokenPaths {
    static let personal = "/settings/tokens"
    static let service = "/settings/tokens/service"
    static let many = "/settings/tokens/many"
    static let new = "/settings/tokens/new"

    static func page(_ id: ID<Token>) -> String { "\(personal)/\(id)" }
}
