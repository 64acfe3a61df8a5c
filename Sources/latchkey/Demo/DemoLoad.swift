import LatchkeyCore

/// How a token is used, from day to day.
struct DemoLoad {
    /// The hours of the day, in UTC.
    let hours: ClosedRange<Int>
    /// Uses in each of these hours, more or less.
    let uses: ClosedRange<Int>
    var worksOnWeekends = true
    let agent: String
    let addresses: [String]
    let calls: [(method: String, route: String)]

    private static let me = ("GET", "/api/users/me")
    private static let read = [me, ("GET", "/api/resources"), ("GET", "/api/teams/listing")]
    private static let write = [me, ("GET", "/api/resources"), ("PUT", "/api/resources/{id}")]

    static let pipeline = DemoLoad(
        hours: 0...6, uses: 2...6, agent: "python-requests/2.32.3", addresses: ["10.20.4.17", "10.20.4.18"],
        calls: write)
    static let hourly = DemoLoad(
        hours: 0...23, uses: 1...2, agent: "apache-airflow/2.10.2", addresses: ["10.20.4.31"], calls: read)
    static let catalogue = DemoLoad(
        hours: 4...5, uses: 5...14, agent: "alation-connector/5.1", addresses: ["198.51.100.24"], calls: read)
    static let builds = DemoLoad(
        hours: 8...18, uses: 0...3, worksOnWeekends: false, agent: "curl/8.9.1",
        addresses: ["192.0.2.40", "192.0.2.41", "192.0.2.77"], calls: write)
    static let reports = DemoLoad(
        hours: 6...9, uses: 1...4, worksOnWeekends: false, agent: "Tableau/2024.3", addresses: ["10.30.1.9"],
        calls: read)
    static let directory = DemoLoad(
        hours: 2...2, uses: 1...2, agent: "Entra-Provisioning/1.0", addresses: ["203.0.113.5"],
        calls: [("GET", "/api/scim/v2/Users")])
    static let person = DemoLoad(
        hours: 9...16, uses: 0...1, worksOnWeekends: false, agent: "qualytics-cli/0.4.1",
        addresses: ["10.50.2.14", "10.50.2.61", "10.50.3.8"], calls: read)
}
