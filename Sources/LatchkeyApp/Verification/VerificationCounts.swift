import Synchronization

/// How many verifications ended how, since the start.
public final class VerificationCounts: Sendable {
    private static let valid = "valid"

    private let counts = Mutex([Int](repeating: 0, count: RefusedUse.Reason.allCases.count + 1))

    func count(_ verdict: Verdict) {
        let place = verdict.refusal.map { $0.reason.place + 1 } ?? 0
        counts.withLock { $0[place] += 1 }
    }

    /// One word for each outcome there can be, with its number.
    public var totals: [(outcome: String, count: Int)] {
        let names = [Self.valid] + RefusedUse.Reason.allCases.map(\.rawValue)
        return Array(zip(names, counts.withLock { $0 }))
    }
}

extension RefusedUse.Reason {
    fileprivate var place: Int {
        switch self {
        case .malformed: 0
        case .unknown: 1
        case .revoked: 2
        case .expired: 3
        case .superseded: 4
        case .userDeactivated: 5
        case .addressNotAllowed: 6
        case .deleted: 7
        case .replayed: 8
        }
    }
}
