public import LatchkeyCore

/// Filling an index from whole values instead of from the store: for measurements and tests.
extension TokenIndex {
    public func insert(_ token: Token) {
        if token.deletedAt == nil { set(TokenFacts(token)) }
    }

    public func insert(_ user: User, teams: [ID<Team>]) {
        let account = Account(
            id: user.id, handle: user.handle, userName: user.userName, email: user.email, name: user.name,
            type: user.type, role: user.role, isActive: user.isActive)
        set(AccountFacts(account: account, teams: teams))
    }

    public func insert(_ team: Team) {
        set([team])
    }
}
