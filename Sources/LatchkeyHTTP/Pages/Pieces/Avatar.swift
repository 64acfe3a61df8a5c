/// The round sign beside a name, for the partial `avatar`: initials of a person, a key for a service user.
struct Avatar: View {
    let initials: String
    let isService: Bool
    /// One of eight muted colours, always the same for one name.
    let hue: Int

    init(name: String, isService: Bool) {
        let words = name.split { $0 == " " || $0 == "." || $0 == "@" || $0 == "_" || $0 == "-" }
        let letters = [words.first, words.count > 1 ? words.last : nil].compactMap { $0?.first?.uppercased() }
        initials = letters.joined()
        self.isService = isService
        hue = name.unicodeScalars.reduce(0) { ($0 * 31 + Int($1.value)) % 8 }
    }
}
