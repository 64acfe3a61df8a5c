extension IdentityProvider {
    private static let most = 100

    /// Decides a new provider. `sealed` is the edit's secret as it rests.
    public static func create(
        _ edit: IdentityProviderEdit, id: ID<IdentityProvider>, sealed: [UInt8]?, allowsPlainHTTP: Bool,
        by caller: Caller, at now: Timestamp
    ) throws(Refusal) -> (provider: IdentityProvider, decision: Decision) {
        guard edit.name != nil else { throw .invalid("/name", "must be there") }
        guard edit.clientID != nil else { throw .invalid("/client_id", "must be there") }
        var provider = IdentityProvider(
            id: id, name: "", issuer: try issuer(edit.issuer, allowsPlainHTTP: allowsPlainHTTP), clientID: "",
            sealedSecret: sealed, createdAt: now.wholeSecond, createdBy: caller.userID)
        try provider.apply(edit)
        provider.turnedOffAt = edit.isOn == false ? now.wholeSecond : nil
        let event = AuditEvent(
            .create, .identityProvider, id.value, changes: provider.differences(from: nil), by: caller, at: now)
        return (provider, Decision(event, [.signOn(.insertProvider(provider))]))
    }

    /// Decides an edit; the decision is `nil` when nothing differs.
    ///
    /// - Parameter sealed: the edit's new secret as it rests, where it has one.
    public func applying(
        _ edit: IdentityProviderEdit, sealed: [UInt8]?, by caller: Caller, at now: Timestamp
    ) throws(Refusal) -> (provider: IdentityProvider, decision: Decision?) {
        if let version = edit.version, version != self.version {
            throw .conflict("Somebody has changed this provider meanwhile. Read it again, then make your change.")
        }
        guard edit.issuer == nil || edit.issuer == issuer else {
            throw .invalid("/issuer", "cannot be changed: another issuer is another provider. Make a new one")
        }
        var provider = self
        if edit.clientSecret != nil { provider.sealedSecret = sealed }
        try provider.apply(edit)
        if let isOn = edit.isOn, isOn != self.isOn { provider.turnedOffAt = isOn ? nil : now.wholeSecond }
        let changes = provider.differences(from: self)
        guard !changes.isEmpty else { return (self, nil) }
        provider.version += 1
        let verb: Verb = isOn == provider.isOn ? .update : provider.isOn ? .restore : .deactivate
        let event = AuditEvent(verb, .identityProvider, id.value, changes: changes, by: caller, at: now)
        return (provider, Decision(event, [.signOn(.updateProvider(provider))]))
    }

    public func delete(by caller: Caller, at now: Timestamp) -> Decision {
        let changes = [FieldChange("name", before: .text(name)), FieldChange("issuer", before: .text(issuer))]
        return Decision(
            AuditEvent(.delete, .identityProvider, id.value, changes: changes, by: caller, at: now),
            [.signOn(.deleteProvider(id))])
    }

    /// What ends with a provider that is turned off or deleted: the sessions that came from it, and the personal tokens
    /// of those who have no other way in.
    ///
    /// Whoever does it must not be among them, so that there is always an Admin left to undo it.
    public func ending(
        tokens: [Token], of stranded: Set<ID<User>>, by caller: Caller, at now: Timestamp
    ) throws(Refusal) -> Decision {
        if let own = caller.userID, stranded.contains(own) {
            throw .conflict(
                "This provider is your own only way in. Set a password first, or let another Admin do it.")
        }
        let event = AuditEvent(
            .revoke, .identityProvider, id.value,
            changes: [FieldChange("tokens", after: .number(Int64(tokens.count)))], by: caller, at: now)
        return tokens.reduce(Decision(event, [.signOn(.endSessions(of: id, at: now))])) { decision, token in
            decision.and(token.revocation(.affiliationChanged, by: caller, at: now))
        }
    }
}

// Rules of the fields.
extension IdentityProvider {
    private static func issuer(_ text: String?, allowsPlainHTTP: Bool) throws(Refusal) -> String {
        guard let text else { throw .invalid("/issuer", "must be there") }
        guard let address = WebAddress(text), !text.contains("?") else {
            throw .invalid("/issuer", "must be an address such as https://id.example.com, as the provider writes it")
        }
        guard address.isEncrypted || allowsPlainHTTP else { throw .invalid("/issuer", "must begin with https://") }
        return text
    }

