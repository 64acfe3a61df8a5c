import HTTPTypes
import LatchkeyCore
import Logging

/// What the page gate itself refuses, before any use case is asked.
enum PageRefusal: Error {
    case notAForm
    /// Not sent from a page of ours, or from one that is too old.
    case foreignForm
    case noSuchPage
}

extension PageGate {
    /// Every refusal as a page that says what happened and what to do.
    func refusal(_ error: any Error, _ passage: Passage) -> PageReply {
        let words = RefusalWords(error)
        if words.status == .internalServerError {
            logger.error(
                "a page failed",
                metadata: ["request_id": .string(passage.requestID), "fault": .string("\(type(of: error))")])
        }
        let isOurs = words.status.code >= 500
        let view = RefusalView(
            code: Int(words.status.code), headline: words.headline, detail: words.detail,
            requestID: passage.requestID, again: isOurs ? passage.shownAgain : nil, isOurs: isOurs,
            isSignedIn: passage.person != nil)
        return .page(words.headline, "refusal", view, status: words.status, isBare: passage.person == nil)
            .retrying(after: (error as? Refusal)?.wait)
    }
}

private struct RefusalView: View {
    let code: Int
    let headline: String
    let detail: String
    let requestID: String
    /// The page that was asked for.
    let again: String?
    /// Nothing that whoever asked could do better.
    let isOurs: Bool
    let isSignedIn: Bool
}

extension Refusal {
    /// How long to wait before the same can succeed.
    var wait: Duration? {
        switch self {
        case .limited(let wait), .unavailable(_, let wait): wait
        case .unauthenticated, .forbidden, .notFound, .badRequest, .invalid, .conflict: nil
        }
    }
}

/// The words of a page for what was thrown.
struct RefusalWords {
    let status: HTTPResponse.Status
    let headline: String
    let detail: String

    init(_ error: any Error) {
        switch error {
        case let refusal as PageRefusal: self = .of(refusal)
        case let refusal as Refusal: self = .of(refusal)
        case let refusal as DoorRefusal:
            let problem = Problem(refusal)
            self.init(problem.kind.status, problem.kind.title, problem.detail)
        default:
            self.init(
                .internalServerError, "Something went wrong here", "It is not your fault.")
        }
    }

    private init(_ status: HTTPResponse.Status, _ headline: String, _ detail: String) {
        self.status = status
        self.headline = headline
        self.detail = detail
    }

    private static func of(_ refusal: PageRefusal) -> RefusalWords {
        switch refusal {
        case .notAForm:
            RefusalWords(
                .unsupportedMediaType, "This form was not sent by a page of Latchkey",
                "Open the page again and send the form from there.")
        case .foreignForm:
            RefusalWords(
                .forbidden, "This form is too old, or was not sent from here",
                "Nothing was changed. Go back, load the page again, and send the form once more.")
        case .noSuchPage:
            RefusalWords(
                .notFound, "There is no such page", "The address may be misspelt, or what it named may be gone.")
        }
    }

    private static func of(_ refusal: Refusal) -> RefusalWords {
        switch refusal {
        case .unauthenticated: RefusalWords(.unauthorized, "You are not signed in", "Sign in and try again.")
        case .forbidden(let detail): RefusalWords(.forbidden, "You may not do this", detail)
        case .notFound(let noun):
            RefusalWords(.notFound, "There is no such \(noun)", "It may have been deleted, or you may not see it.")
        case .badRequest(let detail): RefusalWords(.badRequest, "This cannot be done", detail)
        case .invalid(let flaws):
            RefusalWords(.unprocessableContent, "Some of this is not right", flaws.map(\.detail).joined(separator: " "))
        case .conflict(let detail, _): RefusalWords(.conflict, "This is not possible as things are", detail)
        case .limited(let wait):
            RefusalWords(
                .tooManyRequests, "Too many tries",
                "Try again in \(Count.text(max(1, Int((wait.milliseconds + 59_999) / 60_000)), "minute", "minutes")).")
        case .unavailable(let detail, _): RefusalWords(.serviceUnavailable, "Not available now", detail)
        }
    }
}
