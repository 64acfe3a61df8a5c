import LatchkeyApp
import LatchkeyCore
import LatchkeyStore
import Synchronization

/// What `/metrics` says beside the requests: how the index, the feed, the tokens and the backups are doing.
final class InstanceMetrics: Sendable {
    private let app: App
    private let store: Store
    private let hasOwnBackups: Bool
    private let now: @Sendable () -> Timestamp
    private let remembered = Mutex(Remembered())

    private struct Remembered {
        var census: (taken: Timestamp, census: Census)?
        /// Since when the index has shown this change while there are newer ones.
        var behind: (applied: Int64, since: Timestamp)?
    }

    /// Counting tokens reads all of them, so a count serves every scrape of 15 seconds.
    private static let censusLife = Duration.seconds(15)

    init(app: App, instance: Instance, now: @escaping @Sendable () -> Timestamp) {
        self.app = app
        store = instance.store
        hasOwnBackups = instance.settings.database == nil
        self.now = now
    }

    func write(to text: inout MetricsText) async {
        text.add("latchkey_info", .gauge, "The version that runs.", [.init(1, ("version", Version.text))])
        writeIndex(to: &text)
        writePolicy(to: &text)
        await writeFeed(to: &text)
        guard let census = try? await census() else { return }
        census.write(to: &text, at: now(), hasOwnBackups: hasOwnBackups)
    }

    private func writeIndex(to text: inout MetricsText) {
        let size = app.index.size
        text.add("latchkey_index_tokens", .gauge, "Tokens that verification knows.", [.init(size.tokens)])
        text.add("latchkey_index_accounts", .gauge, "Accounts that verification knows.", [.init(size.accounts)])
        text.add("latchkey_index_bytes", .gauge, "Memory that the token index takes.", [.init(size.tokenBytes)])
        text.add(
            "latchkey_usage_pending_rows", .gauge, "Counts of uses that wait to be written.",
            [.init(app.ledger.pendingRows)])
        text.add(
            "latchkey_usage_dropped_total", .counter, "Uses that were beyond every bound.", [.init(app.ledger.dropped)])
        text.add(
            "latchkey_verifications_total", .counter, "Verifications by outcome.",
            app.verifications.totals.map { .init($0.count, ("outcome", $0.outcome)) })
    }

    private func writePolicy(to text: inout MetricsText) {
        let policy = app.policyInForce.standing
        text.add(
            "latchkey_policy_current", .gauge, "Whether the policy in force is the newest text of its file.",
            [.init(policy.fault == nil ? 1 : 0)])
        text.add(
            "latchkey_policy_reloads_total", .counter, "New texts of the policy, by what became of them.",
            [.init(policy.reloads.taken, ("outcome", "taken")), .init(policy.reloads.refused, ("outcome", "refused"))])
    }

    private func writeFeed(to text: inout MetricsText) async {
        let status = await app.status()
        text.add(
            "latchkey_database_up", .gauge, "Whether the database answers.", [.init(status.databaseAnswers ? 1 : 0)])
        text.add(
            "latchkey_change_feed_lag", .gauge, "Committed changes that verification does not know of yet.",
            [.init(Int(max(0, status.newestChange - status.appliedChange)))])
        text.add(
            "latchkey_revocation_lag_seconds", .gauge, "For how long committed changes have waited to be applied.",
            [.init(lag(status))])
    }

    private func lag(_ status: InstanceStatus) -> Double {
        let now = now()
        return remembered.withLock { remembered in
            guard status.newestChange > status.appliedChange else {
                remembered.behind = nil
                return 0
            }
            if remembered.behind?.applied != status.appliedChange {
                remembered.behind = (status.appliedChange, now)
            }
            return Double((now - (remembered.behind?.since ?? now)).milliseconds) / 1000
        }
    }

    private func census() async throws(Refusal) -> Census {
        let now = now()
        let kept = remembered.withLock { $0.census }
        if let kept, now - kept.taken < Self.censusLife { return kept.census }
        let census = try await store.read { db throws(Refusal) in try Census(db, at: now) }
        remembered.withLock { $0.census = (now, census) }
        return census
    }
}

/// Tokens counted.
struct Census: Sendable {
    private let standings: [(standing: Standing, count: Int)]
    private let expiring: [(days: Int, count: Int)]
    private let backupAt: Timestamp?

    init(_ db: Transaction, at now: Timestamp) throws(Refusal) {
        var standings: [(Standing, Int)] = []
        for standing in [Standing.active, .revoked, .expired] {
            var filter = TokenFilter(now: now)
            filter.standing = standing
            standings.append((standing, try db.tokenCount(filter)))
        }
        var expiring: [(Int, Int)] = []
        for days in [7, 30] {
            var filter = TokenFilter(now: now)
            filter.standing = .active
            filter.expiresBefore = now + .days(days)
            expiring.append((days, try db.tokenCount(filter)))
        }
        self.standings = standings
        self.expiring = expiring
        backupAt = try db.instanceValue("backup_at").flatMap { Timestamp(text: $0) }
    }

    /// A backup that was never made is infinitely old: an alarm on its age needs no case of its own.
    func write(to text: inout MetricsText, at now: Timestamp, hasOwnBackups: Bool) {
        text.add(
            "latchkey_tokens", .gauge, "Tokens by state.",
            standings.map { .init($0.count, ("state", $0.standing.rawValue)) })
        text.add(
            "latchkey_tokens_expiring", .gauge, "Active tokens that expire within so many days.",
            expiring.map { .init($0.count, ("within_days", String($0.days))) })
        guard hasOwnBackups else { return }
        let age = backupAt.map { Double((now - $0).milliseconds) / 1000 } ?? .infinity
        text.add("latchkey_last_backup_age_seconds", .gauge, "Time since the last backup.", [.init(age)])
    }
}
