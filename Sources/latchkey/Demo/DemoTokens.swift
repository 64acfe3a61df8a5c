import LatchkeyCore

/// The tokens of the made-up organisation: every state that there is, and every way into it.
struct DemoToken {
    let owner: String
    let name: String
    /// How many days ago it was made.
    let born: Int
    let life: Lifetime
    let load: DemoLoad?
    var limits = NarrowingRequest()
    var isSCIMOnly = false
    /// How many days ago its users stopped; `nil` for those who go on whatever becomes of it.
    var quietSince: Int?
    var fate: [Act] = []

    /// What somebody did to it, so many days ago.
    enum Act {
        case revoke(Int, LatchkeyCore.RevocationReason)
        case restore(Int)
        case delete(Int)
        /// With the day from which the successor is used; `nil` for never.
        case rotate(Int, Overlap, provenSince: Int?)
        /// Revokes the successor of a rotation.
        case revokeSuccessor(Int)

        var day: Int {
            switch self {
            case .revoke(let day, _), .restore(let day), .delete(let day), .rotate(let day, _, _),
                .revokeSuccessor(let day):
                day
            }
        }
    }

    init(
        _ owner: String, _ name: String, born: Int, _ life: Lifetime, _ load: DemoLoad?, quietSince: Int? = nil,
        _ fate: Act...
    ) {
        self.owner = owner
        self.name = name
        self.born = born
        self.life = life
        self.load = load
        self.quietSince = quietSince
        self.fate = fate
    }

    func limited(_ limits: NarrowingRequest) -> DemoToken {
        var token = self
        token.limits = limits
        return token
    }

    var forSCIM: DemoToken {
        var token = self
        token.isSCIMOnly = true
        return token
    }
}

extension DemoToken {
    static let all = working + limited + aging + shut + rotated + personal

    private static let working: [DemoToken] = [
        DemoToken("Airflow Production", "production", born: 117, .days(365), .pipeline),
        DemoToken("Airflow Staging", "staging", born: 117, .days(180), .hourly),
        DemoToken("dbt Cloud", "dbt-production", born: 80, .days(365), .pipeline),
        DemoToken("Alation Sync", "alation", born: 115, .days(365), .catalogue),
        DemoToken("GitHub Actions", "deploy-checks", born: 60, .days(180), .builds),
        DemoToken("Tableau Reader", "tableau-server", born: 109, .days(365), .reports),
        DemoToken("Power BI Reader", "power-bi-gateway", born: 95, .days(365), .reports),
        DemoToken("Snowflake Loader", "snowflake", born: 92, .days(365), .pipeline),
        DemoToken("Customer 360", "nightly", born: 70, .days(180), .pipeline),
        DemoToken("Kafka Connect", "stream-checks", born: 66, .days(180), .hourly),
        DemoToken("Monitoring", "probe", born: 105, .days(365), .hourly),
        DemoToken("Terraform", "infrastructure", born: 119, .days(365), .builds),
        DemoToken("Entra Provisioning", "entra", born: 119, .days(365), .directory).forSCIM,
        DemoToken("Okta Provisioning", "okta", born: 58, .days(365), nil).forSCIM,
    ]

    private static let limited: [DemoToken] = [
        DemoToken("Data Factory", "ledger-load", born: 112, .days(365), .pipeline).limited(
            NarrowingRequest(allowedCIDRs: ["10.20.0.0/16"])),
        DemoToken("Terraform", "plan-only", born: 30, .days(90), .builds).limited(
            NarrowingRequest(role: .manager, actions: ["self:read", "teams:read", "resources:read"])),
        DemoToken("Data Factory", "finance-only", born: 20, .days(90), nil).limited(
            NarrowingRequest(teams: ["Finance"])),
        // Its limit names the office, and it is used from elsewhere: every use is refused.
        DemoToken("QA Sandbox", "sandbox", born: 50, .days(180), .builds).limited(
            NarrowingRequest(allowedCIDRs: ["10.60.0.0/24"])),
    ]

