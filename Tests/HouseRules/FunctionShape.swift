/// A function, initializer or subscript with a body, as far as its shape can be read off the text.
struct FunctionShape: Sendable {
    let name: String
    /// Index of the line that declares it.
    let line: Int
    /// Lines between its braces.
    let bodyLines: Int
    let parameters: Int
    let isPrivate: Bool
    /// Its text from declaration to closing brace, code only.
    let code: Substring

    var isInitializer: Bool { name == "init" }

    /// All of a file's, inner ones too, in the lines of its code.
    static func all(in code: [String]) -> [FunctionShape] {
        let text = code.joined(separator: "\n")
        var start = text.startIndex
        return code.enumerated().compactMap { index, line in
            let (bytes, length) = (text.utf8, line.utf8.count + 1)
            defer { start = bytes.index(start, offsetBy: length, limitedBy: bytes.endIndex) ?? bytes.endIndex }
            guard line.contains("func ") || line.contains("init") || line.contains("subscript"),
                let match = line.prefixMatch(of: /(?<before>[\s\w@().]*?)\b(?<name>func\s+[^\s(<]+|init\b|subscript\b)/)
            else { return nil }
            let before = String(match.before)
            guard !before.contains("."), !before.contains("return "), !before.contains("try ") else { return nil }
            let name = match.name.split(separator: " ").last.map(String.init) ?? ""
            let head = line.utf8.distance(from: line.startIndex, to: match.range.upperBound)
            let from = bytes.index(start, offsetBy: head)
            return FunctionShape(name: name, line: index, isPrivate: before.contains("private"), text: text[from...])
        }
    }

    /// `text` begins just behind the name. `nil` where no body follows, as in a protocol or a call.
    private init?(name: String, line: Int, isPrivate: Bool, text: Substring) {
        guard let list = Self.parameterList(in: text), let brace = Self.openingBrace(in: text[list.endIndex...]),
            let end = Self.closing(of: text[brace...])
        else { return nil }
        self.name = name
        self.line = line
        self.isPrivate = isPrivate
        parameters = Self.count(list)
        bodyLines = max(0, text[brace..<end].utf8.count { $0 == UInt8(ascii: "\n") } - 1)
        code = text[...end]
    }

    /// From the opening to the closing parenthesis, both included.
    private static func parameterList(in text: Substring) -> Substring? {
        guard let opening = text.firstIndex(of: "("), !text[..<opening].contains("{"), !text[..<opening].contains("\n"),
            let end = closing(of: text[opening...])
        else { return nil }
        return text[opening...end]
    }

    /// The brace that begins the body; what stands before it may only be effects, a result and constraints.
    private static func openingBrace(in text: Substring) -> String.Index? {
        guard let brace = text.firstIndex(of: "{") else { return nil }
        let between = text[..<brace].drop { $0.isWhitespace }
        guard let first = between.first else { return brace }
        guard first == "-" || ["async", "throws", "rethrows", "where"].contains(where: between.hasPrefix),
            !between.contains(/\n\s*(func|var|let|init|case|static|public|private|@|\})/)
        else { return nil }
        return brace
    }

    private static let (openers, closers) = (Set("({[".utf8), Set(")}]".utf8))

    /// Where the bracket that `text` begins with is closed.
    private static func closing(of text: Substring) -> String.Index? {
        var depth = 0
        for index in text.utf8.indices {
            let byte = text.utf8[index]
            if openers.contains(byte) {
                depth += 1
            } else if closers.contains(byte) {
                depth -= 1
                if depth == 0 { return index }
            }
        }
        return nil
    }

    /// The parameters of a list in parentheses: the parts between commas of its own level that hold anything.
    private static func count(_ list: Substring) -> Int {
        var (depth, parameters, part, last) = (0, 0, false, Character(" "))
        for character in list.dropFirst().dropLast() {
            if "([{<".contains(character) { depth += 1 }
            if ")]}".contains(character) || (character == ">" && last != "-") { depth -= 1 }
            if character == ",", depth == 0 {
                parameters += 1
                part = false
            } else if !character.isWhitespace {
                part = true
            }
            last = character
        }
        return parameters + (part ? 1 : 0)
    }
}
