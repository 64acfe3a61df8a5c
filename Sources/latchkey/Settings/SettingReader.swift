import Foundation
import LatchkeyCore

/// Reads one setting at a time into its type; a value that does not fit is refused with its origin.
struct SettingReader {
    let sources: SettingSources

    func optional(_ setting: Setting) throws -> String? {
        guard let found = try sources.value(of: setting), !found.text.isEmpty else { return nil }
        return found.text
    }

    func text(_ setting: Setting) throws -> String {
        guard let text = try optional(setting) else { throw try wrong(setting, "must not be empty") }
        return text
    }

    func number(_ setting: Setting, within range: ClosedRange<Int>) throws -> Int {
        guard let number = Int(try text(setting)), range.contains(number) else {
            throw try wrong(setting, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func flag(_ setting: Setting) throws -> Bool {
        switch try text(setting).lowercased() {
        case "true", "yes", "on", "1": true
        case "false", "no", "off", "0": false
        default: throw try wrong(setting, "must be true or false")
        }
    }

    func choice<Choice: RawRepresentable<String>>(_ setting: Setting, of choices: [Choice]) throws -> Choice {
        guard let choice = Choice(rawValue: try text(setting).lowercased()) else {
            throw try wrong(setting, "must be one of \(choices.map(\.rawValue).joined(separator: ", "))")
        }
        return choice
    }

    func span(_ setting: Setting) throws -> Duration {
        guard let span = Self.span(try text(setting)) else {
            throw try wrong(setting, "must be a number with s, m, h or d behind it, such as 5m")
        }
        return span
    }

    /// `600/1m`: so many in a span; `nil` for `off`.
    func quota(_ setting: Setting) throws -> Quota? {
        let text = try text(setting)
        guard text.lowercased() != "off" else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let calls = Int(parts[0]), let span = Self.span(String(parts[1])),
            let quota = Quota(calls: calls, in: span)
        else { throw try wrong(setting, "must be off, or so many in a span of at most a day, such as 600/1m") }
        return quota
    }

    /// `90s`, `5m`, `24h`, `7d`.
    private static func span(_ text: String) -> Duration? {
        guard let parts = text.wholeMatch(of: /([0-9]{1,9})([smhd])/), let count = Int(parts.1) else { return nil }
        return switch parts.2 {
        case "s": .seconds(count)
        case "m": .minutes(count)
        case "h": .hours(count)
        default: .days(count)
        }
    }

    func blocks(_ setting: Setting) throws -> [AddressBlock] {
        let parts = try optional(setting)?.split(separator: ",").map { String($0).trimmed } ?? []
        return try parts.map { part in
            guard let block = AddressBlock(part) else {
                throw try wrong(setting, "must list addresses or CIDR blocks, such as 10.0.0.0/8")
            }
            return block
        }
    }

    func email(_ setting: Setting) throws -> String {
        let text = try text(setting)
        guard text.wholeMatch(of: /[^@\s]+@[^@\s]+/) != nil else { throw try wrong(setting, "must be an address") }
        return text
    }

    func wrong(_ setting: Setting, _ demand: String) throws -> CommandFailure {
        let found = try sources.value(of: setting)
        let text = setting.masked(found?.text ?? "").visible()
        return .usage("\(setting.key) \(demand), not \"\(text)\"", hint: found.map { "it came from \($0.origin)" })
    }
}

extension SettingReader {
    func database() throws -> String? {
        guard let url = try optional(.database) else { return nil }
        guard url.hasPrefix("postgres://") || url.hasPrefix("postgresql://") else {
            throw try wrong(.database, "must be a postgres:// URL; leave it out for the embedded database")
        }
        return url
    }

    /// Goes into every token as its issuer, so it must be what the outside world calls this server.
    func publicURL(host: String, port: Int) throws -> String {
        guard let given = try optional(.publicURL) else {
            let scheme = try certificates() == nil ? "http" : "https"
            return "\(scheme)://\(host.contains(":") ? "[\(host)]" : host):\(port)"
        }
        guard let url = URLComponents(string: given), ["http", "https"].contains(url.scheme),
            url.host?.isEmpty == false,
            url.query == nil, url.fragment == nil
        else { throw try wrong(.publicURL, "must be an http or https URL") }
        return given.hasSuffix("/") ? String(given.dropLast()) : given
    }

    func rootPath() throws -> String {
        let path = try text(.rootPath)
        guard path.wholeMatch(of: /(\/[A-Za-z0-9._~-]+)+/) != nil else {
            throw try wrong(.rootPath, "must begin with / and not end with it, such as /api")
        }
        return path
    }

    func tokens() throws -> TokenSettings {
        let longest = try number(.longestLife, within: 1...365)
        return TokenSettings(
            longestLifeDays: longest, neverAllowed: try flag(.neverAllowed),
            defaultLifeDays: min(try number(.defaultLife, within: 1...365), longest),
            accessLifeMinutes: try number(.accessLife, within: AccessLifetime.minutes))
    }

    func certificates() throws -> CertificateFiles? {
        switch (try optional(.certificate), try optional(.privateKey)) {
        case (let certificate?, let key?): return CertificateFiles(certificate: certificate, privateKey: key)
        case (nil, nil): return nil
        case (_?, nil): throw CommandFailure.usage("tls-certificate needs tls-key beside it")
        case (nil, _?): throw CommandFailure.usage("tls-key needs tls-certificate beside it")
        }
    }
}
