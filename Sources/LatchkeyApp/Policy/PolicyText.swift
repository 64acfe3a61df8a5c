import Foundation
public import LatchkeyCore
import Yams

/// Policies in YAML. The one place that reads it: from here on there is the tree that Core compiles.
extension Policy {
    private static let longest = 1024 * 1024
    /// Aliases of aliases make a terabyte of a few lines.
    private static let mostParts = 1_000_000

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
        var room = Self.mostParts
        let tree = PolicyNode(root, within: start, &room)
        guard room > 0 else {
            let flaw = "aliases (*name) make too much of this: write out what they stand for"
            throw PolicyFlaws([PolicyFlaw(start, flaw)])
        }
        try self.init(reading: tree)
    }

    /// The data platform's own tables, built in.
    public static var dataPlatform: Policy { PolicyEdition.dataPlatform.policy }
}

extension PolicyNode {
    /// - Parameters:
    ///   - outer: where something stands that has no mark of its own.
    ///   - room: how many more parts there may be; when there is none left, what is made is of no use.
    fileprivate init(_ node: Node, within outer: PolicyMark, _ room: inout Int) {
        room -= 1
        guard room > 0 else {
            self = .text("", outer)
            return
        }
        let mark = node.mark.map { PolicyMark(line: $0.line, column: $0.column) } ?? outer
        switch node {
        case .scalar(let scalar): self = .text(scalar.string, mark)
        case .sequence(let items): self = .list(items.map { PolicyNode($0, within: mark, &room) }, mark)
        case .mapping(let pairs):
            let entries = pairs.map { key, value in
                Entry(key: PolicyNode(key, within: mark, &room), value: PolicyNode(value, within: mark, &room))
            }
            self = .mapping(entries, mark)
        case .alias: self = .text("", mark)
        }
    }
}

extension PolicyFlaw {
    fileprivate init(_ error: any Error, in text: String) {
        switch error as? YamlError {
        case .scanner(let context, let problem, let mark, _)?, .parser(let context, let problem, let mark, _)?,
            .composer(let context, let problem, let mark, _)?:
            self.init(
                PolicyMark(line: mark.line, column: mark.column),
                "this is not YAML: " + (Self.isTab(mark, in: text) ? "a tab; indent with spaces" : problem)
                    + Self.beginning(context, before: mark))
        case .duplicatedKeysInMapping(let duplicates, let context)?:
            let name = duplicates.first ?? ""
            self.init(Self.second(name, in: text, after: context.mark.line), "\"\(name)\" stands here twice")
        case .reader(let problem, _, _, _)?:
            self.init(PolicyMark(line: 1, column: 1), "this cannot be read as UTF-8: \(problem)")
        default: self.init(PolicyMark(line: 1, column: 1), "this is not YAML")
        }
    }

    private static func isTab(_ mark: Mark, in text: String) -> Bool {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.indices.contains(mark.line - 1) else { return false }
        return lines[mark.line - 1].dropFirst(mark.column - 1).first == "\t"
    }

    /// A quotation mark that is missing is noticed at the end of the file: what was open, and since where.
    private static func beginning(_ context: YamlError.Context?, before mark: Mark) -> String {
        guard let context, context.mark.line < mark.line else { return "" }
        return ", \(context.text) that begins in line \(context.mark.line)"
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
