/// A refusal as the server put it (RFC 9457), on its way to a command's user.
struct Problem {
    private let status: Int
    private let body: JSONValue?

    init(_ answer: Answer) {
        status = answer.status
        body = try? JSONParser.value(of: answer.body)
    }

    var failure: CommandFailure {
        CommandFailure(([sentence] + flaws).joined(separator: "\n  "), hint: hint)
    }

    private var sentence: String {
        body?["detail"]?.text ?? body?["title"]?.text ?? "the server answered with status \(status)"
    }

    private var flaws: [String] {
        (body?["errors"]?.items ?? []).compactMap { flaw in
            guard let detail = flaw["detail"]?.text else { return nil }
            let pointer = flaw["pointer"]?.text ?? ""
            return pointer.isEmpty ? detail : "\(pointer): \(detail)"
        }
    }

    private var hint: String? {
        switch status {
        case 401: "`latchkey doctor` says what is wrong with the token"
        case 403: "`latchkey whoami` shows the role of this token"
        case 404 where body?["detail"] == nil: "is LATCHKEY_URL the address of a Latchkey server?"
        case 429, 503: "try again in a moment"
        case 300..<400: "the server sends elsewhere; give the address that it means"
        default: nil
        }
    }
}
