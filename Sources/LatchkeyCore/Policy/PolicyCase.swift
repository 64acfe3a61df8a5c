/// What a policy is meant to say, in a sentence beside its rules:
///
///     Member with Viewer on datastore 7 may not PUT /api/datastores/7
///     Editor with Drafter on datastore 7 and Viewer on datastore 8 may checks:create on datastore 7
///     anyone may GET /api/health
///
/// `anyone` has no token. A level counts for the resource that it names.
public struct PolicyCase: Sendable {
    public let text: String
    public let mark: PolicyMark
    public let isAllowed: Bool
    private let role: Role?
    private let levels: [(level: TeamPermission, resource: PolicyResource)]
    private let question: Question

    private enum Question: Sendable {
        case request(method: String, path: RequestPath)
        case action(String, PolicyResource?)
    }

    struct Flaw: Error {
        let sentence: String

        static let form = Flaw(
            sentence: "a case reads: Member with Viewer on datastore 7 may not PUT /api/datastores/7, "
                + "or: Editor may checks:create on datastore 7, or: anyone may GET /")
    }

    init(_ text: String, knowing policy: Policy, at mark: PolicyMark) throws(Flaw) {
        let words = text.split(separator: " ").map(String.init)
        guard let may = words.firstIndex(of: "may"), may > 0 else { throw .form }
        var rest = words[(may + 1)...]
        let isAllowed = rest.first != "not"
        if !isAllowed { rest.removeFirst() }
        self.text = text
        self.mark = mark
        self.isAllowed = isAllowed
        role = try Self.role(words[0])
        levels = try Self.levels(words[1..<may])
        question = try Self.question(Array(rest), policy)
    }

    private static func role(_ word: String) throws(Flaw) -> Role? {
        if word == "anyone" { return nil }
        guard let role = Role(rawValue: word) else {
            throw Flaw(
                sentence: "a case begins with anyone or a role"
                    + PolicyReader.hint(word, Role.allCases.map(\.rawValue)))
        }
        return role
    }

    /// `with LEVEL on KIND NAME and LEVEL on KIND NAME …`
    private static func levels(
        _ words: ArraySlice<String>
    ) throws(Flaw) -> [(level: TeamPermission, resource: PolicyResource)] {
        guard !words.isEmpty else { return [] }
        guard words.first == "with" else { throw .form }
        var levels: [(level: TeamPermission, resource: PolicyResource)] = []
        for part in words.dropFirst().split(separator: "and", omittingEmptySubsequences: false) {
            let part = Array(part)
            guard part.count == 4, part[1] == "on" else { throw .form }
            guard let level = TeamPermission(rawValue: part[0]) else {
                let hint = PolicyReader.hint(part[0], TeamPermission.allCases.map(\.rawValue))
                throw Flaw(sentence: "there is no level \(part[0])\(hint)")
            }
            levels.append((level, PolicyResource(kind: part[2], name: part[3])))
        }
        return levels
    }

    /// `METHOD /path`, `ACTION`, `ACTION on KIND NAME`, `ACTION on any KIND`.
    private static func question(_ words: [String], _ policy: Policy) throws(Flaw) -> Question {
        if words.count == 2, words[0].wholeMatch(of: /[A-Z]+/) != nil {
            do throws(RequestPath.Flaw) {
                return .request(method: words[0], path: try RequestPath(words[1]))
            } catch {
                throw Flaw(sentence: "\(words[1]) would be refused before any rule sees it: \(error.rawValue)")
            }
        }
        guard words.count == 1 || (words.count == 4 && words[1] == "on") else { throw .form }
        guard policy.action(named: words[0]) != nil else {
            let hint = PolicyReader.hint(words[0], policy.actions.map(\.name))
            throw Flaw(sentence: "there is no action \(words[0])\(hint)")
        }
        guard words.count == 4 else { return .action(words[0], nil) }
        let isAny = words[2] == "any"
        return .action(
            words[0], PolicyResource(kind: isAny ? words[3] : words[2], name: isAny ? nil : words[3]))
    }
}

extension PolicyCase {
    /// A question put in the same words; `nil` when it cannot be understood.
    public init?(_ text: String, knowing policy: Policy) {
        do throws(Flaw) {
            try self.init(text, knowing: policy, at: PolicyMark(line: 1, column: 1))
        } catch {
            return nil
        }
    }

    /// What the policy says of it.
    public func ruling(of policy: Policy) -> Ruling {
        let asker = Asker(role: role)
        switch question {
        case .request(let method, let path): return policy.ruling(method: method, path, for: asker, level: level)
        case .action(let name, let resource): return policy.ruling(on: name, resource, for: asker, level: level)
        }
    }

    private func level(on resource: PolicyResource) -> TeamPermission? {
        levels.filter { $0.resource.kind == resource.kind && (resource.name == nil || $0.resource == resource) }
            .map(\.level).max()
    }
}

extension Policy {
    /// The cases that come out otherwise than they say.
    public var failedCases: [(failed: PolicyCase, ruling: Ruling)] {
        cases.map { ($0, $0.ruling(of: self)) }.filter { $0.0.isAllowed != $0.1.isAllowed }
    }
}
