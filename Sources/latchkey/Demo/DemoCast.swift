import LatchkeyCore

/// The people, teams and resources of the made-up organisation. Nobody in it exists; their addresses are of
/// `example.com`, which nobody owns (RFC 2606 §3).
enum DemoCast {
    struct Person {
        let name: String
        let role: Role
        let teams: [String]
        /// How many days ago they left; `nil` for those who are there.
        var left: Int?

        var email: String { name.lowercased().replacing(" ", with: ".") + "@example.com" }
    }

    struct Group {
        let name: String
        let description: String
        let permission: TeamPermission
        let resources: [String]
    }

    static let admins = ["Ada Okafor", "Jonas Lindqvist", "Mei Tanaka"]

    static let people: [Person] =
        group(.admin, [], admins)
        + group(.manager, ["Data Engineering", "Platform"], ["Rafael Moreno", "Ingrid Solberg"])
        + group(.manager, ["Governance", "Data Quality"], ["Priya Raman", "Samuel Adeyemi"])
        + group(.manager, ["Finance"], ["Claire Dubois"])
        + group(.editor, ["Data Engineering"], ["Tomasz Nowak", "Leila Haddad", "Marcus Reid", "Yuki Mori"])
        + group(.editor, ["Data Quality"], ["Anna Petrova", "Diego Santos", "Fatima Zahra"])
        + group(.editor, ["Platform"], ["Oluwaseun Bello", "Katrin Vogel"])
        + group(.editor, ["Marketing"], ["Noah Bergman", "Isabella Conti"])
        + group(.member, ["Analytics"], analysts)
        + group(.member, ["Finance"], ["George Whitfield", "Hannah Stein", "Luis Ortega", "Aisha Khan"])
        + group(.member, ["Marketing"], ["Emil Jansen", "Chloe Martin", "Victor Ionescu"])
        + group(.member, [], ["Grace Mwangi", "Oscar Lund", "Nina Kovac"])
        + [
            Person(name: "Peter Hughes", role: .manager, teams: ["Data Engineering"], left: 37),
            Person(name: "Sofia Rossi", role: .member, teams: ["Analytics"], left: 12),
        ]

    private static let analysts = [
        "Wei Chen", "Amelia Clarke", "Julian Weber", "Sara Eriksen", "Mateo Vargas", "Zoe Laurent", "Arjun Mehta",
        "Freya Nilsen", "Kofi Mensah",
    ]

    private static func group(_ role: Role, _ teams: [String], _ names: [String]) -> [Person] {
        names.map { Person(name: $0, role: role, teams: teams) }
    }

    static let teams = [
        Group(
            name: "Data Engineering", description: "Builds and runs the pipelines.", permission: .editor,
            resources: ["Sales Warehouse", "Customer Lake", "Product Telemetry", "Web Clickstream", "Supply Chain"]),
        Group(
            name: "Data Quality", description: "Writes the checks and follows up anomalies.", permission: .author,
            resources: ["Sales Warehouse", "Customer Lake", "Finance Ledger", "Payments", "Master Data"]),
        Group(
            name: "Analytics", description: "Reports and dashboards.", permission: .viewer,
            resources: ["Sales Warehouse", "Product Telemetry", "Web Clickstream", "Support Tickets"]),
        Group(
            name: "Finance", description: "Closing, planning, audit.", permission: .reporter,
            resources: ["Finance Ledger", "Payments"]),
        Group(
            name: "Marketing", description: "Campaigns and attribution.", permission: .drafter,
            resources: ["Marketing Events", "Web Clickstream"]),
        Group(
            name: "Governance", description: "Catalogue, owners, retention.", permission: .author,
            resources: ["Master Data", "HR Records", "Customer Lake"]),
        Group(
            name: "Platform", description: "Accounts, networks, machines.", permission: .editor,
            resources: ["Product Telemetry"]),
    ]

    static let resources = [
        "Customer Lake", "Finance Ledger", "HR Records", "Marketing Events", "Master Data", "Payments",
        "Product Telemetry", "Risk Features", "Sales Warehouse", "Supply Chain", "Support Tickets", "Web Clickstream",
    ]

    /// What everybody may look at.
    static let publicResources = ["Support Tickets"]
}
