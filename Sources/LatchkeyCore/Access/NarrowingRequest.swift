/// Limits of a token as its maker writes them: teams by name, addresses as text.
public struct NarrowingRequest: Hashable, Sendable {
    /// Looking for the name that was meant takes its time, so not every one of a thousand is looked for.
    private static let mostFlaws = 20

    public let role: Role?
    public let teams: [String]?
    public let actions: [String]?
    public let allowedCIDRs: [String]?

    public init(
        role: Role? = nil, teams: [String]? = nil, actions: [String]? = nil, allowedCIDRs: [String]? = nil
    ) {
        self.role = role
        self.teams = teams
        self.actions = actions
        self.allowedCIDRs = allowedCIDRs
    }

    /// Checks the limits against what the owner has: a limit that is no limit is a mistake worth telling.
    public func checked(owner: User, ownerTeams: [Team]) throws(Refusal) -> Narrowing {
        if let role, role > owner.role {
            throw .invalid("/role", "must be at most \(owner.role.rawValue), the role of \(owner.handle)")
        }
        return Narrowing(
            role: role, teams: try checkedTeams(ownerTeams), actions: actions.map { Set($0) },
            addresses: try checkedBlocks())
    }

    private func checkedTeams(_ ownerTeams: [Team]) throws(Refusal) -> Set<ID<Team>>? {
        guard let teams else { return nil }
        let known = Dictionary(ownerTeams.map { ($0.name.folded, $0.id) }, uniquingKeysWith: { first, _ in first })
        var found: Set<ID<Team>> = []
        for (place, name) in teams.enumerated() {
            // Folding takes its time, within the line of all writes: what is too long for a name is none.
            guard name.unicodeScalars.count <= Names.longest, let team = known[name.folded] else {
                throw .invalid("/teams/\(place)", "must name a team that the token's user is in")
            }
            found.insert(team)
        }
        return found
    }

    /// A limit to an action that no policy knows would be a limit to nothing, and most likely a slip of the pen.
    public func requireKnownActions(of policy: Policy) throws(Refusal) {
        var flaws: [Flaw] = []
        for (place, name) in (actions ?? []).enumerated() where policy.action(named: name) == nil {
            guard flaws.count < Self.mostFlaws else { break }
            let near = NearestName.of(name, among: policy.actions.map(\.name)).map { "; did you mean \($0)?" }
            let detail = "must name an action of the policy \(policy.name), and \"\(name.prefix(64))\" is none"
            flaws.append(Flaw(pointer: "/actions/\(place)", detail: detail + (near ?? "")))
        }
        guard flaws.isEmpty else { throw .invalid(flaws) }
    }

    private func checkedBlocks() throws(Refusal) -> [AddressBlock]? {
        guard let allowedCIDRs else { return nil }
        var blocks: [AddressBlock] = []
        for (place, text) in allowedCIDRs.enumerated() {
            guard let block = AddressBlock(text) else {
                throw .invalid(
                    "/allowed_cidrs/\(place)", "must be an address or a block such as 10.0.0.0/8 or 2001:db8::/32")
            }
            blocks.append(block)
        }
        return blocks
    }
}
