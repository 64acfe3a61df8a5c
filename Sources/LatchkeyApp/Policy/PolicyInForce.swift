public import LatchkeyCore
import Synchronization

/// The policy that decides now, and what became of the last attempt to take up another.
public final class PolicyInForce: Sendable {
    /// All that there is to know of it at one moment.
    public struct Standing: Sendable {
        public fileprivate(set) var edition: PolicyEdition
        /// The file that it came from.
        public let source: String
        /// When it was taken up; `nil` for one that has decided since the start.
        public fileprivate(set) var since: Timestamp?
        /// Why the newest text is not the one in force, and when it was refused; `nil` when it is.
        public fileprivate(set) var fault: Fault?
        /// Texts that were taken up, and those that were wrong, since the start.
        public fileprivate(set) var reloads = (taken: 0, refused: 0)
    }

    public struct Fault: Hashable, Sendable {
        public let detail: String
        public let at: Timestamp
    }

    public static let builtIn = "built in"

    private let state: Mutex<Standing>

    /// - Parameter source: the file that it came from.
    public init(_ edition: PolicyEdition = .dataPlatform, from source: String = builtIn) {
        state = Mutex(Standing(edition: edition, source: source))
    }

    public var edition: PolicyEdition { state.withLock { $0.edition } }

    public var current: Policy { edition.policy }

    public var standing: Standing { state.withLock { $0 } }

    public func use(_ newer: PolicyEdition, at now: Timestamp) {
        state.withLock { state in
            state.edition = newer
            state.since = now
            state.fault = nil
            state.reloads.taken += 1
        }
    }

    /// Goes on with the policy that there is.
    public func refuse(because detail: String, at now: Timestamp) {
        state.withLock { state in
            state.fault = Fault(detail: detail, at: now)
            state.reloads.refused += 1
        }
    }
}
