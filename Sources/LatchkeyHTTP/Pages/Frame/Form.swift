import HTTPTypes
import LatchkeyCore

/// A form as it is shown: at first with what is there, then, refused, with what was typed and what is wrong.
struct Form: Sendable {
    /// What was typed; `nil` when the form is shown for the first time.
    let typed: FormFields?
    let status: HTTPResponse.Status
    /// What is wrong with the whole rather than with a field.
    let notice: String?
    private let flaws: [Flaw]
    /// Begins the ids of the fields, which differ between two forms of one page.
    private var prefix = "f"

    /// For the first time.
    init() {
        self.init(typed: nil, status: .ok, notice: nil, flaws: [])
    }

    /// Again as it was typed, with nothing wrong: after a step back.
    ///
    /// - Parameter prefix: begins the ids of its fields.
    init(keeping typed: FormFields, prefix: String = "f") {
        self.init(typed: typed, status: .ok, notice: nil, flaws: [])
        self.prefix = prefix
    }

    /// As somebody left it when their session ended.
    init(refilling typed: FormFields) {
        self.init(
            typed: typed, status: .ok,
            notice: "Nothing was saved yet, because you had to show first who you are. This is what you had typed: "
                + "look it over and send it again.", flaws: [])
    }

    /// Again; `nil` for a refusal that another try of the form would not change.
    init?(_ typed: FormFields, refused refusal: Refusal) {
        switch refusal {
        case .invalid(let flaws): self.init(typed: typed, status: .unprocessableContent, notice: nil, flaws: flaws)
        case .limited:
            let words = RefusalWords(refusal)
            self.init(typed: typed, status: words.status, notice: "\(words.headline). \(words.detail)", flaws: [])
        case .conflict, .badRequest, .unavailable:
            let words = RefusalWords(refusal)
            self.init(typed: typed, status: words.status, notice: words.detail, flaws: [])
        case .unauthenticated, .forbidden, .notFound: return nil
        }
    }

    private init(typed: FormFields?, status: HTTPResponse.Status, notice: String?, flaws: [Flaw]) {
        self.typed = typed
        self.status = status
        self.notice = notice
        self.flaws = flaws
    }

    /// What is wrong with a field.
    func flaw(_ field: String) -> String? {
        let found = flaws.filter { Self.field(of: $0) == field }.map { Self.sentence($0.detail) }
        return found.isEmpty ? nil : found.joined(separator: " ")
    }

    /// What to say above the fields: what concerns the whole, and flaws of fields that this form does not show.
    ///
    /// - Parameter marked: what to say when only fields are wrong; `nil` where nothing is being saved.
    func notice(
        besides fields: [String], marked: String? = "Nothing was saved yet: see what is marked below."
    ) -> String? {
        let others = flaws.filter { !fields.contains(Self.field(of: $0)) }.map { Self.sentence($0.detail) }
        let all = [notice].compactMap { $0 } + others
        if !all.isEmpty { return all.joined(separator: " ") }
        return flaws.isEmpty ? nil : marked
    }

    private func id(_ name: String) -> String { "\(prefix)-\(name)" }

    /// `/teams/0` is about the field `teams`, `/token/name` about `token_name`.
    private static func field(of flaw: Flaw) -> String {
        flaw.pointer.split(separator: "/").filter { Int($0) == nil }.joined(separator: "_")
    }

    /// Flaws are written to stand behind a field's name: “must not be empty”.
    private static func sentence(_ detail: String) -> String {
        let isWhole = detail.first?.isUppercase ?? false
        return isWhole ? detail : "This \(detail)" + (detail.hasSuffix(".") ? "" : ".")
    }
}

extension Form {
    /// A line of text.
    func text(_ name: String, _ label: String, _ value: String = "", hint: String? = nil) -> TextField {
        TextField(
            id: id(name), name: name, label: label, value: typed?.text(name) ?? value, hint: hint, flaw: flaw(name))
    }

    /// A line that is told rather than asked.
    func fixed(_ name: String, _ label: String, _ value: String) -> TextField {
        TextField(id: id(name), name: name, label: label, value: value, hint: nil, flaw: nil, isLocked: true)
    }

    /// A list to choose one from.
    func choice(
        _ name: String, _ label: String, _ options: [Option], chosen: String, hint: String? = nil
    ) -> ChoiceField {
        let chosen = typed?.text(name) ?? chosen
        return ChoiceField(
            id: id(name), name: name, label: label, options: options.map { $0.chosen($0.value == chosen) }, hint: hint,
            flaw: flaw(name))
    }

    /// Boxes to tick any of.
    func boxes(
        _ name: String, _ label: String, _ options: [Option], ticked: [String], hint: String? = nil
    ) -> ChoiceField {
        let ticked = Set(typed?.all(name) ?? ticked)
        return ChoiceField(
            id: id(name), name: name, label: label, options: options.map { $0.chosen(ticked.contains($0.value)) },
            hint: hint, flaw: flaw(name))
    }

    /// One box.
    func box(_ name: String, _ label: String, _ isTicked: Bool = false, hint: String? = nil) -> BoxField {
        BoxField(
            id: id(name), name: name, label: label, isTicked: typed.map { $0.isTicked(name) } ?? isTicked, hint: hint,
            flaw: flaw(name))
    }
}

/// For the partials `field/text`, `field/area` and `field/password`.
struct TextField: View {
    let id: String
    let name: String
    let label: String
    var value: String
    let hint: String?
    let flaw: String?
    var isRequired = true
    var type = "text"
    /// What a browser may fill in (HTML, autofill).
    var autocomplete = "off"
    /// An example of what to write.
    var example = ""
    /// Shown, and not to be changed.
    var isLocked = false
    /// The path that answers with suggestions for what is typed; scripts ask it.
    var suggestions: String?
    /// The path that answers with what is to be said of what is typed.
    var comment: String?

    var optional: TextField { changed { $0.isRequired = false } }
    var locked: TextField { changed { $0.isLocked = true } }
    func such(as example: String) -> TextField { changed { $0.example = example } }
    func suggested(by path: String) -> TextField { changed { $0.suggestions = path } }
    func commented(by path: String) -> TextField { changed { $0.comment = path } }

    /// A password is never sent back to the page.
    var emptied: TextField { changed { $0.value = "" } }

    func typed(_ type: String, autocomplete: String) -> TextField {
        changed {
            $0.type = type
            $0.autocomplete = autocomplete
        }
    }

    private func changed(_ change: (inout TextField) -> Void) -> TextField {
        var field = self
        change(&field)
        return field
    }
}

/// For the partials `field/select`, `field/radios` and `field/boxes`.
struct ChoiceField: View {
    let id: String
    let name: String
    let label: String
    let options: [Option]
    let hint: String?
    let flaw: String?
}

struct Option: View {
    let value: String
    let label: String
    /// A line below the label, in radios and boxes.
    let detail: String?
    /// Shown, and not to be changed.
    let isLocked: Bool
    private(set) var isChosen = false

    init(_ value: String, _ label: String? = nil, detail: String? = nil, isLocked: Bool = false) {
        self.value = value
        self.label = label ?? value
        self.detail = detail
        self.isLocked = isLocked
    }

    func chosen(_ isChosen: Bool) -> Option {
        var option = self
        option.isChosen = isChosen
        return option
    }
}

/// For the partial `field/box`.
struct BoxField: View {
    let id: String
    let name: String
    let label: String
    let isTicked: Bool
    let hint: String?
    let flaw: String?
}
