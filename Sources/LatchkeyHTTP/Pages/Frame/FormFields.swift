import LatchkeyCore

/// The fields of a form that was sent, or of a page's query. Unknown ones are left alone: a query may be typed by hand.
struct FormFields: Sendable {
    private(set) var pairs: [(name: String, value: String)]

    static let empty = FormFields("")

    /// - Parameter text: `application/x-www-form-urlencoded`.
    init(_ text: String) {
        self.init(pairs: FormText.pairs(text))
    }

    init(pairs: [(name: String, value: String)]) {
        self.pairs = pairs
    }

    /// As it was typed; line breaks as the house keeps them, where a browser sends two characters.
    func text(_ name: String) -> String {
        (pairs.first { $0.name == name }?.value ?? "").replacing("\r\n", with: "\n")
    }

    /// `nil` when there is nothing but white space.
    func given(_ name: String) -> String? {
        let text = text(name).trimmed
        return text.isEmpty ? nil : text
    }

    func all(_ name: String) -> [String] {
        pairs.filter { $0.name == name }.map(\.value)
    }

    /// A box that is not ticked is not sent.
    func isTicked(_ name: String) -> Bool {
        pairs.contains { $0.name == name }
    }

    func has(_ name: String) -> Bool { isTicked(name) }

    func choice<Value: RawRepresentable>(_ name: String, _ type: Value.Type = Value.self) -> Value?
    where Value.RawValue == String {
        given(name).flatMap(Value.init)
    }

    func id<Kind>(_ name: String) -> ID<Kind>? {
        given(name).flatMap { Int64($0) }.flatMap { $0 > 0 ? ID($0) : nil }
    }

    /// These fields again, for a form that carries them along.
    func kept(_ names: [String]) -> [KeptField] {
        pairs.filter { names.contains($0.name) }.map { KeptField(name: $0.name, value: $0.value) }
    }

    func adding(_ name: String, _ value: String) -> FormFields {
        var fields = self
        fields.pairs.append((name, value))
        return fields
    }

    /// Everything but these, encoded again: for links that change one part of a query.
    func encoded(without names: Set<String>) -> [String] {
        pairs.filter { !names.contains($0.name) && !$0.value.isEmpty }.map {
            "\(FormText.encoded($0.name))=\(FormText.encoded($0.value))"
        }
    }
}
