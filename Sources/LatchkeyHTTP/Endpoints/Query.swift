import LatchkeyCore

/// A parameter that a call takes in its query.
struct QueryParameter: Sendable {
    let name: String
    let kind: Kind
    let summary: String

    init(_ name: String, _ kind: Kind, _ summary: String) {
        self.name = name
        self.kind = kind
        self.summary = summary
    }

    enum Kind: Sendable {
        case text
        case integer(ClosedRange<Int64>)
        case flag
        case word([String])
        /// RFC 3339, or a date alone.
        case time
        /// Numbers, repeated or parted by commas; `words` alike.
        case ids
        case words([String])

        var isList: Bool {
            switch self {
            case .ids, .words: true
            default: false
            }
        }
    }

    static let page = [
        QueryParameter("page", .integer(1...Int64(Int32.max)), "The number of the page, from 1."),
        QueryParameter("size", .integer(1...Int64(PageRequest.largestSize)), "How many items a page has."),
    ]
    static let direction = QueryParameter("sort_dir", .word(["asc", "desc"]), "The direction of the order.")
}

/// The query of a request, held against what the call takes.
///
/// A name that the call does not know is refused: a misspelt filter must not widen a list. So is a value that is
/// empty or of the wrong form, and a name that comes twice where one value is taken.
struct Query: Sendable {
    private let values: [(name: String, value: String)]

    static let empty = Query(values: [])

    private init(values: [(name: String, value: String)]) {
        self.values = values
    }

    init(_ text: String, taking parameters: [QueryParameter]) throws(Refusal) {
        var values: [(name: String, value: String)] = []
        var flaws: [Flaw] = []
        for (name, value) in FormText.pairs(text) {
            let parameter = parameters.first { $0.name == name }
            let isRepeated = parameter?.kind.isList == false && values.contains { $0.name == name }
            let fault = isRepeated ? "must be there once" : Self.fault(value, parameter)
            if let fault { flaws.append(Flaw(pointer: String(name.prefix(64)), detail: fault)) }
            values.append((name, value))
        }
        guard flaws.isEmpty else { throw .invalid(Array(flaws.prefix(20))) }
        self.values = values
    }

    private static func fault(_ value: String, _ parameter: QueryParameter?) -> String? {
        guard let parameter else { return "is not a parameter of this call" }
        guard !value.isEmpty else { return "must not be empty" }
        guard value.unicodeScalars.count <= 1000 else { return "must have at most 1000 characters" }
        guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else { return "must not hold control characters" }
        switch parameter.kind {
        case .text: return value.folded.isEmpty ? "must hold more than combining marks" : nil
        case .integer(let range):
            let isIn = Self.integer(value, range) != nil
            return isIn ? nil : "must be a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .flag: return ["true", "false"].contains(value) ? nil : "must be true or false"
        case .word(let words): return words.contains(value) ? nil : "must be one of \(words.joined(separator: ", "))"
        case .time: return Timestamp(text: value) == nil ? "must be a time such as 2027-11-21T12:34:56Z" : nil
        case .ids:
            return Self.parts(value).allSatisfy { Self.integer($0, 1...Int64.max) != nil } ? nil : "must be numbers"
        case .words(let words):
            return Self.parts(value).allSatisfy(words.contains)
                ? nil : "must be among \(words.joined(separator: ", "))"
        }
    }

    private static func integer(_ text: String, _ range: ClosedRange<Int64>) -> Int64? {
        guard let number = Int64(text), String(number) == text, range.contains(number) else { return nil }
        return number
    }

    private static func parts(_ value: String) -> [String] {
        value.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
}

// What was given, checked already.
extension Query {
    var isEmpty: Bool { values.isEmpty }

    func has(_ name: String) -> Bool { values.contains { $0.name == name } }

    func text(_ name: String) -> String? { values.first { $0.name == name }?.value }

    func integer(_ name: String) -> Int64? { text(name).flatMap { Int64($0) } }

    func flag(_ name: String) -> Bool? { text(name).map { $0 == "true" } }

    func time(_ name: String) -> Timestamp? { text(name).flatMap { Timestamp(text: $0) } }

    func words(_ name: String) -> [String] { values.filter { $0.name == name }.flatMap { Self.parts($0.value) } }

    func ids<Kind>(_ name: String) -> [ID<Kind>] { words(name).compactMap { Int64($0) }.map { ID($0) } }

    func value<Value: RawRepresentable>(_ name: String) -> Value? where Value.RawValue == String {
        text(name).flatMap(Value.init)
    }

    var page: PageRequest {
        PageRequest(
            number: integer("page").map { Int($0) } ?? 1,
            size: integer("size").map { Int($0) } ?? PageRequest.usualSize)
    }
}
