/// Stylesheet and scripts without what only authors need, for pages are weighed with all that they load: about a sixth.
/// It reads no grammar, so authors keep to what it takes for granted.
enum LeanText {
    /// Comments, line breaks and spaces around signs go. Texts in quotes hold none of these signs with a space.
    static func style(_ text: String) -> String {
        let lines = text.replacing(/\/\*.*?\*\//.dotMatchesNewlines(), with: "").split(separator: "\n").map(trimmed)
        return [(" {", "{"), ("{ ", "{"), (" }", "}"), ("} ", "}"), ("; ", ";"), (": ", ":"), (", ", ",")]
            .reduce(lines.joined(separator: " ")) { $0.replacing($1.0, with: $1.1) }
    }

    /// Indentation, empty lines and lines of comment go; the others stay lines. No text goes over several lines.
    static func script(_ text: String) -> String {
        text.split(separator: "\n").map(trimmed).filter { !$0.isEmpty && !$0.hasPrefix("//") }.joined(separator: "\n")
    }

    private static func trimmed(_ line: Substring) -> Substring {
        var line = line.drop { $0 == " " }
        while line.last == " " { line.removeLast() }
        return line
    }
}
