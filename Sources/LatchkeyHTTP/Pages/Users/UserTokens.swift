import LatchkeyCore

/// A user's tokens as its page lists them.
struct UserTokens: View {
    let rows: [UserTokenRow]
    let isEmpty: Bool
    /// Beyond those that are listed: where all are.
    let more: String?
    /// Why none are listed, where that is not because there are none.
    let words: String?

    init(_ tokens: [TokenSummary], uses: [ID<Token>: [DailyUses]], of summary: UserSummary, _ visit: Visit) {
        // Trusted issuers have a table of their own.
        let held = tokens.filter { !$0.token.isKeyless }
        rows = held.map { UserTokenRow($0, uses: uses[$0.token.id] ?? [], now: visit.now) }
        isEmpty = rows.isEmpty
        let all = "\(TokenPaths.service)?user=\(FormText.encoded(summary.user.handle))"
        more = tokens.count == UserPage.mostTokens ? all : nil
        let active = summary.activeTokens
        let count = active == 0 ? "no active token" : active == 1 ? "1 active token" : "\(active.grouped) active tokens"
        if summary.user.type == .human {
            words = "\(summary.user.name) has \(count). Personal tokens are seen and managed by their owner alone."
        } else {
            words = visit.caller.isAllowed(.manageTokens) ? nil : "It has \(count). Admins manage them."
        }
    }
}

struct UserTokenRow: View {
    let path: String
    let name: String
    let hint: String
    let isSCIMOnly: Bool
    let standing: StandingView
    let expires: Moment?
    let lastUsed: Moment?
    let spark: Drawing

    init(_ summary: TokenSummary, uses: [DailyUses], now: Timestamp) {
        let token = summary.token
        path = "/settings/tokens/\(token.id)"
        name = token.name
        hint = token.hint
        isSCIMOnly = token.isSCIMOnly
        standing = StandingView(token.standing(at: now))
        expires = Moment(token.expiresAt, now: now)
        lastUsed = Moment(summary.lastUse?.at, now: now)
        spark = Drawing.spark(uses.map(\.uses), id: "spark-\(token.id)", title: "Uses of \(token.name)")
    }
}
