/// What `serve --print-config` shows: each setting, its value and where it came from.
enum PrintedSettings {
    static func value(of sources: SettingSources, settings: Settings) throws -> JSONValue {
        .array(
            try Setting.all.map { setting in
                let found = try sources.value(of: setting)
                let text = found?.text ?? derived(setting, settings)
                return .object([
                    JSONMember("setting", .string(setting.key)),
                    JSONMember("value", text.map { .string(setting.masked($0)) } ?? .null),
                    JSONMember("origin", .string(found?.origin ?? "default")),
                ])
            })
    }

    static let columns = [Column("setting", "setting"), Column("value", "value"), Column("from", "origin")]

    /// The usual value of a setting that follows from others.
    private static func derived(_ setting: Setting, _ settings: Settings) -> String? {
        switch setting.key {
        case Setting.publicURL.key: settings.publicURL
        case Setting.keyFile.key: settings.keyFile
        default: nil
        }
    }
}
