import LatchkeyApp
import LatchkeyCore

/// The accounts of the demo that somebody can sign in to: one of each kind of reader.
enum DemoDoors {
    static let people = ["Ada Okafor", "Rafael Moreno", "Wei Chen"].compactMap { name in
        DemoCast.people.first { $0.name == name }
    }

    private static let letters = Array("abcdefghjkmnpqrstuvwxyz23456789")

    /// `h4vm-q7rp-2tck-w9ze`: some 79 bits, and nothing that is mistaken for something else.
    static func password(randomBytes: (Int) -> [UInt8]) -> String {
        let text = randomBytes(16).map { letters[Int($0) % letters.count] }
        return stride(from: 0, to: 16, by: 4).map { String(text[$0..<$0 + 4]) }.joined(separator: "-")
    }
}

extension DemoStory {
    /// Gives them a password, by the link that the machine's owner would hand them.
    mutating func openDoors(with app: App, password: String) async throws {
        for person in DemoDoors.people {
            let link = try await app.passwordLink(email: person.email)
            _ = try await app.choosePassword(link: link, password: Password(password), from: Origin())
        }
    }
}
