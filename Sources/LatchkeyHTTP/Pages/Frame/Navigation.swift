import LatchkeyCore

/// The way around the console: each page that has a place in the side bar, and who sees it.
struct Navigation: Sendable {
    private struct Place: Sendable {
        let group: String?
        let label: String
        let path: String
        let icon: String
        let permission: Permission

        init(_ label: String, _ path: String, icon: String, _ permission: Permission, in group: String? = nil) {
            self.group = group
            self.label = label
            self.path = path
            self.icon = icon
            self.permission = permission
        }
    }

    private let places = [
        Place("Home", "/", icon: "home", .readUsers),
        Place("Users", "/settings/security/users", icon: "users", .readUsers, in: "Security"),
        Place("Teams", "/settings/security/teams", icon: "teams", .readTeams, in: "Security"),
        Place("Tokens", "/settings/tokens", icon: "key", .manageOwnTokens),
        Place("Audit", "/settings/audit", icon: "audit", .readActivity),
        Place("Policy", PolicyPage.path, icon: "shield", .manageTokens),
        Place("Directory sync", DirectoryPage.path, icon: "rotate", .manageTokens),
        Place("Sign-in", "/settings/sign-in", icon: "door", .manageUsers),
    ]

    func groups(for caller: Caller, at path: String) -> [NavigationGroup] {
        let visible = places.filter { caller.isAllowed($0.permission) }
        var groups: [(name: String?, links: [NavigationLink])] = []
        for place in visible {
            let isHere = place.path == "/" ? path == "/" : path == place.path || path.hasPrefix(place.path + "/")
            let link = NavigationLink(label: place.label, path: place.path, icon: place.icon, isHere: isHere)
            if let last = groups.last, last.name == place.group {
                groups[groups.count - 1].links.append(link)
            } else {
                groups.append((place.group, [link]))
            }
        }
        return groups.map { NavigationGroup(name: $0.name, links: $0.links) }
    }
}

struct NavigationGroup: View {
    let name: String?
    let links: [NavigationLink]
}

struct NavigationLink: View {
    let label: String
    let path: String
    let icon: String
    let isHere: Bool
}
