import LatchkeyApp
import LatchkeyCore

/// The fields by which a user is made or edited, with the choices that go with them.
struct UserFields: View {
    let name: TextField
    let role: ChoiceField
    let teams: TeamPicker
    let purpose: TextField
    let owner: TextField

    static let names = ["name", "role", "teams", "purpose", "owner_id"]
    private static let path = "/settings/security/users"

    /// - Parameter user: `nil` for a new service user.
    init(_ form: Form, _ user: UserSummary?, teams: TeamPicker, ownerNow: String) {
        let name = form.text("name", "Name", user?.user.name ?? "", hint: user == nil ? Self.nameHint : Self.keptHint)
            .such(as: "Pipeline Automation")
        self.name = user == nil ? name.commented(by: "\(Self.path)/new/handle") : name
        role = form.choice("role", "Role", Self.roles, chosen: (user?.user.role ?? .member).rawValue)
        self.teams = teams
        purpose = form.text("purpose", "Purpose", user?.user.purpose ?? "").optional
            .such(as: "What runs with it, and whom to ask when it stops")
        owner = form.text(
            "owner_id", "Owner", ownerNow, hint: "The mail address of the person who answers for it."
        ).optional.suggested(by: "\(Self.path)/people")
    }

    private static let nameHint = "What it is for, such as Alation Sync or API Access: audit logs will show it."
    private static let keptHint = "Its user_id stays as it is."

    static let roles = [
        Option(Role.member.rawValue, detail: "Reads what its teams may read. For BI tools and read-only API access."),
        Option(Role.editor.rawValue, detail: "Also creates and changes what its teams grant."),
        Option(
            Role.manager.rawValue,
            detail: "Also sees all users, teams and connections. For catalog sync, pipelines and the command line."),
        Option(
            Role.admin.rawValue, detail: "Everything, users and tokens included. For full platform automation alone."),
    ]
}

/// What somebody typed into these fields.
extension FormFields {
    func newServiceUser(owner: ID<User>?) throws(Refusal) -> NewServiceUser {
        guard let role: Role = choice("role") else { throw .invalid("/role", "must be one of the roles") }
        return NewServiceUser(
            name: text("name"), role: role, teams: all("teams"), purpose: given("purpose"), owner: owner)
    }
}

extension App {
    /// Whose mail address was typed as a service user's owner.
    func owner(typed: String?, as caller: Caller) async throws(Refusal) -> ID<User>? {
        guard let typed else { return nil }
        do {
            return try await findUser(handle: typed, as: caller).user.id
        } catch .notFound {
            throw .invalid("/owner_id", "There is no person with this mail address.")
        }
    }
}
