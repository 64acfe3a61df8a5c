import LatchkeyCore

/// The whole filter grammar of RFC 7644 §3.4.2.2: comparisons, `pr`, `and`, `or`, `not`, grouping, values in brackets.
/// `and` binds closer than `or`. Names and operators are read without case.
///
/// Recursive descent; depth and number of comparisons are bounded, so that no filter costs more than its length.
struct FilterParser {
    static let greatestDepth = 20
    static let mostComparisons = 100

    /// Whose attributes are named.
    enum Scope {
        case resource(ResourceType)
        /// Within an attribute's brackets.
        case values(SCIMAttribute)
    }

    private var lexer: FilterLexer
    private var sign: FilterLexer.Sign = .end
    private var comparisons = 0

    /// A whole filter and nothing else.
    static func filter(_ text: String, of type: ResourceType) throws(SCIMFault) -> AttributeFilter {
        var parser = try FilterParser(text)
        let filter = try parser.disjunction(.resource(type), depth: 0)
        guard parser.sign == .end else { throw parser.lexer.fault("something follows the filter") }
        return filter
    }

    init(_ text: String) throws(SCIMFault) {
        lexer = try FilterLexer(text)
        sign = try lexer.next()
    }

    /// What was read last and is not used yet.
    var current: FilterLexer.Sign { sign }

    mutating func advance() throws(SCIMFault) { sign = try lexer.next() }

    func fault(_ what: String) -> SCIMFault { lexer.fault(what) }

    mutating func disjunction(_ scope: Scope, depth: Int) throws(SCIMFault) -> AttributeFilter {
        guard depth <= Self.greatestDepth else { throw .filter("The filter is nested too deep.") }
        var filter = try conjunction(scope, depth: depth)
        while try take("or") { filter = .any(filter, try conjunction(scope, depth: depth)) }
        return filter
    }

    private mutating func conjunction(_ scope: Scope, depth: Int) throws(SCIMFault) -> AttributeFilter {
        var filter = try term(scope, depth: depth)
        while try take("and") { filter = .all(filter, try term(scope, depth: depth)) }
        return filter
    }

    private mutating func term(_ scope: Scope, depth: Int) throws(SCIMFault) -> AttributeFilter {
        switch sign {
        case .open: return try group(scope, depth: depth)
        case .word(let word) where word.isSameWord(as: "not"):
            try advance()
            guard sign == .open else { throw fault("( was expected behind not") }
            return .not(try group(scope, depth: depth))
        case .word(let word):
            try advance()
            return try comparison(word, scope, depth: depth)
        default: throw fault("an attribute was expected")
        }
    }

    private mutating func group(_ scope: Scope, depth: Int) throws(SCIMFault) -> AttributeFilter {
        try advance()
        let filter = try disjunction(scope, depth: depth + 1)
        guard sign == .close else { throw fault(") was expected") }
        try advance()
        return filter
    }

    private mutating func comparison(
        _ word: String, _ scope: Scope, depth: Int
    ) throws(SCIMFault) -> AttributeFilter {
        comparisons += 1
        guard comparisons <= Self.mostComparisons else {
            throw .filter("The filter must have at most \(Self.mostComparisons) comparisons.")
        }
        guard let name = Self.name(word, scope) else { throw fault("“\(word.prefix(64))” is no attribute") }
        if sign == .openBracket, case .resource = scope { return try values(of: name, depth: depth) }
        guard case .word(let written) = sign else { throw fault("an operator was expected") }
        try advance()
        if written.isSameWord(as: "pr") { return .present(name.path) }
        guard let comparison = AttributeFilter.Comparison(rawValue: written.lowercased()) else {
            throw fault("“\(written.prefix(64))” is no operator")
        }
        let operand = try FilterOperand(sign, for: name).checked(comparison)
        try advance()
        return .compare(name.path, comparison, operand)
    }

