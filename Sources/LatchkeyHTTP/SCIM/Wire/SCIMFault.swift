import HTTPTypes
import LatchkeyCore

/// What is wrong with a SCIM request, in the words of RFC 7644 §3.12.
struct SCIMFault: Error, Hashable {
    let status: Int
    let type: Word?
    let detail: String

    /// `scimType`.
    enum Word: String, Sendable {
        case invalidFilter, tooMany, uniqueness, mutability, invalidSyntax, invalidPath, noTarget, invalidValue
        case invalidVers, sensitive
    }

    init(_ status: Int, _ type: Word? = nil, _ detail: String) {
        self.status = status
        self.type = type
        self.detail = detail
    }

    static func syntax(_ detail: String) -> SCIMFault { SCIMFault(400, .invalidSyntax, detail) }
    static func filter(_ detail: String) -> SCIMFault { SCIMFault(400, .invalidFilter, detail) }
    static func path(_ detail: String) -> SCIMFault { SCIMFault(400, .invalidPath, detail) }
    static func value(_ detail: String) -> SCIMFault { SCIMFault(400, .invalidValue, detail) }
    static func mutability(_ detail: String) -> SCIMFault { SCIMFault(400, .mutability, detail) }

    /// Any error as SCIM says it.
    init(_ error: any Error) {
        switch error {
        case let fault as SCIMFault: self = fault
        case Refusal.invalid(let flaws): self.init(flaws)
        case Refusal.badRequest(let detail): self = .syntax(detail)
        case Refusal.notFound(let noun):
            self.init(404, nil, "There is no such \(noun), or it is not this directory's to see.")
        default:
            let problem = Problem(error)
            self.init(Int(problem.kind.status.code), nil, problem.detail)
        }
    }

    private init(_ flaws: [Flaw]) {
        let flaw = flaws.first ?? Flaw(pointer: "", detail: "The request is wrong.")
        let detail = flaw.pointer.isEmpty ? flaw.detail : "\(flaw.pointer): \(flaw.detail)"
        switch flaw.kind {
        case .value: self = .value(detail)
        case .noTarget: self.init(400, .noTarget, detail)
        case .mutability: self = .mutability(detail)
        case .uniqueness: self.init(409, .uniqueness, detail)
        case .stale: self.init(412, nil, detail)
        }
    }

    var body: JSONTree {
        var members = [JSONTree.Member(name: "schemas", value: [.text(SCIMMessage.error)])]
        if let type { members.append(JSONTree.Member(name: "scimType", value: .text(type.rawValue))) }
        members.append(JSONTree.Member(name: "detail", value: .text(detail)))
        members.append(JSONTree.Member(name: "status", value: .text(String(status))))
        return .object(members)
    }
}

extension Reply {
    static let scim = "application/scim+json"

    /// - Parameter fields: such as `Location` and `ETag`.
    static func scim(
        _ body: JSONTree, status: HTTPResponse.Status = .ok, fields: [HTTPField] = []
    ) throws -> Reply {
        Reply(status: status, bytes: try StreamEncoder.encode(body), contentType: scim, fields: fields)
    }
}