    /// Soon at their end, without an end, or forgotten.
    private static let aging: [DemoToken] = [
        DemoToken("Finance Metrics", "closing", born: 88, .days(90), .reports),
        DemoToken("Marketing Attribution", "attribution", born: 81, .days(90), .pipeline),
        DemoToken("Fraud Scoring", "scoring-production", born: 77, .days(90), .hourly),
        DemoToken("Spark Batch", "weekly-batch", born: 64, .days(90), .pipeline),
        DemoToken("Backup Verifier", "restores", born: 87, .days(90), .reports),
        DemoToken("Legacy ETL", "etl", born: 119, .never, .pipeline),
        DemoToken("Legacy ETL", "etl-backup", born: 119, .never, .reports, quietSince: 104),
        DemoToken("Warehouse Migration", "cutover", born: 114, .never, .builds, quietSince: 98),
        DemoToken("Alation Sync", "trial", born: 115, .days(365), .catalogue, quietSince: 101),
        DemoToken("Atlan Sync", "atlan", born: 74, .days(365), nil),
        DemoToken("test123", "test", born: 29, .days(60), nil),
        DemoToken("Snowflake Loader", "old-schema", born: 92, .days(30), .pipeline, quietSince: 62),
        DemoToken("Customer 360", "proof-of-concept", born: 69, .days(30), .builds),
        DemoToken("Kafka Connect", "load-test", born: 45, .days(7), .hourly, quietSince: 39),
        DemoToken("GitHub Actions", "release-candidate", born: 36, .days(30), .builds, quietSince: 7),
    ]

    private static let shut: [DemoToken] = [
        DemoToken(
            "GitHub Actions", "found-in-a-commit", born: 100, .days(365), .builds, quietSince: nil,
            .revoke(18, .compromised)),
        DemoToken(
            "Airflow Staging", "old-cluster", born: 117, .days(365), .hourly, quietSince: nil,
            .revoke(9, .unspecified)),
        DemoToken("Power BI Reader", "pilot", born: 95, .days(365), .reports, quietSince: 60, .revoke(58, .cessation)),
        DemoToken(
            "Tableau Reader", "desktop", born: 108, .days(365), .reports, quietSince: 33, .revoke(33, .unspecified)),
        DemoToken(
            "Data Factory", "manual-runs", born: 90, .days(180), .builds, quietSince: nil, .revoke(41, .unspecified),
            .restore(40)),
        DemoToken(
            "Monitoring", "first-try", born: 105, .days(90), nil, quietSince: nil, .revoke(104, .unspecified),
            .delete(70)),
        DemoToken("QA Sandbox", "throwaway", born: 48, .days(7), .builds, quietSince: 42, .delete(30)),
    ]

    private static let rotated: [DemoToken] = [
        DemoToken(
            "Airflow Production", "backfill", born: 110, .days(120), .hourly, quietSince: nil,
            .rotate(2, .untilFirstUse, provenSince: nil)),
        DemoToken(
            "dbt Cloud", "documentation", born: 100, .days(120), .reports, quietSince: 4,
            .rotate(6, .span(.days(14)), provenSince: 5)),
        DemoToken(
            "Snowflake Loader", "stage", born: 85, .days(120), .hourly, quietSince: nil,
            .rotate(5, .span(.days(14)), provenSince: 4)),
        DemoToken(
            "Customer 360", "profiles", born: 68, .days(90), .pipeline, quietSince: 4,
            .rotate(5, .untilFirstUse, provenSince: 4)),
        DemoToken(
            "Finance Metrics", "planning", born: 89, .days(90), .reports, quietSince: 25,
            .rotate(26, .untilFirstUse, provenSince: 25)),
        DemoToken(
            "Marketing Attribution", "campaigns", born: 80, .days(90), .reports, quietSince: 50,
            .rotate(52, .untilFirstUse, provenSince: 50), .delete(35)),
        DemoToken(
            "Fraud Scoring", "scoring-staging", born: 75, .days(120), .hourly, quietSince: nil,
            .rotate(12, .untilFirstUse, provenSince: nil), .revokeSuccessor(11)),
    ]

    private static let personal: [DemoToken] = [
        DemoToken("Jonas Lindqvist", "laptop", born: 100, .days(365), .person),
        DemoToken("Rafael Moreno", "cli", born: 80, .days(90), .person),
        DemoToken("Leila Haddad", "notebook", born: 55, .days(90), .person),
        DemoToken("Anna Petrova", "cli", born: 45, .days(90), .person),
        DemoToken("Wei Chen", "exploring", born: 33, .days(30), .person, quietSince: 5),
        DemoToken("Peter Hughes", "cli", born: 90, .days(365), .person),
    ]
}