    /// `emails[type eq "work"]`. What no schema knows has no values.
    ///
    /// Behind the brackets Entra asks for a part of that same value, as RFC 7644 allows in a path alone:
    /// `emails[type eq "work"].value eq "ada@example.com"`.
    private mutating func values(of name: AttributeName, depth: Int) throws(SCIMFault) -> AttributeFilter {
        try advance()
        let attribute = name.attribute ?? SCIMAttribute(name.path.attribute ?? "", .complex([]), "")
        let inner = try disjunction(.values(attribute), depth: depth + 1)
        guard sign == .closeBracket else { throw fault("] was expected") }
        try advance()
        guard case .part(let part) = sign else { return .within(name.path, inner) }
        try advance()
        return .within(name.path, .all(inner, try comparison(part, .values(attribute), depth: depth)))
    }

    private static func name(_ word: String, _ scope: Scope) -> AttributeName? {
        switch scope {
        case .resource(let type): AttributeName(word, of: type)
        case .values(let attribute): AttributeName(word, within: attribute)
        }
    }

    private mutating func take(_ word: String) throws(SCIMFault) -> Bool {
        guard case .word(let written) = sign, written.isSameWord(as: word) else { return false }
        try advance()
        return true
    }
}

/// The value of a comparison, held against what the attribute can be.
private struct FilterOperand {
    let sign: FilterLexer.Sign
    let name: AttributeName
    /// What is compared: of a complex attribute its `value`.
    let attribute: SCIMAttribute?

    init(_ sign: FilterLexer.Sign, for name: AttributeName) throws(SCIMFault) {
        self.sign = sign
        self.name = name
        if let target = name.target, case .complex = target.kind {
            guard let value = target.part("value") else {
                throw .filter("\(name.path) has parts and no value of its own: compare one of its parts.")
            }
            attribute = value
        } else {
            attribute = name.target
        }
    }

    func checked(_ comparison: AttributeFilter.Comparison) throws(SCIMFault) -> AttributeFilter.Operand {
        let operand = try operand
        switch (attribute?.kind, comparison) {
        case (.boolean?, .equal), (.boolean?, .notEqual): break
        // RFC 7644 §3.4.2.2, table 3: these have no order and no parts.
        case (.boolean?, _), (.binary?, .greater), (.binary?, .greaterOrEqual), (.binary?, .less),
            (.binary?, .lessOrEqual):
            throw .filter("\(name.path) cannot be compared with \(comparison.rawValue).")
        default: break
        }
        if operand == .null, ![.equal, .notEqual].contains(comparison) {
            throw .filter("null can be compared with eq and ne only.")
        }
        return operand
    }

    private var operand: AttributeFilter.Operand {
        get throws(SCIMFault) {
            switch sign {
            case .text(let text): return try operand(text)
            case .integer(let number): return try numeric(.integer(number))
            case .decimal(let number): return try numeric(.decimal(number))
            case .word(let word): return try operand(word: word.lowercased())
            default: throw .filter("A value was expected to compare \(name.path) with.")
            }
        }
    }

    private func operand(_ text: String) throws(SCIMFault) -> AttributeFilter.Operand {
        switch attribute?.kind {
        case .boolean?: return try operand(word: text.lowercased())
        case .dateTime?:
            guard let moment = Timestamp(text: text) else {
                throw .filter("\(name.path) is compared with a time such as 2027-11-21T12:34:56Z.")
            }
            return .text(moment.text, isExact: true)
        case .integer?: throw .filter("\(name.path) is compared with a number.")
        default: return .text(text, isExact: attribute?.isCaseExact ?? false)
        }
    }

    private func operand(word: String) throws(SCIMFault) -> AttributeFilter.Operand {
        switch word {
        case "null": return .null
        case "true", "false":
            if case .boolean? = attribute?.kind { return .flag(word == "true") }
            guard attribute == nil else { throw .filter("\(name.path) is not true or false.") }
            return .flag(word == "true")
        default: throw .filter("“\(word.prefix(64))” is no value; put texts in quotes.")
        }
    }

    private func numeric(_ operand: AttributeFilter.Operand) throws(SCIMFault) -> AttributeFilter.Operand {
        guard attribute == nil else {
            throw .filter("\(name.path) is no number; put texts in quotes.")
        }
        return operand
    }
}
