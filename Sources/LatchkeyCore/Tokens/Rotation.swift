/// How long a rotated token goes on working beside its successor.
public enum Overlap: Hashable, Sendable {
    /// The old token stops with the reply.
    case none
    /// Until the successor has been used once and a grace has passed; so a lost reply costs nothing.
    case untilFirstUse
    case span(Duration)

    /// `none`, `until_first_use` or an ISO 8601 duration such as `PT24H`, of a year at most.
    public var text: String {
        switch self {
        case .none: "none"
        case .untilFirstUse: "until_first_use"
        case .span(let span): span.isoText
        }
    }

    public init?(text: String) {
        switch text {
        case "none": self = .none
        case "until_first_use": self = .untilFirstUse
        default:
            guard let span = Duration(isoText: text), span > .zero, span <= .days(365) else { return nil }
            self = .span(span)
        }
    }
}

/// What became of a token that was rotated; kept on the old token.
public struct Rotation: Hashable, Sendable {
    public let successor: ID<Token>
    public let startedAt: Timestamp
    public let overlap: Overlap
    /// The successor's first use.
    public var provenAt: Timestamp?
    /// From then on the old token is refused.
    public var retiresAt: Timestamp?
    /// The successor was shut off before it was ever used: the old token lives on as if never rotated.
    public var abortedAt: Timestamp?

    public init(
        successor: ID<Token>, startedAt: Timestamp, overlap: Overlap, provenAt: Timestamp? = nil,
        retiresAt: Timestamp? = nil, abortedAt: Timestamp? = nil
    ) {
        self.successor = successor
        self.startedAt = startedAt
        self.overlap = overlap
        self.provenAt = provenAt
        self.retiresAt = retiresAt
        self.abortedAt = abortedAt
    }

    public enum Stage: String, Hashable, Sendable, CaseIterable {
        case issued, proven, overlapping, retired, watched, done, aborted
    }
}

extension Token {
    /// How far the rotation of this token has come; `nil` if it was never rotated.
    ///
    /// `lastUsed` is the old token's own last use, refused ones included: a use within the watch starts it again.
    public func rotationStage(at now: Timestamp, lastUsed: Timestamp?, watch: Duration) -> Rotation.Stage? {
        guard let rotation else { return nil }
        if rotation.abortedAt != nil { return .aborted }
        if deletedAt != nil { return .done }
        if standing(at: now) == .active {
            guard rotation.provenAt != nil else { return .issued }
            return lastUsed.map { $0 > (rotation.provenAt ?? $0) } == true ? .overlapping : .proven
        }
        let end = revocation?.at ?? rotation.retiresAt ?? now
        let quietSince = max(end, lastUsed ?? end)
        return now < quietSince + watch ? .retired : .watched
    }
}

extension Duration {
    /// ISO 8601, in days, hours, minutes and seconds: `P1DT12H`. Years and months have no fixed length and are refused.
    public init?(isoText: String) {
        let pattern = /P(?:([0-9]{1,6})D)?(?:T(?:([0-9]{1,8})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})S)?)?/
        guard let match = isoText.wholeMatch(of: pattern), isoText.last?.isNumber == false, isoText.last != "T",
            isoText != "P"
        else { return nil }
        let parts = [match.1, match.2, match.3, match.4].map { $0.flatMap { Int64($0) } ?? 0 }
        self = .seconds(parts[0] * 86400 + parts[1] * 3600 + parts[2] * 60 + parts[3])
    }

    public var isoText: String {
        let total = components.seconds
        let parts = [(total / 3600, "H"), (total / 60 % 60, "M"), (total % 60, "S")].filter { $0.0 > 0 }
        return "PT" + (parts.isEmpty ? "0S" : parts.map { "\($0.0)\($0.1)" }.joined())
    }
}
