import HTTPTypes
import LatchkeyCore

/// The parameters of an OAuth request (RFC 6749 §3.2): a form, no name twice, empty values as if absent.
struct OAuthForm: Sendable {
    /// So few, and so short, that looking through them is faster than hashing names.
    private static let most = 64
    /// In bytes. Longer names are none of ours, and unknown ones are to be ignored (RFC 6749 §3.2).
    private static let longestName = 64

    private let values: [(name: String, value: String)]

    init(_ call: FaceCall) throws(OAuthRefusal) {
        guard call.head.isForm else {
            throw .invalidRequest("Send Content-Type: application/x-www-form-urlencoded.")
        }
        // Nearly all are ASCII, which is told at a fraction of the cost.
        guard call.body.allSatisfy({ $0 < 0x80 }) || String(validating: call.body, as: UTF8.self) != nil else {
            throw .invalidRequest("The body is not UTF-8.")
        }
        var values = FormText.pairs(call.body)
        values.removeAll { $0.value.isEmpty || $0.name.utf8.count > Self.longestName }
        guard values.count <= Self.most else { throw .invalidRequest("Send at most \(Self.most) parameters.") }
        for (place, (name, _)) in values.enumerated() {
            guard !values[..<place].contains(where: { $0.name.isSameBytes(as: name) }) else {
                throw .invalidRequest("The parameter \(name) is there twice.")
            }
        }
        self.values = values
    }

    subscript(name: String) -> String? { values.first { $0.name.isSameBytes(as: name) }?.value }

    func required(_ name: String) throws(OAuthRefusal) -> String {
        guard let value = self[name] else { throw .invalidRequest("The parameter \(name) is missing.") }
        return value
    }
}

extension String {
    /// Texts are equal to Swift when they look alike, which takes long to tell of those that nearly do.
    fileprivate func isSameBytes(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}

/// What OAuth has words of its own for (RFC 6749 §5.2).
struct OAuthRefusal: Error {
    let error: String
    let detail: String

    static func invalidRequest(_ detail: String) -> OAuthRefusal {
        OAuthRefusal(error: "invalid_request", detail: detail)
    }
}

extension OAuthRefusal {
    /// A refusal in OAuth's words.
    static func reply(_ error: any Error, requestID: String) -> Reply {
        let problem = Problem(error)
        let refusal =
            (error as? OAuthRefusal) ?? OAuthRefusal(error: word(for: problem.kind), detail: detail(of: error, problem))
        let body: JSONTree = .object([
            "error": .text(refusal.error), "error_description": .text(described(refusal.detail)),
        ])
        return Reply(
            status: error is OAuthRefusal ? .badRequest : problem.kind == .invalid ? .badRequest : problem.kind.status,
            bytes: try? StreamEncoder.encode(body),
            fields: (problem.kind == .unauthenticated ? [basicChallenge] : []) + problem.fields)
    }

    private static func detail(of error: any Error, _ problem: Problem) -> String {
        guard case .unauthenticated(credentialSent: false)? = error as? Refusal else { return problem.detail }
        return "Say who you are: client_id and client_secret, in Basic credentials or in the form."
    }

    /// Who comes with Basic credentials has to be answered with the same scheme (RFC 6749 §5.2); tokens are taken too.
    private static let basicChallenge = HTTPField(
        name: .wwwAuthenticate, value: #"Basic realm="latchkey", charset="UTF-8""#)

    /// No more than RFC 6749 §5.2 lets stand there: printable ASCII without quotation marks and backslashes.
    private static func described(_ detail: String) -> String {
        String(
            detail.unicodeScalars.map { scalar -> Character in
                switch scalar {
                case "\"": "'"
                case "\\": "?"
                case " "..."~": Character(scalar)
                default: "?"
                }
            })
    }

    private static func word(for kind: Problem.Kind) -> String {
        switch kind {
        case .unauthenticated: "invalid_client"
        case .forbidden: "insufficient_scope"
        case .unavailable, .limited: "temporarily_unavailable"
        case .failed: "server_error"
        case .notFound, .badRequest, .invalid, .conflict, .gone, .wrongMethod, .tooLarge, .headTooLarge, .notJSON:
            "invalid_request"
        }
    }
}
