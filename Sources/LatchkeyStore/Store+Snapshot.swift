public import LatchkeyCore

/// What the index of tokens needs to know of one, read in place while the store stands on its row.
///
/// It cannot be copied or kept: a start reads a million of these, and only what is asked for costs anything.
public struct TokenRow: ~Copyable {
    let row: Row

    static let columns: SQL = """
        t.id, t.owner_id, t.token_type, t.is_scim_only, t.digest, t.digest_generation, t.expires_at, t.narrowing,
        t.revoked_at, t.deleted_at, t.retires_at, t.predecessor_id, t.proven_at, t.signed_by,
        t.created_at, t.name
        """

    public var id: ID<Token> { row.id(0) }
    public var owner: ID<User> { row.id(1) }
    public var isPersonal: Bool { row.withBytes(2) { $0.first == UInt8(ascii: "P") } }
    public var isSCIMOnly: Bool { row.flag(3) }
    public var digestGeneration: Int { Int(row.int(5)) }
    /// `nil` for never.
    public var expiresAt: Timestamp? { row.timeOrEndOfTime(6) }
    /// As ``Narrowing/init(stored:)`` reads it.
    public var narrowing: String? { row.optionalText(7) }
    public var revokedAt: Timestamp? { row.optionalTime(8) }
    public var deletedAt: Timestamp? { row.optionalTime(9) }
    public var retiresAt: Timestamp? { row.optionalTime(10) }
    public var predecessor: ID<Token>? { row.optionalID(11) }
    public var provenAt: Timestamp? { row.optionalTime(12) }
    public var signedBy: String { row.text(13) }
    public var createdAt: Timestamp { row.time(14) }
    public var name: String { row.text(15) }

    /// The 32 bytes of the digest, valid within the closure.
    public func withDigest<Value>(_ body: (UnsafeRawBufferPointer) -> Value) -> Value {
        row.withBytes(4, body)
    }
}

/// What the index needs to know of an account.
public struct AccountRow: Hashable, Sendable {
    public let id: ID<User>
    public let handle: String
    public let userName: String
    /// `nil` for a service user.
    public let email: String?
    public let name: String
    public let type: UserType
    public let role: Role
    public let deactivatedAt: Timestamp?
    /// Ascending, `Public` among them.
    public let teams: [ID<Team>]

    public var isActive: Bool { deactivatedAt == nil }
}

extension Transaction {
    /// PostgreSQL hands over whole results, so that a table is read in parts, each continuing behind the last id.
    private static let part = 20_000

    /// Every token, deleted ones too, in the order of their ids.
    public func eachToken(_ body: (borrowing TokenRow) -> Void) throws(Refusal) {
        var (last, found): (Int64, Int) = (0, Self.part)
        while found == Self.part {
            found = 0
            try rows(
                """
                SELECT \(TokenRow.columns) FROM token t WHERE t.id > \(last) ORDER BY t.id LIMIT \(Self.part)
                """
            ) { row in
                last = row.int(0)
                found += 1
                body(TokenRow(row: row))
            }
        }
    }

    /// Those of these tokens that are there, deleted ones too.
    public func eachToken(_ ids: [ID<Token>], _ body: (borrowing TokenRow) -> Void) throws(Refusal) {
        for part in ids.parts(of: 256) {
            try rows("SELECT \(TokenRow.columns) FROM token t WHERE t.id \(in: part)") { row in
                body(TokenRow(row: row))
            }
        }
    }

    /// Every account, deactivated ones too, in the order of their ids.
    public func eachAccount(_ body: (AccountRow) -> Void) throws(Refusal) {
        let everyone = try publicTeam().id
        var last: ID<User> = ID(0)
        while true {
            let bare = try all(
                """
                SELECT \(AccountRow.columns) FROM user_account u WHERE u.id > \(last) ORDER BY u.id LIMIT \(Self.part)
                """, AccountRow.read)
            guard let end = bare.last?.id else { return }
            let teams = try teams("user_id > \(last) AND user_id <= \(end)")
            for account in bare { body(account.with(teams[account.id] ?? [], everyone)) }
            last = end
        }
    }

    /// Those of these accounts that are there, deactivated ones too.
    public func accounts(_ ids: [ID<User>]) throws(Refusal) -> [AccountRow] {
        let everyone = try publicTeam().id
        var accounts: [AccountRow] = []
        for part in ids.parts(of: 256) {
            let teams = try teams("user_id \(in: part)")
            let bare = try all(
                "SELECT \(AccountRow.columns) FROM user_account u WHERE u.id \(in: part) ORDER BY u.id",
                AccountRow.read)
            accounts += bare.map { $0.with(teams[$0.id] ?? [], everyone) }
        }
        return accounts
    }

    private func teams(_ condition: SQL) throws(Refusal) -> [ID<User>: [ID<Team>]] {
        var teams: [ID<User>: [ID<Team>]] = [:]
        try rows("SELECT user_id, team_id FROM team_member WHERE \(condition) ORDER BY user_id, team_id") { row in
            teams[row.id(0), default: []].append(row.id(1))
        }
        return teams
    }
}

extension AccountRow {
    fileprivate static let columns: SQL = """
        u.id, u.handle, u.user_name, u.email, u.name, u.user_type, u.role, u.deactivated_at
        """

    fileprivate static func read(_ row: Row) throws(Refusal) -> AccountRow {
        AccountRow(
            id: row.id(0), handle: row.text(1), userName: row.text(2), email: row.optionalText(3), name: row.text(4),
            type: try row.word(5), role: try row.word(6), deactivatedAt: row.optionalTime(7), teams: [])
    }

    /// `Public` is the first team that ever was, so it comes first.
    fileprivate func with(_ teams: [ID<Team>], _ everyone: ID<Team>) -> AccountRow {
        AccountRow(
            id: id, handle: handle, userName: userName, email: email, name: name, type: type, role: role,
            deactivatedAt: deactivatedAt, teams: [everyone] + teams)
    }
}

extension Array {
    func parts(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
