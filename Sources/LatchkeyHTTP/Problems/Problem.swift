import HTTPTypes
import LatchkeyAPI
import LatchkeyCore

/// A refusal as HTTP says it (RFC 9457): status, words, and the fields that go with them.
struct Problem: Sendable {
    let kind: Kind
    let detail: String
    var flaws: [Flaw] = []
    var related: Int64?
    var fields: [HTTPField] = []

    /// The kinds of problem. Their words are paths under `/problems/` and never change.
    enum Kind: String, Sendable, CaseIterable {
        case unauthenticated, forbidden
        case notFound = "not-found"
        case badRequest = "bad-request"
        case invalid, conflict, limited, unavailable
        case wrongMethod = "method-not-allowed"
        case tooLarge = "too-large"
        case gone
        case headTooLarge = "header-fields-too-large"
        case notJSON = "unsupported-media-type"
        case failed = "internal"

        var status: HTTPResponse.Status {
            switch self {
            case .unauthenticated: .unauthorized
            case .forbidden: .forbidden
            case .notFound: .notFound
            case .badRequest: .badRequest
            case .invalid: .unprocessableContent
            case .conflict: .conflict
            case .limited: .tooManyRequests
            case .unavailable: .serviceUnavailable
            case .wrongMethod: .methodNotAllowed
            case .tooLarge: .contentTooLarge
            case .gone: .gone
            case .headTooLarge: .requestHeaderFieldsTooLarge
            case .notJSON: .unsupportedMediaType
            case .failed: .internalServerError
            }
        }

        var title: String {
            switch self {
            case .unauthenticated: "No valid credential"
            case .forbidden: "Not allowed"
            case .notFound: "Not found"
            case .badRequest: "Bad request"
            case .invalid: "Invalid request"
            case .conflict: "Conflict"
            case .limited: "Too many requests"
            case .unavailable: "Not available now"
            case .wrongMethod: "Method not allowed"
            case .tooLarge: "Request too large"
            case .gone: "Gone"
            case .headTooLarge: "Header fields too large"
            case .notJSON: "Unsupported media type"
            case .failed: "Internal error"
            }
        }
    }

    func body(instance: String) -> ProblemBody {
        ProblemBody(
            type: "/problems/\(kind.rawValue)", title: kind.title, status: Int(kind.status.code), detail: detail,
            instance: instance,
            errors: flaws.isEmpty ? nil : flaws.map { FlawBody(pointer: $0.pointer, detail: $0.detail) },
            related: related)
    }
}

extension Problem {
    static let failed = Problem(
        kind: .failed, detail: "Something went wrong here. The operators find the cause in the log by this instance.")
    static let tooLarge = Problem(
        kind: .tooLarge, detail: "The body must have at most \(RequestBody.longest / 1024) KiB.")
    static let startAgain = Problem(
        kind: .gone, detail: "The feed does not go on from there. Start again without `after`.")
    static let notJSON = Problem(
        kind: .notJSON, detail: "Send JSON, with the header Content-Type: application/json.")

    static func wrongMethod(allowed: String) -> Problem {
        Problem(
            kind: .wrongMethod, detail: "This path answers to \(allowed) only.",
            fields: [HTTPField(name: .allow, value: allowed)])
    }
}

/// What a door itself refuses, before any use case is asked.
enum DoorRefusal: Error {
    case tooLarge
    case notJSON
    case wrongMethod(allowed: String)
    /// A place of a feed that is not there, or no more.
    case startAgain
}
