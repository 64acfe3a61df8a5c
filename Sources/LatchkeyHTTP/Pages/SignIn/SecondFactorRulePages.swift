import LatchkeyApp
import LatchkeyCore

/// The rule that whoever signs in with a password needs a second factor: set and lifted, each after a question.
struct SecondFactorRulePages: Sendable {
    let app: App

    static let require = "/settings/sign-in/require-second-factor"
    static let lift = "/settings/sign-in/lift-second-factor"

    var endpoints: [PageEndpoint] {
        [
            .get(Self.require, .needs(.manageUsers), askRequire),
            .post(Self.require, .needs(.manageUsers)) { visit in try await set(true, visit) },
            .get(Self.lift, .needs(.manageUsers), askLift),
            .post(Self.lift, .needs(.manageUsers)) { visit in try await set(false, visit) },
        ]
    }

    @Sendable
    private func askRequire(_ visit: Visit) async throws -> PageReply {
        let coverage = try await app.secondFactorCoverage(as: visit.caller)
        let form = Form()
        return Confirmation(
            "Require a second factor?", Self.consequences(coverage, for: visit.caller), button: "Require it",
            isGrave: false, visit: visit, form: form, back: SignInSettingsPage.path
        ).page(form)
    }

    /// What it means for those who have none.
    private static func consequences(_ coverage: SecondFactorCoverage, for caller: Caller) -> [String] {
        var sentences = [
            "It is asked of everybody who signs in with a password. Who comes through an identity provider is not "
                + "asked here: that is the provider's business. Tokens go on working."
        ]
        guard coverage.unprotected > 0 else {
            return sentences + ["Everybody who signs in with a password has one already."]
        }
        let names = coverage.someUnprotected.map(\.name).joined(separator: ", ")
        let rest = coverage.unprotected - coverage.someUnprotected.count
        let who = rest > 0 ? "\(names) and \(rest.grouped) more" : names
        let count =
            coverage.unprotected == 1 ? "1 person has" : "\(coverage.unprotected.grouped) people have"
        sentences.append(
            "\(count) none yet: \(who). With their next page, or when they sign in next, they are led to set up an "
                + "authenticator app, and can do nothing else here before.")
        if coverage.someUnprotected.contains(where: { $0.id == caller.userID }) {
            sentences.append("You are one of them: your next page asks you to set up yours.")
        }
        return sentences
    }

    @Sendable
    private func askLift(_ visit: Visit) async throws -> PageReply {
        let form = Form()
        return Confirmation(
            "No longer require a second factor?",
            ["Who has one is asked for it as before, and may remove it. Others get in with their password alone."],
            button: "Lift the rule", visit: visit, form: form, back: SignInSettingsPage.path
        ).page(form)
    }

    private func set(_ isRequired: Bool, _ visit: Visit) async throws -> PageReply {
        try await app.setSignInPolicy(SignInPolicy(requiresSecondFactor: isRequired), as: visit.caller)
        return .redirect(
            to: SignInSettingsPage.path, saying: .said(isRequired ? .secondFactorRequired : .secondFactorOptional))
    }
}
