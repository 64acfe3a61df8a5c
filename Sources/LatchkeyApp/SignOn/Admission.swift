import LatchkeyCore
import LatchkeyStore

/// Who a proven identity is here.
extension App {
    /// The account that the identity opens: the one that it is connected with, or a new one. The teams that its groups
    /// open are added.
    func admit(
        _ profile: ExternalProfile, through provider: IdentityProvider, returnTo: String, _ origin: Origin
    ) async throws(Refusal) -> SignOnOutcome {
        let (now, caller) = (ambient.now(), Caller(.job("sign-in"), origin: origin))
        let newcomer = profile.newcomer(by: provider)
        let admission = try await commit(as: nil) { db throws(Refusal) in
            guard let provider = try db.identityProvider(provider.id), provider.isOn else {
                throw .notFound("identity provider")
            }
            return try db.admission(of: profile, newcomer, through: provider, by: caller, at: now)
        }
        switch admission {
        case .success(let user): return .admitted(user, through: provider.id, returnTo: returnTo)
        case .failure(let fault):
            try await record(fault, profile.identity, at: provider, origin)
            guard fault == .notAdmitted(.addressTaken) else { throw fault.refusal }
            return .unconnected(pending: try sealed(profile, provider))
        }
    }
}

extension Transaction {
    /// A provider may have been turned off since it gave its word.
    func requireOn(_ method: SignInMethod) throws(Refusal) {
        guard case .provider(let number) = method else { return }
        guard let provider = try identityProvider(ID(number)), provider.isOn else {
            throw .notFound("identity provider")
        }
    }
}

extension WriteTransaction {
    fileprivate func admission(
        of profile: ExternalProfile, _ newcomer: Result<Newcomer, SignOnFault>,
        through provider: IdentityProvider, by caller: Caller, at now: Timestamp
    ) throws(Refusal) -> Result<ID<User>, SignOnFault> {
        if let user = try user(profile.identity) {
            guard user.isActive else { return .failure(.notAdmitted(.deactivated)) }
            try join(user, profile.groups, provider, by: caller, at: now)
            return .success(user.id)
        }
        let person: Newcomer
        switch newcomer {
        case .failure(let fault): return .failure(fault)
        case .success(let admitted): person = admitted
        }
        guard try user(handle: person.handle) == nil else { return .failure(.notAdmitted(.addressTaken)) }
        let (user, decision) = User.provision(person, from: provider, id: try nextID(), by: caller, at: now)
        try apply(decision)
        try join(user, profile.groups, provider, by: caller, at: now)
        return .success(user.id)
    }

    /// Adds the teams that the groups open and that the account is not in yet; takes none away.
    private func join(
        _ user: User, _ groups: [String], _ provider: IdentityProvider, by caller: Caller, at now: Timestamp
    ) throws(Refusal) {
        let had = Set(try teams(of: user.id).map(\.id))
        var joined: [Team] = []
        for id in provider.teams(for: groups).subtracting(had).sorted() {
            if let team = try team(id) { joined.append(team) }
        }
        if let decision = user.joining(joined, by: caller, at: now) { try apply(decision) }
    }
}
