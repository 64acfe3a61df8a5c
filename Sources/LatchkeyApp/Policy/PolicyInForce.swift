public import LatchkeyCore
import Synchronization

/// The policy that decides now, and what became of the last attempt to take up another.
public final class PolicyInForce: Sendable {
    private struct State {
        var policy: Policy
        var source: String
        var fault: String?
        var taken = 0
        var refused = 0
    }

    public static let builtIn = "built in"

    private let state: Mutex<State>

    /// - Parameter source: the file that it came from.
    public init(_ policy: Policy = .dataPlatform, from source: String = builtIn) {
        state = Mutex(State(policy: policy, source: source))
    }

    public var current: Policy { state.withLock { $0.policy } }

    public var source: String { state.withLock { $0.source } }

    /// Why the newest text of the policy is not the one in force; `nil` when it is.
    public var fault: String? { state.withLock { $0.fault } }

    /// Texts that were taken up, and those that were wrong, since the start.
    public var reloads: (taken: Int, refused: Int) { state.withLock { ($0.taken, $0.refused) } }

    public func use(_ newer: Policy) {
        state.withLock { state in
            state.policy = newer
            state.fault = nil
            state.taken += 1
        }
    }

    /// Goes on with the policy that there is.
    public func refuse(because fault: String) {
        state.withLock { state in
            state.fault = fault
            state.refused += 1
        }
    }
}
