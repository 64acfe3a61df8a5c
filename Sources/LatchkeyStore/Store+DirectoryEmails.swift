import LatchkeyCore

/// The mail addresses of those whom directories see, by which they are found.
extension Transaction {
    /// A stretch of all people, in the order of ids.
    func peopleWithEntry(after last: ID<User>) throws(Refusal) -> [Person] {
        try all(
            """
            SELECT \(Person.columns) FROM directory_person p JOIN user_account u ON u.id = p.user_id
            WHERE p.user_id > \(last) AND p.hidden_at IS NULL ORDER BY p.user_id LIMIT 1000
            """, Person.read)
    }
}

extension WriteTransaction {
    /// Writes what differs; of most changes that is nothing.
    func setAddresses(of user: ID<User>, _ addresses: Set<String>) throws(Refusal) {
        let kept = Set(
            try all("SELECT address_folded FROM directory_email WHERE user_id = \(user)") { row in row.text(0) })
        for gone in kept.subtracting(addresses).sorted() {
            try run("DELETE FROM directory_email WHERE address_folded = \(gone) AND user_id = \(user)")
        }
        for new in addresses.subtracting(kept).sorted() {
            try run("INSERT INTO directory_email (address_folded, user_id) VALUES (\(new), \(user))")
        }
    }

    /// The address of an account that no directory has touched yet is all that is known.
    func updateAddresses(ofUntouched user: User) throws(Refusal) {
        let isUntouched = try number(
            """
            SELECT COUNT(*) FROM directory_person
            WHERE user_id = \(user.id) AND directory_id = 0 AND attributes = '{}' AND hidden_at IS NULL
            """)
        guard isUntouched > 0 else { return }
        try setAddresses(of: user.id, user.addresses)
    }
}

extension Person {
    /// As they are looked for. Nobody finds who was deleted.
    var addresses: Set<String> { entry.hiddenAt == nil ? record.addresses : [] }
}

extension AttributeRecord {
    var addresses: Set<String> {
        let emails = self[DirectoryAttribute.emails]?.items ?? []
        return Set(emails.compactMap { ($0.object?["value"] ?? $0).text?.addressKey })
    }
}

extension User {
    /// Of somebody whom no directory has touched.
    var addresses: Set<String> { Set([email].compactMap { $0?.addressKey }) }
}

extension String {
    /// Folded, and short enough for an index of any engine: a directory may call anything an address.
    var addressKey: String {
        String(String.UnicodeScalarView(folded.unicodeScalars.prefix(250)))
    }
}
