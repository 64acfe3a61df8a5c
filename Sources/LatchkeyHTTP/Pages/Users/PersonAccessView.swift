import LatchkeyApp
import LatchkeyCore

/// How a person signs in, on their page for Admins.
struct PersonAccessView: View {
    let passwordChanged: Moment?
    let secondFactorSince: Moment?
    let sessions: String
    let identities: [IdentityRow]

    init(_ access: PersonAccess, now: Timestamp) {
        passwordChanged = Moment(access.passwordChangedAt, now: now)
        secondFactorSince = Moment(access.secondFactorSince, now: now)
        sessions =
            switch access.sessions {
            case 0: "Nowhere"
            case 1: "In 1 browser"
            default: "In \(access.sessions.grouped) browsers"
            }
        identities = access.identities.map { IdentityRow($0, now: now) }
    }
}

/// An identity at a provider, on one's own page or, for Admins, on somebody's.
struct IdentityRow: View {
    /// Of the provider, or its issuer once it has been deleted.
    let provider: String
    let subject: String
    let isOn: Bool
    let since: Moment
    let disconnectPath: String

    init(_ identity: ConnectedIdentity, now: Timestamp) {
        let link = identity.link
        provider = identity.provider?.name ?? link.identity.issuer
        subject = link.identity.subject
        isOn = identity.isOn
        since = Moment(link.linkedAt, now: now)
        disconnectPath = IdentityPages.disconnect(link.identity)
    }
}

/// What the reader may do with a user beyond editing, in the menu of its page.
enum UserLinks {
    static func all(_ user: User, _ access: PersonAccess?, _ caller: Caller) -> [MenuLink] {
        let path = UserChangePages.page(user.id)
        func link(_ label: String, _ step: String, _ icon: String, isGrave: Bool = false) -> MenuLink {
            MenuLink(label: label, path: "\(path)/\(step)", icon: icon, isGrave: isGrave, isDialog: true)
        }
        var links: [MenuLink] = []
        if user.type == .service, caller.isAllowed(.manageTokens) {
            links.append(link("Trust an issuer", "trust", "key"))
            links.append(link("Revoke all tokens", "revoke-tokens", "stop", isGrave: true))
        }
        if let access, (try? user.requireHelp(by: caller)) != nil {
            links.append(link("Make a password link", "password-link", "mail"))
            if access.secondFactorSince != nil {
                links.append(link("Reset second factor", "reset-second-factor", "shield"))
            }
            if access.sessions > 0 { links.append(link("Sign out everywhere", "end-sessions", "leave")) }
        }
        return links + [link("Deactivate", "deactivate", "ban", isGrave: true)]
    }
}
