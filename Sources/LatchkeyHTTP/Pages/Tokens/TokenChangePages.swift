import HTTPTypes
import LatchkeyApp
import LatchkeyCore

/// What can be done with a token: rename, revoke, restore, delete. Each is a page that asks first, opened as a dialog
/// from the list.
struct TokenChangePages: Sendable {
    let app: App

    var endpoints: [PageEndpoint] {
        let path = "\(TokenPaths.personal)/{id}"
        let access = PageEndpoint.Access.needs(.manageOwnTokens)
        return [
            .get("\(path)/edit", access) { visit in try await showEdit(visit.comingBack, visit.freshForm) },
            .post("\(path)/edit", access, edit).refilled,
            .get("\(path)/revoke", access) { visit in try await askRevoke(visit.comingBack, Form()) },
            .post("\(path)/revoke", access, revoke),
            .get("\(path)/restore", access) { visit in try await askRestore(visit.comingBack, Form()) },
            .post("\(path)/restore", access, restore),
            .get("\(path)/delete", access) { visit in try await askDelete(visit.comingBack, Form()) },
            .post("\(path)/delete", access, delete),
        ]
    }

    private func token(_ visit: Visit) async throws(Refusal) -> TokenSummary {
        try await app.findToken(visit.id("token"), as: visit.caller)
    }

    private func showEdit(_ visit: Visit, _ form: Form) async throws -> PageReply {
        let token = try await token(visit).token
        let view = TokenEditView(
            notice: form.notice(besides: ["name"]), isStale: form.status == .conflict,
            path: ListFrame.link(visit, without: []), back: visit.wayBack(token),
            version: form.typed?.text("version") ?? "\(token.version)",
            name: form.text("name", "Name", token.name))
        return .page("Rename \(token.name)", "token/edit", view, status: form.status)
    }

    @Sendable
    private func edit(_ visit: Visit) async throws -> PageReply {
        try await visit.answer {
            guard let version = Int64(visit.form.text("version")) else {
                throw Refusal.badRequest("Open this form again.")
            }
            let edit = TokenEdit(revoke: nil, name: visit.form.text("name"), version: version)
            let token = try await app.updateToken(visit.id("token"), edit, as: visit.caller).token
            return .redirect(to: visit.wayBack(token), saying: .said(.tokenUpdated))
        } orAgain: { form in
            try await showEdit(visit, form)
        }
    }
}

// Revoke and restore.
extension TokenChangePages {
    static let reasons = RevocationReason.allCases.map { Option($0.rawValue, $0.words) }

    private func askRevoke(_ visit: Visit, _ form: Form) async throws -> PageReply {
        let summary = try await token(visit)
        let token = summary.token
        let sentences = [
            "Requests with it are refused at once. \(Self.lastUse(summary, visit))",
            "It can be restored until it expires, unless it was revoked as compromised.",
        ]
        return Confirmation(
            "Revoke \(token.name) of \(summary.owner.name)?", sentences, button: "Revoke", visit: visit, form: form,
            back: visit.wayBack(token)
        ).asking(for: form.choice("reason", "Reason", Self.reasons, chosen: "unspecified")).page(form)
    }

    private static func lastUse(_ summary: TokenSummary, _ visit: Visit) -> String {
        guard let last = summary.lastUse else { return "It has never been used." }
        return "It was last used \(Moment.relative(last.at, now: visit.now)), at \(last.route)."
    }

    @Sendable
    private func revoke(_ visit: Visit) async throws -> PageReply {
        try await visit.answer {
            let edit = TokenEdit(revoke: true, reason: visit.form.choice("reason"))
            let token = try await app.updateToken(visit.id("token"), edit, as: visit.caller).token
            return .redirect(to: visit.wayBack(token), saying: .said(.tokenRevoked))
        } orAgain: { form in
            try await askRevoke(visit, form)
        }
    }

    private func askRestore(_ visit: Visit, _ form: Form) async throws -> PageReply {
        let summary = try await token(visit)
        let token = summary.token
        return Confirmation(
            "Restore \(token.name) of \(summary.owner.name)?",
            ["It works again at once, wherever it still is. Restore it only if you know who has it."],
            button: "Restore", isGrave: false, visit: visit, form: form, back: visit.wayBack(token)
        ).page(form)
    }

    @Sendable
    private func restore(_ visit: Visit) async throws -> PageReply {
        try await visit.answer {
            let token = try await app.updateToken(visit.id("token"), TokenEdit(revoke: false), as: visit.caller).token
            return .redirect(to: visit.wayBack(token), saying: .said(.tokenRestored))
        } orAgain: { form in
            try await askRestore(visit, form)
        }
    }
}

// Delete.
extension TokenChangePages {
    private func askDelete(_ visit: Visit, _ form: Form) async throws -> PageReply {
        let summary = try await token(visit)
        return Confirmation(
            "Delete \(summary.token.name) of \(summary.owner.name)?",
            ["This cannot be undone. Its name is free again; what it did stays in the audit log."], button: "Delete",
            visit: visit, form: form, back: visit.wayBack(summary.token)
        ).page(form)
    }

    /// The page of a token that is gone is no place to go back to.
    @Sendable
    private func delete(_ visit: Visit) async throws -> PageReply {
        let token = try await token(visit).token
        return try await visit.answer {
            try await app.deleteToken(token.id, as: visit.caller)
            let back = visit.wayBack(token)
            return .redirect(to: back == token.path ? token.listPath : back, saying: .said(.tokenDeleted))
        } orAgain: { form in
            try await askDelete(visit, form)
        }
    }
}

extension Visit {
    /// The same, and the form that it shows knows the list from which somebody came, narrowed as it was. A link in each
    /// row that said so would make up a fifth of the list.
    var comingBack: Visit {
        let lists = [TokenPaths.personal, TokenPaths.service]
        guard !query.has("back"), let cameFrom, lists.contains(String(cameFrom.page)) else { return self }
        var visit = self
        visit.query = query.adding("back", cameFrom.text)
        return visit
    }

    /// To where somebody came from, the list or the token's own page.
    func wayBack(_ token: Token) -> String {
        (LocalPath(query.text("back")) ?? LocalPath(token.path))?.text ?? token.path
    }
}

private struct TokenEditView: View {
    let notice: String?
    let isStale: Bool
    let path: String
    let back: String
    let version: String
    let name: TextField
}
