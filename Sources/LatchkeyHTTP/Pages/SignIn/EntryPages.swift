import LatchkeyApp
import LatchkeyCore

/// Where links lead that let somebody in: to the first Admin's account, to an invitation, to a new password.
///
/// The code of a link comes in the query once and goes into a cookie at once: what stays in the address bar, in the
/// history, and in what pages tell as their referrer opens nothing.
struct EntryPages: Sendable {
    let app: App

    var endpoints: [PageEndpoint] {
        [
            opening("/set-up", showSetUp), .post("/set-up", .open, setUp),
            opening("/invitation", showInvitation), .post("/invitation", .open, accept),
            opening("/new-password", showNewPassword), .post("/new-password", .open, choosePassword),
        ]
    }

    /// Changes nothing but the browser's own cookie, and reads nothing: whether the code opens anything is said after.
    private func opening(_ path: String, _ show: @escaping PageEndpoint.Handler) -> PageEndpoint {
        .get(path, .open) { visit in
            guard let code = visit.query.given("code") else { return try await show(visit) }
            let isCode = code.utf8.count <= Self.longestCode && OpaqueText.bytes(code) != nil
            return PageReply.redirect(to: path).with(isCode ? PageCookie(.link, code) : .deleting(.link)).hidingAddress
        }
    }

    private static let longestCode = 2048
}

extension Visit {
    /// The code of the link that this browser opened last; none opens nothing.
    fileprivate var link: String { cookies[.link].map(String.init) ?? "" }
}

// The first Admin.
extension EntryPages {
    @Sendable
    private func showSetUp(_ visit: Visit) async throws -> PageReply {
        try await app.checkSetUpLink(visit.link)
        return setUpPage(Form())
    }

    private func setUpPage(_ form: Form) -> PageReply {
        let view = EntryView(
            action: "/set-up", headline: "Set up Latchkey",
            lead: "Nobody can sign in yet. Make the first account: it is an Admin's, and can invite others.",
            button: "Make the account", form, fields: [form.email, form.personName("")],
            password: form.newPassword("Password"))
        return .page("Set up", "sign-in/entry", view, status: form.status, isBare: true)
    }

    @Sendable
    private func setUp(_ visit: Visit) async throws -> PageReply {
        let (form, code) = (visit.form, visit.link)
        try await app.checkSetUpLink(code)
        return try await visit.answer {
            let started = try await app.completeSetUp(
                code, email: form.text("email"), name: form.text("name"), password: Password(form.text("password")),
                from: visit.origin)
            return await visit.enter(started, to: .home, saying: .welcome, in: app).with(.deleting(.link))
        } orAgain: { form in
            setUpPage(form)
        }
    }
}

// An invitation.
extension EntryPages {
    @Sendable
    private func showInvitation(_ visit: Visit) async throws -> PageReply {
        invitationPage(try await app.invitation(behind: visit.link), Form())
    }

    private func invitationPage(_ invitation: Invitation, _ form: Form) -> PageReply {
        let view = EntryView(
            action: "/invitation", headline: "Welcome to Latchkey",
            lead: "You are invited as \(invitation.email), with the role \(invitation.role.rawValue). "
                + "Choose a password to sign in with.",
            button: "Accept and sign in", form, fields: [form.personName(invitation.name)],
            password: form.newPassword("Password"), account: invitation.email)
        return .page("Invitation", "sign-in/entry", view, status: form.status, isBare: true)
    }

    @Sendable
    private func accept(_ visit: Visit) async throws -> PageReply {
        let (form, code) = (visit.form, visit.link)
        let invitation = try await app.invitation(behind: code)
        return try await visit.answer {
            let started = try await app.acceptInvitation(
                code, name: form.text("name"), password: Password(form.text("password")), from: visit.origin)
            return await visit.enter(started, to: .home, saying: .welcome, in: app).with(.deleting(.link))
        } orAgain: { form in
            invitationPage(invitation, form)
        }
    }
}

// A new password, for somebody who has lost theirs or never had one.
extension EntryPages {
    @Sendable
    private func showNewPassword(_ visit: Visit) async throws -> PageReply {
        newPasswordPage(try await app.person(behind: visit.link), Form())
    }

    private func newPasswordPage(_ user: User, _ form: Form) -> PageReply {
        let account = user.email ?? user.handle
        let view = EntryView(
            action: "/new-password", headline: "Choose a password",
            lead: "For the account \(account). You are signed out everywhere else.",
            button: "Save and sign in", form, fields: [], password: form.newPassword("New password"),
            account: account)
        return .page("Choose a password", "sign-in/entry", view, status: form.status, isBare: true)
    }

    @Sendable
    private func choosePassword(_ visit: Visit) async throws -> PageReply {
        let code = visit.link
        let user = try await app.person(behind: code)
        return try await visit.answer {
            let outcome = try await app.choosePassword(
                link: code, password: Password(visit.form.text("password")), from: visit.origin)
            return await visit.goOn(after: outcome, to: .home, saying: .passwordChanged, in: app)
                .with(.deleting(.link))
        } orAgain: { form in
            newPasswordPage(user, form)
        }
    }
}

extension Form {
    fileprivate var email: TextField { text("email", "Mail address").typed("email", autocomplete: "username") }

    fileprivate func personName(_ name: String) -> TextField {
        text("name", "Your name", name).typed("text", autocomplete: "name")
    }

    /// Typed once, where it can be seen to be right on the next sign-in, or set anew by a link.
    func newPassword(_ label: String) -> TextField {
        text("password", label, hint: "At least \(Password.shortest) characters. A few words in a row do well.")
            .typed("password", autocomplete: "new-password").emptied
    }
}

private struct EntryView: View {
    let action: String
    let headline: String
    let lead: String
    let button: String
    let notice: String?
    let fields: [TextField]
    let password: TextField
    /// For the browser's password store, which keeps a password under a name.
    let account: String?

    init(
        action: String, headline: String, lead: String, button: String, _ form: Form, fields: [TextField],
        password: TextField, account: String? = nil
    ) {
        self.action = action
        self.headline = headline
        self.lead = lead
        self.button = button
        notice = form.notice(besides: fields.map(\.name) + ["password"])
        self.fields = fields
        self.password = password
        self.account = account
    }
}
