public import LatchkeyCore

extension Transaction {
    /// A setting of the instance as a whole: `id`, `key_check`.
    public func instanceValue(_ name: String) throws(Refusal) -> String? {
        try first("SELECT value FROM instance WHERE name = \(name)") { row in row.text(0) }
    }
}

extension WriteTransaction {
    func setInstanceValue(_ name: String, _ value: String) throws(Refusal) {
        try run(
            """
            INSERT INTO instance (name, value) VALUES (\(name), \(value))
            ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """)
    }
}
