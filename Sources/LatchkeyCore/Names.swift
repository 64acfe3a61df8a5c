/// Rules that every name and free text of the API shares.
enum Names {
    static let longest = 255
    static let longestText = 2000

    /// The name as it is kept, or the flaw at `pointer`.
    static func checked(_ name: String, at pointer: String) throws(Refusal) -> String {
        let name = name.trimmed
        guard !name.isEmpty else { throw .invalid(pointer, "must not be empty") }
        guard name.unicodeScalars.count <= longest else {
            throw .invalid(pointer, "must have at most \(longest) characters")
        }
        guard name.isPlainLine else { throw .invalid(pointer, "must be one line without control characters") }
        return name
    }

    /// Free text such as a purpose or a description: line breaks are welcome, other control characters are not.
    static func checkedText(_ text: String, at pointer: String) throws(Refusal) -> String {
        guard text.unicodeScalars.count <= longestText else {
            throw .invalid(pointer, "must have at most \(longestText) characters")
        }
        guard text.replacing("\r\n", with: " ").replacing("\n", with: " ").replacing("\t", with: " ").isPlainLine else {
            throw .invalid(pointer, "must not hold control characters")
        }
        return text
    }
}

extension AuditValue {
    static func optional(_ text: String?) -> AuditValue? { text.map(AuditValue.text) }
    static func optional<Kind>(_ id: ID<Kind>?) -> AuditValue? { id.map { .number($0.value) } }
    static func optional(_ moment: Timestamp?) -> AuditValue? { moment.map { .text($0.text) } }
}
