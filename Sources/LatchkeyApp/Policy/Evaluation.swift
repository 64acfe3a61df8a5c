public import LatchkeyCore

/// A question as a policy enforcement point puts it (OpenID AuthZEN 1.0): may this subject do this to that?
public struct Evaluation: Sendable {
    public enum Subject: Hashable, Sendable {
        /// An account, by its handle or its number, with all that it has.
        case user(String)
        /// A token, by its number.
        case token(ID<Token>)
        /// A token as it was presented.
        case bearer(String)
    }

    public enum Deed: Hashable, Sendable {
        /// An action of the policy.
        case action(String, PolicyResource?)
        /// A request, which the policy's routes lead to an action.
        case request(method: String, target: String)
    }

    public let subject: Subject
    public let deed: Deed
    /// Where the subject came from; a token that is limited to addresses is nothing without it.
    public let address: Address?

    public init(subject: Subject, deed: Deed, address: Address? = nil) {
        self.subject = subject
        self.deed = deed
        self.address = address
    }
}

/// Yes or no, and the reason in a word and in a sentence.
public struct EvaluationAnswer: Hashable, Sendable {
    public let isAllowed: Bool
    public let reason: String
    public let detail: String

    public init(isAllowed: Bool, reason: String, detail: String) {
        self.isAllowed = isAllowed
        self.reason = reason
        self.detail = detail
    }

    static let unknownSubject = EvaluationAnswer(
        isAllowed: false, reason: "unknown_subject", detail: "No account or token that works is named so.")
}
