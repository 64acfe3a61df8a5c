/// What is said once, on the page after a change. A closed list: a cookie can choose among these words, and bring none.
enum Flash: Hashable, Sendable {
    case said(Saying)
    /// How many tokens were revoked.
    case tokensRevoked(Int)
    /// In how many browsers somebody was signed out.
    case sessionsEnded(Int)
    /// What became of tokens that were chosen together, and of how many.
    case tokensChanged(Deed, Int)

    enum Deed: String, Hashable, Sendable, CaseIterable {
        case revoked, restored, deleted
    }

    enum Saying: String, Hashable, Sendable, CaseIterable {
        case signedOut = "signed-out"
        case welcome
        case passwordChanged = "password-changed"
        case sessionEnded = "session-ended"
        case secondFactorRemoved = "second-factor-removed"
        case userCreated = "user-created"
        case userUpdated = "user-updated"
        case userUnchanged = "user-unchanged"
        case userDeactivated = "user-deactivated"
        case userRestored = "user-restored"
        case tokenRevoked = "token-revoked"
        case tokenRestored = "token-restored"
        case tokenDeleted = "token-deleted"
        case tokenUpdated = "token-updated"
        case noTokenChosen = "no-token-chosen"
        case teamCreated = "team-created"
        case teamUpdated = "team-updated"
        case teamDeleted = "team-deleted"
        case providerCreated = "provider-created"
        case providerUpdated = "provider-updated"
        case providerTurnedOff = "provider-turned-off"
        case providerTurnedOn = "provider-turned-on"
        case providerDeleted = "provider-deleted"
        case identityConnected = "identity-connected"
        case identityDisconnected = "identity-disconnected"
        case invitationWithdrawn = "invitation-withdrawn"
        case secondFactorRequired = "second-factor-required"
        case secondFactorOptional = "second-factor-optional"
        case secondFactorReset = "second-factor-reset"
        case directoryReleased = "directory-released"
        case trustEstablished = "trust-established"

        var text: String {
            switch self {
            case .signedOut: "You are signed out"
            case .welcome: "Welcome to Latchkey"
            case .passwordChanged: "Your password is changed"
            case .sessionEnded: "The session has ended"
            case .secondFactorRemoved: "Your second factor is removed"
            case .userCreated: "The User has been successfully created"
            case .userUpdated: "The User has been successfully updated"
            case .userUnchanged: "Nothing was changed"
            case .userDeactivated: "The User has been successfully deactivated"
            case .userRestored: "The User has been successfully restored"
            case .tokenRevoked: "User token successfully revoked"
            case .tokenRestored: "User token successfully restored"
            case .tokenDeleted: "User token successfully deleted"
            case .tokenUpdated: "User token successfully updated"
            case .noTokenChosen: "Choose at least one token first"
            case .teamCreated: "Team successfully created"
            case .teamUpdated: "Team successfully updated"
            case .teamDeleted: "Team successfully deleted"
            case .providerCreated: "Identity provider successfully set up"
            case .providerUpdated: "Identity provider successfully updated"
            case .providerTurnedOff: "Identity provider turned off: nobody comes in through it"
            case .providerTurnedOn: "Identity provider turned on"
            case .providerDeleted: "Identity provider successfully deleted"
            case .identityConnected: "You can sign in this way from now on"
            case .identityDisconnected: "You can no longer sign in this way"
            case .invitationWithdrawn: "The invitation is withdrawn"
            case .secondFactorRequired: "A second factor is required from now on"
            case .secondFactorOptional: "A second factor is up to each person now"
            case .secondFactorReset: "The second factor is reset"
            case .directoryReleased: "The directory has been released"
            case .trustEstablished: "Issuer successfully trusted"
            }
        }
    }

    /// As the cookie holds it.
    var word: String {
        switch self {
        case .said(let saying): saying.rawValue
        case .tokensRevoked(let count): "tokens-revoked.\(count)"
        case .sessionsEnded(let count): "sessions-ended.\(count)"
        case .tokensChanged(let deed, let count): "\(deed.rawValue).\(count)"
        }
    }

    init?(word: Substring) {
        let parts = word.split(separator: ".", maxSplits: 1)
        if let saying = Saying(rawValue: String(word)) {
            self = .said(saying)
        } else if parts.count == 2, let count = Int(parts[1]), (0...1_000_000) ~= count {
            self.init(parts[0], count)
        } else {
            return nil
        }
    }

    private init?(_ word: Substring, _ count: Int) {
        switch (word, Deed(rawValue: String(word))) {
        case ("tokens-revoked", _): self = .tokensRevoked(count)
        case ("sessions-ended", _): self = .sessionsEnded(count)
        case (_, let deed?): self = .tokensChanged(deed, count)
        case (_, nil): return nil
        }
    }

    var text: String {
        switch self {
        case .said(let saying): saying.text
        case .tokensRevoked(0): "There was no active token to revoke"
        case .tokensRevoked(1): "User token successfully revoked"
        case .tokensRevoked(let count): "\(count) user tokens successfully revoked"
        case .sessionsEnded(0): "Nobody was signed in"
        case .sessionsEnded(1): "Signed out in 1 browser"
        case .sessionsEnded(let count): "Signed out in \(count) browsers"
        case .tokensChanged(let deed, 0): "No token was \(deed.rawValue)"
        case .tokensChanged(let deed, 1): "User token successfully \(deed.rawValue)"
        case .tokensChanged(let deed, let count): "\(count) user tokens successfully \(deed.rawValue)"
        }
    }
}
