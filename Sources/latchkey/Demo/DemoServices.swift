import LatchkeyCore

/// The service users of the made-up organisation: good and bad ones, as they are found in the field.
extension DemoCast {
    struct Service {
        let name: String
        let role: Role
        let teams: [String]
        let purpose: String?
        let owner: String?
        /// How many days ago it was made, and deactivated if it was.
        let born: Int
        var left: Int?

        init(
            _ name: String, _ role: Role, _ teams: [String] = [], born: Int, owner: String? = nil, left: Int? = nil,
            for purpose: String? = nil
        ) {
            self.name = name
            self.role = role
            self.teams = teams
            self.purpose = purpose
            self.owner = owner
            self.born = born
            self.left = left
        }
    }

    static let services: [Service] = [
        Service(
            "Airflow Production", .manager, ["Data Engineering"], born: 118, owner: "Rafael Moreno",
            for: "Starts the nightly and hourly pipelines."),
        Service(
            "Airflow Staging", .manager, ["Data Engineering"], born: 118, owner: "Rafael Moreno",
            for: "The same pipelines, on copies."),
        Service(
            "dbt Cloud", .manager, ["Data Engineering"], born: 116, owner: "Leila Haddad",
            for: "Runs checks after each model."),
        Service(
            "Alation Sync", .manager, ["Governance"], born: 115, owner: "Priya Raman",
            for: "Carries checks and owners into the catalogue."),
        Service(
            "Atlan Sync", .manager, ["Governance"], born: 74, owner: "Priya Raman", for: "Second catalogue, on trial."),
        Service(
            "Data Factory", .manager, ["Data Engineering", "Finance"], born: 112, owner: "Ingrid Solberg",
            for: "Loads the ledger every night."),
        Service(
            "GitHub Actions", .editor, ["Data Quality"], born: 110, owner: "Anna Petrova",
            for: "Deploys checks from the repository."),
        Service(
            "Tableau Reader", .member, ["Analytics"], born: 109, owner: "Wei Chen",
            for: "Quality scores in dashboards."),
        Service(
            "Power BI Reader", .member, ["Finance"], born: 96, owner: "Claire Dubois",
            for: "Quality scores in the monthly report."),
        Service(
            "Snowflake Loader", .editor, ["Data Engineering"], born: 93, owner: "Tomasz Nowak",
            for: "Registers new schemas."),
        Service(
            "Finance Metrics", .member, ["Finance"], born: 90, owner: "Claire Dubois",
            for: "Feeds the closing checklist."),
        Service(
            "Marketing Attribution", .editor, ["Marketing"], born: 81, owner: "Noah Bergman",
            for: "Compares campaigns with sales."),
        Service(
            "Fraud Scoring", .member, ["Data Quality"], born: 77, owner: "Diego Santos",
            for: "Stops when the features look wrong."),
        Service(
            "Customer 360", .editor, ["Analytics"], born: 70, owner: "Amelia Clarke", for: "Customer profiles."),
        Service("Kafka Connect", .member, ["Data Engineering"], born: 66, owner: "Marcus Reid", for: "Stream checks."),
        Service("Spark Batch", .editor, ["Data Engineering"], born: 64, owner: "Peter Hughes", for: "Weekly batches."),
        Service(
            "Warehouse Migration", .admin, ["Platform"], born: 114, owner: "Jonas Lindqvist", left: 21,
            for: "Moved the warehouse; finished."),
        Service(
            "Entra Provisioning", .admin, [], born: 119, owner: "Mei Tanaka",
            for: "Keeps people in step with the directory."),
        Service(
            "Okta Provisioning", .admin, [], born: 58, owner: "Mei Tanaka", for: "The directory of the new office."),
        Service(
            "Monitoring", .member, ["Platform"], born: 105, owner: "Katrin Vogel",
            for: "Asks every minute whether all is well."),
        Service("Backup Verifier", .member, ["Platform"], born: 88, owner: "Katrin Vogel", for: "Compares restores."),
        Service(
            "Terraform", .admin, ["Platform"], born: 119, owner: "Jonas Lindqvist",
            for: "Teams and resources as code."),
        Service("QA Sandbox", .editor, ["Data Quality"], born: 52, owner: "Fatima Zahra"),
        Service("Legacy ETL", .manager, ["Data Engineering"], born: 119),
        Service("test123", .member, born: 29),
    ]
}
