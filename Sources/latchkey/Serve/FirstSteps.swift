import LatchkeyCore

/// What a newcomer is to do next.
enum FirstSteps {
    /// The link that makes the first Admin in a browser.
    static func setUp(_ settings: Settings, _ secret: OpaqueSecret) -> String {
        """

        There is no Admin yet. Open this link within 15 minutes to make the first account; it works once:

          \(settings.publicURL)/set-up?code=\(secret.reveal())

        """
    }

    /// The command that makes the first Admin of this very instance.
    static func bootstrap(_ settings: Settings) -> String {
        var words = ["latchkey", "admin", "bootstrap", "--email", "you@example.com"]
        if let database = settings.database {
            words += ["--database", quoted(Setting.database.masked(database))]
        }
        if settings.dataDirectory != Setting.dataDirectory.usual {
            words += ["--data-dir", quoted(settings.dataDirectory)]
        }
        if settings.keyFile != settings.dataDirectory + "/keys.json" {
            words += ["--key-file", quoted(settings.keyFile)]
        }
        return words.joined(separator: " ")
    }

    /// For sh, where needed.
    private static func quoted(_ word: String) -> String {
        guard word.wholeMatch(of: /[A-Za-z0-9_.\/:@-]+/) == nil else { return word }
        return "'" + word.replacing("'", with: "'\\''") + "'"
    }
}
