/// What a newcomer is to type next.
enum FirstSteps {
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
