import Foundation
public import LatchkeyCore
import Yams

/// Policies in YAML. The one place that reads it: from here on there is the tree that Core compiles.
extension Policy {
    private static let longest = 1024 * 1024

    /// - Throws: everything that is wrong with the text, with line and column.
    public init(yaml text: String) throws(PolicyFlaws) {
        let start = PolicyMark(line: 1, column: 1)
        guard text.utf8.count <= Self.longest else {
            throw PolicyFlaws([PolicyFlaw(start, "a policy has at most 1 MiB")])
        }
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw PolicyFlaws([PolicyFlaw(error, in: text)])
        }
        guard let root else { throw PolicyFlaws([PolicyFlaw(start, "the file is empty")]) }
        try self.init(reading: PolicyNode(root, within: start))
    }

    /// The data platform's own tables, built in.
    public static var dataPlatform: Policy { PolicyEdition.dataPlatform.policy }
}

extension PolicyNode {
    /// - Parameter outer: where something stands that has no mark of its own.
    fileprivate init(_ node: Node, within outer: PolicyMark) {
        let mark = node.mark.map { PolicyMark(line: $0.line, column: $0.column) } ?? outer
        switch node {
        case .scalar(let scalar): self = .text(scalar.string, mark)
        case .sequence(let items): self = .list(items.map { PolicyNode($0, within: mark) }, mark)
        case .mapping(let pairs):
            self = .mapping(
                pairs.map { Entry(key: PolicyNode($0.key, within: mark), value: PolicyNode($0.value, within: mark)) },
                mark)
        case .alias: self = .text("", mark)
        }
    }
}

extension PolicyFlaw {
    fileprivate init(_ error: any Error, in text: String) {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _)?, .parser(_, let problem, let mark, _)?,
            .composer(_, let problem, let mark, _)?:
            self.init(PolicyMark(line: mark.line, column: mark.column), "this is not YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context)?:
            let name = duplicates.first ?? ""
            self.init(Self.second(name, in: text, after: context.mark.line), "\"\(name)\" stands here twice")
        case .reader(let problem, _, _, _)?:
            self.init(PolicyMark(line: 1, column: 1), "this cannot be read as UTF-8: \(problem)")
        default: self.init(PolicyMark(line: 1, column: 1), "this is not YAML")
        }
    }

    /// Yams says where the mapping begins; who mends the file wants to know where the key comes again.
    private static func second(_ name: String, in text: String, after line: Int) -> PolicyMark {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var found = 0
        for (place, content) in lines.enumerated() where place + 1 >= line {
            let bare = content.drop { $0 == " " }
            guard bare.hasPrefix("\(name):") || bare.hasPrefix("\"\(name)\":") else { continue }
            found += 1
            if found == 2 {
                return PolicyMark(line: place + 1, column: content.count - bare.count + 1)
            }
        }
        return PolicyMark(line: line, column: 1)
    }
}
