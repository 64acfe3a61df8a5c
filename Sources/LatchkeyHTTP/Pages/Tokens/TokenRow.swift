import LatchkeyApp
import LatchkeyCore

/// A token as a row of the list.
struct TokenRow: View {
    let id: String
    let path: String
    let name: String
    let hint: String
    let state: StandingView
    let isFaded: Bool
    let owner: String
    let ownerHandle: String
    let ownerPath: String
    let expires: Moment?
    /// Whether the end is near or the token has none: shown in the colour of a warning.
    let isExpiryNotable: Bool
    let lastUse: Moment?
    let isSCIM: Bool
    let isLimited: Bool
    let rotation: String?
    let created: Moment
    let spark: Drawing
    let menu: RowMenu

    private static let soon = Duration.days(30)

    init(_ summary: TokenSummary, uses: [DailyUses], visit: Visit, app: App) {
        let token = summary.token
        let standing = token.standing(at: visit.now)
        id = "\(token.id)"
        path = token.path
        name = token.name
        hint = token.isKeyless ? "keyless" : "…\(token.hint)"
        state = StandingView(standing)
        isFaded = standing != .active
        owner = summary.owner.name
        ownerHandle = summary.owner.handle
        ownerPath = "/settings/security/users/\(summary.owner.id)"
        expires = Moment(token.expiresAt, now: visit.now)
        isExpiryNotable = standing == .active && (token.expiresAt.map { $0 < visit.now + Self.soon } ?? true)
        lastUse = Moment(summary.lastUse?.at, now: visit.now)
        isSCIM = token.isSCIMOnly
        isLimited = !token.narrowing.isNone
        rotation = token.rotationStage(
            at: visit.now, lastUsed: summary.lastUse?.at, watch: app.settings.tokens.watch
        ).map(RotationWords.badge)
        created = Moment(token.createdAt, now: visit.now)
        spark = .spark(
            uses.map { $0.uses + $0.refusals }, id: "spark-\(token.id)", title: "Uses of \(token.name) by day")
        menu = RowMenu(
            id: "menu-\(token.id)", label: "Actions for \(token.name)",
            links: TokenLinks.all(token, at: visit.now))
    }
}

/// What can be done with a token as it is now.
enum TokenLinks {
    static func all(_ token: Token, at now: Timestamp) -> [MenuLink] {
        func link(_ label: String, _ step: String, _ icon: String, isGrave: Bool = false) -> MenuLink {
            MenuLink(label: label, path: "\(token.path)/\(step)", icon: icon, isGrave: isGrave, isDialog: true)
        }
        let rename = link("Rename", "edit", "edit")
        guard token.standing(at: now) != .active else {
            let rotate = token.isKeyless ? [] : [link("Rotate", "rotate", "rotate")]
            return rotate + [rename, link("Revoke", "revoke", "ban", isGrave: true)]
        }
        let delete = link("Delete", "delete", "trash", isGrave: true)
        return token.isRestorable(at: now) ? [link("Restore", "restore", "undo"), rename, delete] : [rename, delete]
    }
}

/// The stages of a rotation in words.
enum RotationWords {
    static func badge(_ stage: Rotation.Stage) -> String { "Rotation \(stage.rawValue)" }

    static func sentence(_ stage: Rotation.Stage) -> String {
        switch stage {
        case .issued: "The successor has not been used yet; both tokens work."
        case .proven: "The successor is in use, and this token has not been used since."
        case .overlapping: "The successor is in use, and so is this token: somebody has not changed over yet."
        case .retired: "This token is shut off. A late use of it would show here and in the audit log."
        case .watched: "This token has been quiet for the whole watch period and can be deleted."
        case .done: "This token is deleted. The rotation is complete."
        case .aborted: "The successor was shut off before its first use; this token goes on alone."
        }
    }

    static let steps: [Rotation.Stage] = [.issued, .proven, .overlapping, .retired, .watched, .done]
}