    private mutating func apply(_ edit: IdentityProviderEdit) throws(Refusal) {
        if let name = edit.name { self.name = try Names.checked(name, at: "/name") }
        if let clientID = edit.clientID {
            guard (1...255).contains(clientID.utf8.count), clientID.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
            else { throw .invalid("/client_id", "must have 1 to 255 visible ASCII characters") }
            self.clientID = clientID
        }
        if let scopes = edit.scopes { self.scopes = try Self.scopes(scopes) }
        if let claim = edit.groupsClaim {
            groupsClaim = try claim.map { name throws(Refusal) in try Names.checked(name, at: "/groups_claim") }
        }
        if let groups = edit.groups { self.groups = try Self.rules(groups) }
        if let domains = edit.mailDomains { mailDomains = try Self.domains(domains) }
        if let makesAccounts = edit.makesAccounts { self.makesAccounts = makesAccounts }
    }

    /// Scope tokens of RFC 6749 §3.3, `openid` first whether or not it was named.
    private static func scopes(_ texts: [String]) throws(Refusal) -> [String] {
        guard texts.count <= most else { throw .invalid("/scopes", "must be at most \(most)") }
        for (place, scope) in texts.enumerated() where scope.wholeMatch(of: /[!#-\[\]-~]{1,255}/) == nil {
            throw .invalid("/scopes/\(place)", "must be visible ASCII without blanks and quotes")
        }
        return ["openid"] + texts.filter { $0 != "openid" }.uniqued
    }

    private static func rules(_ groups: [GroupRule]) throws(Refusal) -> [GroupRule] {
        guard groups.count <= 1000 else { throw .invalid("/groups", "must be at most 1000") }
        var rules: [GroupRule] = []
        for (place, rule) in groups.enumerated() {
            let group = try Names.checked(rule.group, at: "/groups/\(place)/group")
            rules.append(GroupRule(group: group, team: rule.team))
        }
        return rules.uniqued
    }

    private static func domains(_ texts: [String]) throws(Refusal) -> [String] {
        guard texts.count <= most else { throw .invalid("/mail_domains", "must be at most \(most)") }
        for (place, domain) in texts.enumerated()
        where domain.utf8.count > 253 || domain.wholeMatch(of: /[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+/) == nil {
            throw .invalid("/mail_domains/\(place)", "must be a domain such as example.com")
        }
        return texts.map { $0.lowercased() }.uniqued
    }

    private func differences(from old: IdentityProvider?) -> [FieldChange] {
        .between([
            ("name", .optional(old?.name), .text(name)), ("issuer", .optional(old?.issuer), .text(issuer)),
            ("client_id", .optional(old?.clientID), .text(clientID)),
            ("client_secret", old.map { .text($0.sealedSecret == nil ? "none" : "set") }, secretMark(after: old)),
            ("scopes", old.map { .list($0.scopes) }, .list(scopes)),
            ("groups_claim", .optional(old?.groupsClaim), .optional(groupsClaim)),
            ("groups", old.map(Self.groupTexts), Self.groupTexts(self)),
            ("mail_domains", old.map { .list($0.mailDomains) }, .list(mailDomains)),
            ("makes_accounts", old.map { .flag($0.makesAccounts) }, .flag(makesAccounts)),
            ("turned_off_at", .optional(old?.turnedOffAt), .optional(turnedOffAt)),
        ])
    }

    /// Two secrets differ in their boxes, so that a change of one shows, and nothing of either.
    private func secretMark(after old: IdentityProvider?) -> AuditValue {
        guard let sealedSecret else { return .text("none") }
        return .text(old?.sealedSecret == nil || old?.sealedSecret == sealedSecret ? "set" : "replaced")
    }

    private static func groupTexts(_ provider: IdentityProvider) -> AuditValue {
        .list(provider.groups.map { "\($0.group) → team \($0.team)" })
    }
}

extension Array where Element: Hashable {
    /// Each once, in the order of its first place.
    fileprivate var uniqued: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
