import LatchkeyApp
import LatchkeyCore

/// Reads AuthZEN 1.0's questions. What a message holds beyond what is understood is left alone, as that protocol asks:
/// properties and context may be anything.
extension Evaluation {
    /// - Parameters:
    ///   - usual: where a batch says once what its questions leave out, whole or in part.
    ///   - place: the pointer to this question, made only when something is wrong with it.
    init(_ tree: JSONTree, usual: JSONTree? = nil, at place: @autoclosure () -> String = "") throws(Refusal) {
        func text(_ name: String, of part: String) throws(Refusal) -> String {
            guard let found = tree[part] ?? usual?[part] else { throw .invalid("\(place())/\(part)", "must be there") }
            guard case .object = found else { throw .invalid("\(place())/\(part)", "must be an object") }
            guard case .text(let text)? = found[name] ?? usual?[part]?[name], !text.isEmpty else {
                throw .invalid("\(place())/\(part)/\(name)", "must be a string that is not empty")
            }
            return text
        }
        guard let subject = Subject(type: try text("type", of: "subject"), id: try text("id", of: "subject")) else {
            throw .invalid("\(place())/subject/type", "must be user or token")
        }
        let name = try text("name", of: "action")
        let kind = try text("type", of: "resource")
        let id = try text("id", of: "resource")
        guard let address = Self.address(tree["context"] ?? usual?["context"]) else {
            throw .invalid("\(place())/context/address", "must be an IPv4 or IPv6 address")
        }
        self.init(
            subject: subject,
            deed: kind == "route"
                ? .request(method: name, target: id)
                : .action(name, PolicyResource(kind: kind, name: id == "*" ? nil : id)),
            address: address)
    }

    /// `context.address` is where the subject came from; `.some(nil)` when nothing is said, `nil` for no address.
    private static func address(_ context: JSONTree?) -> Address?? {
        guard let value = context?["address"] else { return .some(nil) }
        guard case .text(let text) = value, let address = Address(text) else { return nil }
        return address
    }
}

extension Evaluation.Subject {
    /// `nil` for a type of subject that there is not.
    fileprivate init?(type: String, id: String) {
        switch type {
        case "user": self = .user(id)
        case "token": self = Int64(id).map { Evaluation.Subject.token(ID($0)) } ?? .bearer(id)
        default: return nil
        }
    }
}

/// A batch of questions with its way of stopping (AuthZEN 1.0 §7.1). One that cannot be read is answered with no and
/// spoils no other (§7.2.1).
struct EvaluationBatch {
    let questions: [Evaluation]
    /// What is wrong with those that are none, by their place.
    private let flaws: [Int: String]
    /// The answer after which no more are given.
    let stopping: Bool?
    /// One question, to be answered alone.
    let isSingle: Bool

    init(_ tree: JSONTree) throws(Refusal) {
        guard case .list(let items)? = tree["evaluations"], !items.isEmpty else {
            (questions, flaws, stopping, isSingle) = ([try Evaluation(tree)], [:], nil, true)
            return
        }
        stopping = try Self.stopping(tree["options"]?["evaluations_semantic"])
        var questions: [Evaluation] = []
        var flaws: [Int: String] = [:]
        questions.reserveCapacity(items.count)
        for (place, item) in items.enumerated() {
            do throws(Refusal) {
                questions.append(try Evaluation(item, usual: tree, at: "/evaluations/\(place)"))
            } catch {
                flaws[place] = Problem(error).detail
                // A failure counts as no: nothing after it is asked.
                if stopping == false { break }
            }
        }
        (self.questions, self.flaws, isSingle) = (questions, flaws, false)
    }

    /// - Parameter answers: to the questions, as far as they were asked.
    func complete(_ answers: [EvaluationAnswer]) -> [EvaluationAnswer] {
        guard !flaws.isEmpty else { return answers }
        var (all, left) = ([EvaluationAnswer](), answers[...])
        for place in 0..<(questions.count + flaws.count) where all.last?.isAllowed != stopping || stopping == nil {
            if let flaw = flaws[place] {
                all.append(EvaluationAnswer(isAllowed: false, reason: "bad_request", detail: flaw))
            } else if let answer = left.popFirst() {
                all.append(answer)
            }
        }
        return all
    }

    private static func stopping(_ tree: JSONTree?) throws(Refusal) -> Bool? {
        guard let tree, tree != .null else { return nil }
        guard case .text(let semantic) = tree else { throw unknownSemantic }
        switch semantic {
        case "execute_all": return nil
        case "deny_on_first_deny": return false
        case "permit_on_first_permit": return true
        default: throw unknownSemantic
        }
    }

    private static let unknownSemantic = Refusal.invalid(
        "/options/evaluations_semantic", "must be execute_all, deny_on_first_deny or permit_on_first_permit")
}
