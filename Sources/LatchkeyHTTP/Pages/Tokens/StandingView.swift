import LatchkeyCore

/// A token's standing, for the partial `token/state`: a colour, and a word beside it.
struct StandingView: View {
    let word: String
    /// `good`, `warn`, `bad` or `off`.
    let kind: String

    init(_ standing: Standing) {
        switch standing {
        case .active: (word, kind) = ("Active", "good")
        case .revoked: (word, kind) = ("Revoked", "warn")
        case .expired: (word, kind) = ("Expired", "bad")
        case .deleted: (word, kind) = ("Deleted", "off")
        }
    }
}
