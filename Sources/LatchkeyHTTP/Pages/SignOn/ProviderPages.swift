import LatchkeyApp
import LatchkeyCore

/// The identity providers: set up, changed, tried out, turned off and deleted.
struct ProviderPages: Sendable {
    let app: App

    static let list = SignInSettingsPage.path
    static let one = "/settings/sign-in/providers"

    var endpoints: [PageEndpoint] {
        let one = Self.one
        return [
            .get("\(one)/new", .needs(.manageIdentityProviders), new),
            .post("\(one)/new", .needs(.manageIdentityProviders), create).refilled,
            .get("\(one)/{id}/edit", .needs(.manageIdentityProviders), edit),
            .post("\(one)/{id}/edit", .needs(.manageIdentityProviders), update).refilled,
            .post("\(one)/{id}/check", .needs(.manageIdentityProviders), check),
            .post("\(one)/{id}/turn-on", .needs(.manageIdentityProviders), turnOn),
            .get("\(one)/{id}/turn-off", .needs(.manageIdentityProviders), askTurnOff),
            .post("\(one)/{id}/turn-off", .needs(.manageIdentityProviders), turnOff),
            .get("\(one)/{id}/delete", .needs(.manageIdentityProviders), askDelete),
            .post("\(one)/{id}/delete", .needs(.manageIdentityProviders), delete),
        ]
    }

    @Sendable
    private func check(_ visit: Visit) async throws -> PageReply {
        let id: ID<IdentityProvider> = try visit.id("identity provider")
        let provider = try await app.findIdentityProvider(id, as: visit.caller)
        let checks = try await app.checkIdentityProvider(id, as: visit.caller)
        let view = ProviderChecksView(
            name: provider.name, isGood: checks.allSatisfy(\.isGood), checks: checks.map(CheckRow.init),
            back: Self.list, edit: "\(Self.one)/\(id)/edit")
        return .page("Test of \(provider.name)", "provider/checks", view)
    }
}

// Setting one up, and changing it.
extension ProviderPages {
    @Sendable
    private func new(_ visit: Visit) async throws -> PageReply {
        try await form(visit, nil, visit.freshForm)
    }

    @Sendable
    private func create(_ visit: Visit) async throws -> PageReply {
        try await visit.answer {
            let edit = try await ProviderForm(app: app).edit(visit, isNew: true)
            _ = try await app.createIdentityProvider(edit, as: visit.caller)
            return .redirect(to: Self.list, saying: .said(.providerCreated))
        } orAgain: { shown in
            try await form(visit, nil, shown)
        }
    }

    @Sendable
    private func edit(_ visit: Visit) async throws -> PageReply {
        let provider = try await app.findIdentityProvider(visit.id("identity provider"), as: visit.caller)
        return try await form(visit, provider, visit.freshForm)
    }

    @Sendable
    private func update(_ visit: Visit) async throws -> PageReply {
        let id: ID<IdentityProvider> = try visit.id("identity provider")
        return try await visit.answer {
            let edit = try await ProviderForm(app: app).edit(visit, isNew: false)
            _ = try await app.updateIdentityProvider(id, edit, as: visit.caller)
            return .redirect(to: Self.list, saying: .said(.providerUpdated))
        } orAgain: { shown in
            try await form(visit, app.findIdentityProvider(id, as: visit.caller), shown)
        }
    }

    private func form(_ visit: Visit, _ provider: IdentityProvider?, _ form: Form) async throws -> PageReply {
        let view = try await ProviderForm(app: app).view(visit, provider, form)
        return .page(view.headline, "provider/form", view, status: form.status)
    }
}

// Turning one off and on, and deleting it.
extension ProviderPages {
    @Sendable
    private func turnOn(_ visit: Visit) async throws -> PageReply {
        var edit = IdentityProviderEdit()
        edit.isOn = true
        _ = try await app.updateIdentityProvider(visit.id("identity provider"), edit, as: visit.caller)
        return .redirect(to: Self.list, saying: .said(.providerTurnedOn))
    }

    @Sendable
    private func askTurnOff(_ visit: Visit) async throws -> PageReply {
        try await question(visit, Form(), verb: "Turn off")
    }

    @Sendable
    private func turnOff(_ visit: Visit) async throws -> PageReply {
        try await visit.answer {
            var edit = IdentityProviderEdit()
            edit.isOn = false
            _ = try await app.updateIdentityProvider(visit.id("identity provider"), edit, as: visit.caller)
            return .redirect(to: Self.list, saying: .said(.providerTurnedOff))
        } orAgain: { form in
            try await question(visit, form, verb: "Turn off")
        }
    }

    @Sendable
    private func askDelete(_ visit: Visit) async throws -> PageReply {
        try await question(visit, Form(), verb: "Delete")
    }

    @Sendable
    private func delete(_ visit: Visit) async throws -> PageReply {
        try await visit.answer {
            try await app.deleteIdentityProvider(visit.id("identity provider"), as: visit.caller)
            return .redirect(to: Self.list, saying: .said(.providerDeleted))
        } orAgain: { form in
            try await question(visit, form, verb: "Delete")
        }
    }

    private func question(_ visit: Visit, _ form: Form, verb: String) async throws -> PageReply {
        let provider = try await app.findIdentityProvider(visit.id("identity provider"), as: visit.caller)
        return Confirmation(
            "\(verb) \(provider.name)?",
            [
                "Nobody can sign in through it any longer, and everybody who did is signed out at once.",
                "Personal tokens of people who have no other way in stop working. "
                    + "Once they can sign in again, they can restore them.",
            ], button: verb, visit: visit, form: form, back: Self.list
        ).page(form)
    }
}
