import LatchkeyCore

/// One step of the schema. Steps run once each, in order, and are never edited once they have landed.
struct Migration: Sendable {
    let number: Int64
    let name: String
    /// Statements in PostgreSQL's words; ``Dialect`` turns them into SQLite's.
    let schema: String
    /// What only one of the engines understands.
    let own: [Dialect: String]
    /// Rows that belong to the schema.
    let rows: @Sendable (Timestamp) -> [SQL]
    /// Rows that are made from others by rules that SQL does not know, such as folding.
    var fill: @Sendable (WriteTransaction) throws(Refusal) -> Void = { _ in }

    static let all = [
        core, lastUses, signIn, identityProviders, directory, dailyCounts, tokenTally, signInTries, trustedIssuers,
        directorySearch, listIndexes, feedLength, listedUses,
    ]

    static var newest: Int64 { all.map(\.number).max() ?? 0 }
}
