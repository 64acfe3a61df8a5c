import LatchkeyApp
import LatchkeyCore

/// What an Admin does for somebody who cannot get in, or must not be in: a link to choose a password, the second factor
/// reset, every session ended. Each asks first.
struct PersonAccessPages: Sendable {
    let app: App

    private static let path = "/settings/security/users/{id}"

    var endpoints: [PageEndpoint] {
        let access = PageEndpoint.Access.needs(.manageUsers)
        return [
            .get("\(Self.path)/password-link", access) { visit in try await askLink(visit, Form()) },
            .post("\(Self.path)/password-link", access, makeLink),
            .get("\(Self.path)/reset-second-factor", access) { visit in try await askReset(visit, Form()) },
            .post("\(Self.path)/reset-second-factor", access, reset),
            .get("\(Self.path)/end-sessions", access) { visit in try await askEnd(visit, Form()) },
            .post("\(Self.path)/end-sessions", access, end),
        ]
    }

    /// Refused before anything is asked where it would be refused afterwards.
    private func person(_ visit: Visit) async throws(Refusal) -> User {
        let user = try await app.findUser(visit.id("user"), as: visit.caller).user
        try user.requireHelp(by: visit.caller)
        return user
    }

    private func question(
        _ headline: String, _ sentences: [String], button: String, about user: User, _ visit: Visit, _ form: Form
    ) -> PageReply {
        Confirmation(
            headline, sentences, button: button, isGrave: false, visit: visit, form: form,
            back: UserChangePages.page(user.id)
        ).page(form)
    }
}

// A link to choose a password.
extension PersonAccessPages {
    private func askLink(_ visit: Visit, _ form: Form) async throws -> PageReply {
        let user = try await person(visit)
        return question(
            "Make a password link for \(user.name)?",
            [
                "Whoever opens the link chooses the password of this account. It works for a day, until it is used or "
                    + "the password changes; until then nothing changes.",
                "Go on only if you know that it was \(user.name) who asked.",
            ], button: "Make the link", about: user, visit, form)
    }

    @Sendable
    private func makeLink(_ visit: Visit) async throws -> PageReply {
        try await visit.answer {
            let user = try await person(visit)
            let code = try await app.passwordLink(for: user.id, as: visit.caller)
            return LinkShown.page(
                "A password link for \(user.name)",
                ["Whoever opens it chooses the password of this account. Send it so that only \(user.name) reads it."],
                link: "\(app.settings.publicURL)/new-password?code=\(code)", ends: visit.now + App.passwordLinkLife,
                next: UserChangePages.page(user.id), now: visit.now)
        } orAgain: { form in
            try await askLink(visit, form)
        }
    }
}

// The second factor, for who has lost both authenticator and recovery codes.
extension PersonAccessPages {
    private func askReset(_ visit: Visit, _ form: Form) async throws -> PageReply {
        let user = try await person(visit)
        let isRequired = try await app.signInPolicy(as: visit.caller).requiresSecondFactor
        return question(
            "Reset the second factor of \(user.name)?",
            [
                "Their authenticator and recovery codes stop working, and they are signed out everywhere. From then on "
                    + "the password alone lets them in"
                    + (isRequired ? ", and the first thing that they are asked is to set up a new one." : "."),
                "Go on only if you know that it was \(user.name) who asked.",
            ], button: "Reset", about: user, visit, form)
    }

    @Sendable
    private func reset(_ visit: Visit) async throws -> PageReply {
        try await visit.answer {
            let id: ID<User> = try visit.id("user")
            try await app.resetSecondFactor(of: id, as: visit.caller)
            return .redirect(to: UserChangePages.page(id), saying: .said(.secondFactorReset))
        } orAgain: { form in
            try await askReset(visit, form)
        }
    }
}

// Every session.
extension PersonAccessPages {
    private func askEnd(_ visit: Visit, _ form: Form) async throws -> PageReply {
        let user = try await person(visit)
        let sessions = try await app.access(of: user.id, as: visit.caller).sessions
        let count = sessions == 1 ? "1 browser" : "\(sessions.grouped) browsers"
        return question(
            "Sign \(user.name) out everywhere?",
            [
                sessions == 0 ? "They are signed in nowhere at the moment." : "They are signed in in \(count) now.",
                "They can sign in again at once, and their tokens go on working. To keep them out, deactivate them.",
            ], button: "Sign out everywhere", about: user, visit, form)
    }

    @Sendable
    private func end(_ visit: Visit) async throws -> PageReply {
        try await visit.answer {
            let id: ID<User> = try visit.id("user")
            let count = try await app.endSessions(of: id, as: visit.caller)
            return .redirect(to: UserChangePages.page(id), saying: .sessionsEnded(count))
        } orAgain: { form in
            try await askEnd(visit, form)
        }
    }
}
