/// A piece of a policy's text with the place where it stands, whatever language it was written in.
///
/// Reading YAML is not for Core; what a policy must look like is. So the reader hands over this tree.
public indirect enum PolicyNode: Hashable, Sendable {
    case text(String, PolicyMark)
    case list([PolicyNode], PolicyMark)
    case mapping([Entry], PolicyMark)

    public struct Entry: Hashable, Sendable {
        public let key: PolicyNode
        public let value: PolicyNode

        public init(key: PolicyNode, value: PolicyNode) {
            self.key = key
            self.value = value
        }
    }

    public var mark: PolicyMark {
        switch self {
        case .text(_, let mark), .list(_, let mark), .mapping(_, let mark): mark
        }
    }

    /// What it is, in words.
    var form: String {
        switch self {
        case .text(let text, _): text.isEmpty ? "nothing" : "\"\(text)\""
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }
}

/// One thing wrong with a policy's text.
public struct PolicyFlaw: Hashable, Sendable {
    public let mark: PolicyMark
    /// What is wrong and what would be right.
    public let sentence: String

    public init(_ mark: PolicyMark, _ sentence: String) {
        self.mark = mark
        self.sentence = sentence
    }
}

/// Everything that is wrong with a policy's text, in the order of its lines.
public struct PolicyFlaws: Error, Hashable, Sendable {
    public let flaws: [PolicyFlaw]

    public init(_ flaws: [PolicyFlaw]) {
        self.flaws = flaws.sorted { $0.mark < $1.mark }
    }
}
