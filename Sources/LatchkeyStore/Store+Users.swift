public import LatchkeyCore

extension Transaction {
    public func user(_ id: ID<User>) throws(Refusal) -> User? {
        try first("SELECT \(User.columns) FROM user_account u WHERE u.id = \(id)", User.read)
    }

    /// Deactivated ones too: a handle is never used again.
    public func user(handle: String) throws(Refusal) -> User? {
        try first("SELECT \(User.columns) FROM user_account u WHERE u.handle = \(handle)", User.read)
    }

    public func userReference(_ id: ID<User>) throws(Refusal) -> UserReference? {
        try first("SELECT \(UserReference.columns(of: .itself)) FROM user_account u WHERE u.id = \(id)") {
            row throws(Refusal) in try UserReference(row, at: 0)
        }
    }

    /// How many people could still administer this instance. A service user is no way back in for anybody.
    public func activeAdminCount() throws(Refusal) -> Int {
        Int(
            try number(
                """
                SELECT COUNT(*) FROM user_account
                WHERE role = 'Admin' AND deactivated_at IS NULL AND user_type = 'Human'
                """))
    }

    /// Active accounts for pickers, by name; all types when none is given.
    public func userStubs(type: UserType? = nil) throws(Refusal) -> [UserReference] {
        let condition: SQL = type.map { "AND u.user_type = \($0)" } ?? ""
        return try all(
            """
            SELECT \(UserReference.columns(of: .itself)) FROM user_account u
            WHERE u.deactivated_at IS NULL \(condition) ORDER BY u.name_folded, u.id
            """
        ) { row throws(Refusal) in try UserReference(row, at: 0) }
    }
}

extension WriteTransaction {
    func insert(_ user: User) throws(Refusal) {
        try run(
            """
            INSERT INTO user_account (id, user_type, handle, user_name, email, name, name_folded, role, role_rank,
                purpose, owner_id, created_at, created_by, deactivated_at, last_login_at, is_break_glass, version)
            VALUES (\(user.id), \(user.type), \(user.handle), \(user.userName), \(user.email), \(user.name),
                \(user.name.folded), \(user.role), \(user.role.rank), \(user.purpose), \(user.owner),
                \(user.createdAt), \(user.createdBy), \(user.deactivatedAt), \(user.lastLogin ?? .never),
                \(user.isBreakGlass), \(user.version))
            """)
        try insertUse(of: user)
        if user.type == .human, !user.isBreakGlass { try insertEntry(of: user) }
    }

    func update(_ user: User, at now: Timestamp) throws(Refusal) {
        let changed = try run(
            """
            UPDATE user_account SET user_name = \(user.userName), email = \(user.email), name = \(user.name),
                name_folded = \(user.name.folded), role = \(user.role), role_rank = \(user.role.rank),
                purpose = \(user.purpose), owner_id = \(user.owner), deactivated_at = \(user.deactivatedAt),
                last_login_at = \(user.lastLogin ?? .never), version = \(user.version)
            WHERE id = \(user.id) AND version = \(user.version - 1)
            """)
        try requireOne(changed, "user")
        if user.type == .human, !user.isBreakGlass { try updateEntry(of: user, at: now) }
    }
}

extension WriteTransaction {
    /// A row is changed only as the rule saw it; another change in between is a conflict, never overwritten.
    func requireOne(_ changed: Int, _ noun: String) throws(Refusal) {
        guard changed == 1 else { throw .conflict("The \(noun) has been changed meanwhile; read it again.") }
    }
}

extension Timestamp {
    /// How a moment that has not come is kept in columns by which lists are sorted.
    static let never = Timestamp(milliseconds: 0)

    /// The expiry of what does not expire.
    static let endOfTime = Timestamp(milliseconds: .max)
}

extension User {
    static let columns: SQL = """
        u.id, u.user_type, u.handle, u.user_name, u.email, u.name, u.role, u.purpose, u.owner_id, u.created_at,
        u.created_by, u.deactivated_at, u.last_login_at, u.is_break_glass, u.version
        """
    static let columnCount: Int32 = 15

    static func read(_ row: Row) throws(Refusal) -> User {
        User(
            id: row.id(0), type: try row.word(1), handle: row.text(2), userName: row.text(3),
            email: row.optionalText(4), name: row.text(5), role: try row.word(6), purpose: row.optionalText(7),
            owner: row.optionalID(8), createdAt: row.time(9), createdBy: row.optionalID(10),
            deactivatedAt: row.optionalTime(11), lastLogin: row.timeOrNever(12), isBreakGlass: row.flag(13),
            version: row.int(14))
    }
}

extension Row {
    func timeOrNever(_ column: Int32) -> Timestamp? {
        let time = time(column)
        return time == .never ? nil : time
    }
}

extension UserReference {
    static let columnCount: Int32 = 6

    /// The columns of one of the users that a query joins, under the name that it gives the table there.
    static func columns(of joined: JoinedUser) -> SQL {
        switch joined {
        case .itself: "u.id, u.handle, u.user_name, u.name, u.user_type, u.email"
        case .owner: "o.id, o.handle, o.user_name, o.name, o.user_type, o.email"
        case .creator: "c.id, c.handle, c.user_name, c.name, c.user_type, c.email"
        case .revoker: "r.id, r.handle, r.user_name, r.name, r.user_type, r.email"
        }
    }

    enum JoinedUser {
        case itself, owner, creator, revoker
    }

    init(_ row: Row, at start: Int32) throws(Refusal) {
        self.init(
            id: row.id(start), handle: row.text(start + 1), userName: row.text(start + 2), name: row.text(start + 3),
            type: try row.word(start + 4), email: row.optionalText(start + 5))
    }

    /// `nil` when the join found nobody.
    static func read(_ row: Row, at start: Int32) throws(Refusal) -> UserReference? {
        row.isNull(start) ? nil : try UserReference(row, at: start)
    }
}
