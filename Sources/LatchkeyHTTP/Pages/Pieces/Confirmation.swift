import LatchkeyCore

/// A page that asks before something is done, for the template `confirm`; opened as a dialog where scripts run.
struct Confirmation: View {
    let headline: String
    /// What will happen, a sentence each.
    let sentences: [String]
    let notice: String?
    /// Where the form goes.
    let action: String
    let button: String
    let isGrave: Bool
    /// Where “Cancel” leads.
    let back: String
    var reason: ChoiceField?
    /// A field in which a word has to be typed first, so that nobody does this by a slip of the hand.
    var word: TextField?

    static let wordField = "confirmation"

    init(
        _ headline: String, _ sentences: [String], button: String, isGrave: Bool = true, visit: Visit, form: Form,
        back: String
    ) {
        self.headline = headline
        self.sentences = sentences
        self.button = button
        self.isGrave = isGrave
        self.back = back
        action = ListFrame.link(visit, without: [])
        notice = form.notice(besides: [Self.wordField, "reason"])
    }

    func asking(for reason: ChoiceField) -> Confirmation {
        var confirmation = self
        confirmation.reason = reason
        return confirmation
    }

    func typing(_ word: String, _ form: Form) -> Confirmation {
        var confirmation = self
        confirmation.word = form.text(Self.wordField, "Type \(word) to confirm")
        return confirmation
    }

    func page(_ form: Form) -> PageReply {
        .page(headline, "confirm", self, status: form.status)
    }
}

extension FormFields {
    func requireTyped(_ word: String) throws(Refusal) {
        guard text(Confirmation.wordField).trimmed.lowercased() == word else {
            throw .invalid(
                "/\(Confirmation.wordField)", "Type the word \(word), so that it does not happen by mistake.")
        }
    }
}
