import LatchkeyApp
import LatchkeyCore

/// Settings → Sign-in: who is invited, whether a second factor is asked for, and through which providers people come.
struct SignInSettingsPage: Sendable {
    let app: App

    static let path = "/settings/sign-in"
    private static let shownInvitations = 25

    var endpoints: [PageEndpoint] {
        [.get(Self.path, .needs(.manageIdentityProviders), show)]
    }

    @Sendable
    private func show(_ visit: Visit) async throws -> PageReply {
        let providers = try await app.listIdentityProviders(as: visit.caller)
        let request = PageRequest(number: visit.query.page.number, size: Self.shownInvitations)
        let invitations = try await app.listInvitations(request, as: visit.caller)
        if let last = visit.beyondLast(invitations) { return last }
        let view = SignInSettingsView(
            providers: providers.map(ProviderRow.init), hasProviders: !providers.isEmpty, redirectURI: app.redirectURI,
            rule: SecondFactorRuleView(
                try await app.signInPolicy(as: visit.caller), try await app.secondFactorCoverage(as: visit.caller)),
            invitations: invitations.items.map { InvitationRow($0, visit) }, hasInvitations: !invitations.items.isEmpty,
            isPaged: invitations.count > 1,
            pages: Pages(invitations) { "\(Self.path)?page=\($0)" })
        return .page("Sign-in", "sign-in/settings", view)
    }
}

private struct SignInSettingsView: View {
    let providers: [ProviderRow]
    let hasProviders: Bool
    let redirectURI: String
    let rule: SecondFactorRuleView
    let invitations: [InvitationRow]
    let hasInvitations: Bool
    let isPaged: Bool
    let pages: Pages
}

/// Somebody who may still come.
private struct InvitationRow: View {
    let name: String
    let email: String
    let role: String
    let teams: String
    let host: PersonLink?
    let isHeld: Bool
    let expires: Moment
    let withdrawPath: String

    init(_ open: OpenInvitation, _ visit: Visit) {
        let invitation = open.invitation
        name = invitation.name
        email = invitation.email
        role = invitation.role.rawValue
        teams = ([Team.publicName] + open.teams).joined(separator: ", ")
        host = open.host.map(PersonLink.init)
        isHeld = open.isHeld
        expires = Moment(invitation.expiresAt, now: visit.now)
        withdrawPath = InvitationPages.withdrawal(of: invitation.id)
    }
}

/// Whether a second factor is asked for, and of how many that would be something new.
struct SecondFactorRuleView: View {
    let isOn: Bool
    let coverage: String
    let path: String

    init(_ policy: SignInPolicy, _ coverage: SecondFactorCoverage) {
        isOn = policy.requiresSecondFactor
        let total = coverage.protected + coverage.unprotected
        let who = total == 1 ? "1 person signs in" : "\(total.grouped) people sign in"
        self.coverage =
            "\(who) with a password; \(coverage.protected.grouped) of them "
            + (coverage.protected == 1 ? "has a second factor." : "have a second factor.")
        path = isOn ? SecondFactorRulePages.lift : SecondFactorRulePages.require
    }
}
