/// From the tree of a policy's text to the policy, or to everything that is wrong with it.
///
/// Reading goes on behind a flaw, so that somebody who mends a file sees all of them at once.
struct PolicyReader {
    static let format = "1"
    private static let sections = ["format", "policy", "actions", "roles", "teams", "routes", "cases"]

    private(set) var flaws: [PolicyFlaw] = []
    /// What the sections about grants have said of each action so far, in the order of their declaration.
    var drafts: [ActionDraft] = []
    var kinds: Set<String> = []
    var routes: [PolicyRoute] = []

    /// An action while its grants are gathered.
    struct ActionDraft {
        let name: String
        let summary: String
        let mark: PolicyMark
        var grant = ActionGrant()
        var marks = PolicyAction.Marks()
    }

    mutating func complain(_ mark: PolicyMark, _ sentence: String) {
        flaws.append(PolicyFlaw(mark, sentence))
    }

    mutating func read(_ root: PolicyNode) -> Policy? {
        let sections = sections(of: root)
        readFormat(sections["format"], root.mark)
        let name = readName(sections["policy"], root.mark)
        readActions(sections["actions"])
        readRoles(sections["roles"])
        readTeams(sections["teams"])
        checkGrants()
        let actions = drafts.map {
            PolicyAction(name: $0.name, summary: $0.summary, grant: $0.grant, marks: $0.marks)
        }
        let known = Policy(name: name, actions: actions, routes: [])
        readRoutes(sections["routes"], known)
        let cases = readCases(sections["cases"], known)
        return flaws.isEmpty ? Policy(name: name, actions: actions, routes: routes, cases: cases) : nil
    }

    private mutating func sections(of root: PolicyNode) -> [String: PolicyNode] {
        guard case .mapping(let entries, _) = root else {
            complain(root.mark, "a policy is a mapping with the sections \(Self.sections.joined(separator: ", "))")
            return [:]
        }
        var sections: [String: PolicyNode] = [:]
        for entry in entries {
            guard let name = word(entry.key, among: Self.sections, "section") else { continue }
            sections[name] = entry.value
        }
        return sections
    }

    private mutating func readFormat(_ node: PolicyNode?, _ start: PolicyMark) {
        guard let node else { return complain(start, "the first line says in which form this is written: format: 1") }
        guard case .text(Self.format, _) = node else {
            return complain(node.mark, "this version reads format \(Self.format), not \(node.form)")
        }
    }

    private mutating func readName(_ node: PolicyNode?, _ start: PolicyMark) -> String {
        guard let node else {
            complain(start, "the policy has no name: policy: my-api")
            return ""
        }
        guard case .text(let name, _) = node, name.wholeMatch(of: /[a-z0-9][a-z0-9-]{0,63}/) != nil else {
            complain(node.mark, "a policy's name is made of a-z, 0-9 and -, not \(node.form)")
            return ""
        }
        return name
    }

    private mutating func readActions(_ node: PolicyNode?) {
        for entry in entries(node, "actions maps the name of each action to a few words about it") {
            guard let name = text(entry.key) else { continue }
            guard PolicyAction.isName(name) else {
                complain(
                    entry.key.mark, "\"\(name)\" is no action's name: it reads noun:verb, such as reports:view")
                continue
            }
            guard Permission(rawValue: name) == nil else {
                complain(entry.key.mark, "\(name) is Latchkey's own action: rules can name it without declaring it")
                continue
            }
            guard case .text(let summary, _) = entry.value, !summary.isEmpty else {
                complain(entry.value.mark, "say in a few words what \(name) is, not \(entry.value.form)")
                continue
            }
            drafts.append(ActionDraft(name: name, summary: summary, mark: entry.key.mark))
        }
    }

    private mutating func readCases(_ node: PolicyNode?, _ policy: Policy) -> [PolicyCase] {
        guard let node else { return [] }
        guard case .list(let items, _) = node else {
            complain(node.mark, "cases is a list of sentences, not \(node.form)")
            return []
        }
        return items.compactMap { item in
            guard let sentence = text(item) else { return nil }
            do throws(PolicyCase.Flaw) {
                return try PolicyCase(sentence, knowing: policy, at: item.mark)
            } catch {
                complain(item.mark, error.sentence)
                return nil
            }
        }
    }
}

// The pieces that sections are made of.
extension PolicyReader {
    /// The entries of a mapping; an absent section has none.
    mutating func entries(_ node: PolicyNode?, _ form: String) -> [PolicyNode.Entry] {
        guard let node else { return [] }
        guard case .mapping(let entries, _) = node else {
            complain(node.mark, "\(form); this is \(node.form)")
            return []
        }
        return entries
    }

    mutating func text(_ node: PolicyNode) -> String? {
        guard case .text(let text, _) = node, !text.isEmpty else {
            complain(node.mark, "a word or a sentence belongs here, not \(node.form)")
            return nil
        }
        return text
    }

    /// One of the words that can stand here; of any other the nearest is said.
    mutating func word(_ node: PolicyNode, among words: [String], _ noun: String) -> String? {
        guard let text = text(node) else { return nil }
        guard words.contains(text) else {
            complain(node.mark, "there is no \(noun) \(text)" + Self.hint(text, words))
            return nil
        }
        return text
    }

    static func hint(_ text: String, _ words: [String]) -> String {
        if let near = NearestName.of(text, among: words) { return "; did you mean \(near)?" }
        return words.count > 12 ? "" : "; there are \(words.joined(separator: ", "))"
    }
}

extension Policy {
    /// Compiles a policy from its text's tree.
    public init(reading root: PolicyNode) throws(PolicyFlaws) {
        var reader = PolicyReader()
        guard let policy = reader.read(root) else { throw PolicyFlaws(reader.flaws) }
        self = policy
    }
}
