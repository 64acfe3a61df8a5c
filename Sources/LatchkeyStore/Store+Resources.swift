public import LatchkeyCore

extension Transaction {
    public func resource(_ id: ID<Resource>) throws(Refusal) -> Resource? {
        try first("SELECT \(Resource.columns) FROM resource r WHERE r.id = \(id)", Resource.read)
    }

    public func resource(kind: String, name: String) throws(Refusal) -> Resource? {
        try first(
            "SELECT \(Resource.columns) FROM resource r WHERE r.kind = \(kind) AND r.name = \(name)", Resource.read)
    }

    public func resources(_ filter: ResourceFilter, _ page: PageRequest) throws(Refusal) -> Page<Resource> {
        let conditions = Self.conditions(filter)
        let total = try number("SELECT COUNT(*) FROM resource r WHERE \(conditions)")
        let items = try all(
            """
            SELECT \(Resource.columns) FROM resource r WHERE \(conditions)
            ORDER BY r.name_folded, r.id LIMIT \(page.size) OFFSET \(page.offset)
            """, Resource.read)
        return Page(items: items, total: Int(total), request: page)
    }

    /// What a team opens, by id.
    public func resources(of team: ID<Team>) throws(Refusal) -> [ID<Resource>] {
        try all("SELECT resource_id FROM team_resource WHERE team_id = \(team) ORDER BY resource_id") { row in
            row.id(0)
        }
    }

    /// The teams that a resource is open to.
    public func teams(grantedResource resource: ID<Resource>) throws(Refusal) -> [Team] {
        try all(
            """
            SELECT \(Team.columns) FROM team t
            WHERE t.id IN (SELECT team_id FROM team_resource WHERE resource_id = \(resource))
            ORDER BY t.is_public DESC, t.name_folded, t.id
            """, Team.read)
    }

    /// The first resources by name that any of these teams opens, each with the teams that do, and how many there are.
    public func grants(
        to teams: Set<ID<Team>>, limit: Int
    ) throws(Refusal) -> (grants: [ResourceGrant], total: Int) {
        let page = try resources(ResourceFilter(grantedTo: teams), PageRequest(size: limit))
        var opened: [ID<Resource>: Set<ID<Team>>] = [:]
        try rows(
            """
            SELECT resource_id, team_id FROM team_resource
            WHERE resource_id \(in: page.items.map(\.id)) AND team_id \(in: teams.sorted())
            """
        ) { row in opened[row.id(0), default: []].insert(row.id(1)) }
        let grants = page.items.map { ResourceGrant(resource: $0, teams: opened[$0.id] ?? []) }
        return (grants, page.total)
    }

    /// Every resource with the teams that open it.
    public func grantedResources() throws(Refusal) -> [GrantedResource] {
        try granted("TRUE", "TRUE")
    }

    /// Those of these resources that are there.
    public func grantedResources(_ ids: [ID<Resource>]) throws(Refusal) -> [GrantedResource] {
        try granted("r.id \(in: ids)", "resource_id \(in: ids)")
    }

    private func granted(_ resources: SQL, _ grants: SQL) throws(Refusal) -> [GrantedResource] {
        var teams: [ID<Resource>: [ID<Team>]] = [:]
        try rows(
            "SELECT resource_id, team_id FROM team_resource WHERE \(grants) ORDER BY resource_id, team_id"
        ) { row in teams[row.id(0), default: []].append(row.id(1)) }
        return try all("SELECT \(Resource.columns) FROM resource r WHERE \(resources) ORDER BY r.id", Resource.read)
            .map { GrantedResource(resource: $0, teams: teams[$0.id] ?? []) }
    }

    private static func conditions(_ filter: ResourceFilter) -> SQL {
        var conditions: [SQL] = []
        if let kind = filter.kind { conditions.append("r.kind = \(kind)") }
        if let name = filter.name { conditions.append("r.name_folded \(SQL.contains(name))") }
        if let teams = filter.grantedTo {
            let granted: SQL = "SELECT resource_id FROM team_resource WHERE team_id \(in: teams.sorted())"
            conditions.append("r.id IN (\(granted))")
        }
        return .all(conditions)
    }
}

extension WriteTransaction {
    func insert(_ resource: Resource) throws(Refusal) {
        try run(
            """
            INSERT INTO resource (id, kind, name, name_folded, external_id, description, created_at, created_by,
                version)
            VALUES (\(resource.id), \(resource.kind), \(resource.name), \(resource.name.folded),
                \(resource.externalID), \(resource.description), \(resource.createdAt), \(resource.createdBy),
                \(resource.version))
            """)
    }

    func update(_ resource: Resource) throws(Refusal) {
        let changed = try run(
            """
            UPDATE resource SET kind = \(resource.kind), name = \(resource.name),
                name_folded = \(resource.name.folded), external_id = \(resource.externalID),
                description = \(resource.description), version = \(resource.version)
            WHERE id = \(resource.id) AND version = \(resource.version - 1)
            """)
        try requireOne(changed, "resource")
    }

    func deleteResource(_ id: ID<Resource>) throws(Refusal) {
        try run("DELETE FROM team_resource WHERE resource_id = \(id)")
        try requireOne(try run("DELETE FROM resource WHERE id = \(id)"), "resource")
    }

    func grant(_ resource: ID<Resource>, to team: ID<Team>) throws(Refusal) {
        try run(
            """
            INSERT INTO team_resource (team_id, resource_id) VALUES (\(team), \(resource)) ON CONFLICT DO NOTHING
            """)
    }

    func withdraw(_ resource: ID<Resource>, from team: ID<Team>) throws(Refusal) {
        try run("DELETE FROM team_resource WHERE team_id = \(team) AND resource_id = \(resource)")
    }
}

extension Resource {
    static let columns: SQL = """
        r.id, r.kind, r.name, r.external_id, r.description, r.created_at, r.created_by, r.version
        """

    static func read(_ row: Row) throws(Refusal) -> Resource {
        Resource(
            id: row.id(0), kind: row.text(1), name: row.text(2), externalID: row.optionalText(3),
            description: row.text(4), createdAt: row.time(5), createdBy: row.optionalID(6), version: row.int(7))
    }
}
