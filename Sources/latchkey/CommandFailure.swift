import ArgumentParser
import LatchkeyCore

/// Why a command did not do what was asked, in the words its user reads.
struct CommandFailure: Error {
    let message: String
    /// What to do about it, where we know.
    let hint: String?
    /// 1 refused or failed, 2 wrong usage.
    let status: Int32

    init(_ message: String, hint: String? = nil, status: Int32 = 1) {
        self.message = message
        self.hint = hint
        self.status = status
    }

    static func usage(_ message: String, hint: String? = nil) -> CommandFailure {
        CommandFailure(message, hint: hint, status: 2)
    }
}

extension CommandFailure {
    /// `nil` for what the argument parser itself has to say, help and the version included.
    init?(of error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let refusal as Refusal: self.init(refusal)
        case is CancellationError: self.init("interrupted")
        default: return nil
        }
    }

    /// A refusal of a use case that a command called directly, beside any server.
    init(_ refusal: Refusal) {
        switch refusal {
        case .unauthenticated: self.init("no valid token was given")
        case .forbidden(let reason): self.init(reason)
        case .notFound(let noun): self.init("there is no such \(noun)")
        case .badRequest(let reason): self.init(reason)
        case .invalid(let flaws):
            self.init(flaws.map { "\($0.pointer): \($0.detail)" }.joined(separator: "; "), status: 2)
        case .conflict(let reason, _): self.init(reason)
        case .limited(let wait): self.init("too many requests", hint: "try again in \(wait.components.seconds) seconds")
        case .unavailable(let reason, _): self.init(reason, hint: "try again in a moment")
        }
    }
}
