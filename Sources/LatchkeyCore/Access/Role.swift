/// What an account may do on the whole platform. Each includes those below it.
public enum Role: String, Hashable, Sendable, CaseIterable, Comparable {
    case member = "Member"
    case editor = "Editor"
    case manager = "Manager"
    case admin = "Admin"

    public var rank: Int {
        switch self {
        case .member: 0
        case .editor: 1
        case .manager: 2
        case .admin: 3
        }
    }

    public static func < (left: Role, right: Role) -> Bool {
        left.rank < right.rank
    }
}
