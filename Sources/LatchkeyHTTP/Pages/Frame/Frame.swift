import LatchkeyApp
import LatchkeyCore

/// What every page may use besides its own view.
struct Frame: View {
    /// Where the assets are, with their hash.
    let assets: String
    /// For the hidden field of every form.
    let formToken: String
    let here: String
    let theme: Theme
    let person: PersonView?
    let navigation: [NavigationGroup]
    let flash: String?
}

/// The person who is signed in, as the frame shows them.
struct PersonView: View {
    let name: String
    let role: String
    let avatar: Avatar

    init(_ person: SignedInPerson) {
        name = person.name
        role = person.role.rawValue
        avatar = Avatar(name: person.name, isService: false)
    }
}

/// The colours that a reader has chosen; without a choice the system's.
struct Theme: View {
    let name: String
    let isLight: Bool
    let isDark: Bool
    let isSystem: Bool

    init(word: Substring?) {
        name = ["light", "dark"].first { $0 == word ?? "" } ?? "system"
        isLight = name == "light"
        isDark = name == "dark"
        isSystem = name == "system"
    }
}
