import LatchkeyCore

/// Several operations in one request (RFC 7644 §3.7).
struct BulkRequest {
    static let mostOperations = 1000

    enum Verb: String {
        case post, put, patch, delete
    }

    struct Operation {
        /// `nil` when the operation itself cannot be read; then `fault` says why.
        let verb: Verb?
        let method: String
        let path: String
        let bulkID: String?
        /// The version that the resource has to have.
        let version: String?
        let data: JSONTree?
        let fault: SCIMFault?
        /// The `bulkId`s that it speaks of.
        let references: Set<String>
    }

    let operations: [Operation]
    /// After how many errors nothing more is tried; `nil` for never.
    let failOnErrors: Int?

    init(_ tree: JSONTree) throws(SCIMFault) {
        try ResourceReading.requireSchema(SCIMMessage.bulkRequest, in: tree)
        guard case .list(let items)? = tree.member("Operations"), !items.isEmpty else {
            throw .syntax("Operations must be a list with something in it.")
        }
        guard items.count <= Self.mostOperations else {
            throw SCIMFault(413, nil, "A bulk has at most \(Self.mostOperations) operations.")
        }
        switch tree.member("failOnErrors") {
        case nil, .null?: failOnErrors = nil
        case .integer(let number)? where number >= 1: failOnErrors = Int(number)
        default: throw .value("failOnErrors must be a whole number from 1.")
        }
        operations = items.map(Operation.init)
        let names = operations.compactMap(\.bulkID)
        guard Set(names).count == names.count else { throw .value("Each bulkId must be there once.") }
    }
}

extension BulkRequest.Operation {
    init(_ tree: JSONTree) {
        func text(_ name: String) -> String? {
            if case .text(let text)? = tree.member(name) { text } else { nil }
        }
        method = text("method") ?? ""
        path = text("path") ?? ""
        bulkID = text("bulkId")
        version = text("version")
        data = tree.member("data")
        verb = BulkRequest.Verb(rawValue: method.lowercased())
        references = Set(BulkReferences.names(in: data) + BulkReferences.names(in: .text(path)))
        fault = Self.fault(verb, path, bulkID, data)
    }

    private static func fault(
        _ verb: BulkRequest.Verb?, _ path: String, _ bulkID: String?, _ data: JSONTree?
    ) -> SCIMFault? {
        guard let verb else { return .syntax("method must be POST, PUT, PATCH or DELETE.") }
        guard path.first == "/" else { return .syntax("path must begin with a slash, such as /Users.") }
        if verb == .post, bulkID == nil { return .syntax("A POST needs a bulkId.") }
        if verb != .delete, data == nil { return .syntax("\(verb.rawValue.uppercased()) needs data.") }
        return nil
    }
}

/// `bulkId:qwerty` in place of an id that is not known before its POST was carried out.
enum BulkReferences {
    private static let mark = "bulkId:"

    static func names(in tree: JSONTree?) -> [String] {
        switch tree {
        case .text(let text)?:
            let last = text.split(separator: "/").last ?? ""
            return last.hasPrefix(mark) ? [String(last.dropFirst(mark.count))] : []
        case .list(let items)?: return items.flatMap { names(in: $0) }
        case .object(let members)?: return members.flatMap { names(in: $0.value) }
        default: return []
        }
    }

    static func resolved(_ tree: JSONTree, _ ids: [String: String]) -> JSONTree {
        switch tree {
        case .text(let text): .text(resolved(text, ids))
        case .list(let items): .list(items.map { resolved($0, ids) })
        case .object(let members):
            .object(members.map { JSONTree.Member(name: $0.name, value: resolved($0.value, ids)) })
        default: tree
        }
    }

    static func resolved(_ text: String, _ ids: [String: String]) -> String {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let last = parts.last, last.hasPrefix(mark), let id = ids[String(last.dropFirst(mark.count))] else {
            return text
        }
        return text.dropLast(last.count) + id
    }
}
