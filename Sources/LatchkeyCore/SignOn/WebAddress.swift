import Foundation

/// An address of the web, in the plain form alone that every reader understands alike: scheme, host, port, path, query.
///
/// No user or password, no fragment, no backslash or blank, no host that one program reads as a name and another as a
/// number.
public struct WebAddress: Hashable, Sendable {
    public let isEncrypted: Bool
    /// In lower case; an IPv6 address without its brackets.
    public let host: String
    /// `nil` for the scheme's own.
    public let port: Int?
    /// With the query; begins with a slash.
    public let target: String

    public static let longest = 2048

    public init?(_ text: String) {
        guard text.utf8.count <= Self.longest, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C }),
            let parts = text.wholeMatch(of: Self.form)
        else { return nil }
        isEncrypted = parts.scheme == "https"
        host = parts.host.lowercased().trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        guard let number = parts.port else {
            port = nil
            target = Self.target(parts.rest)
            return
        }
        guard let value = Int(number), (1...65535).contains(value) else { return nil }
        port = value
        target = Self.target(parts.rest)
    }

    private typealias Parts = (
        Substring, scheme: Substring, host: Substring, port: Substring?, rest: Substring?
    )

    private static var form: Regex<Parts> {
        /(?<scheme>https?):\/\/(?<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(?<port>[0-9]{1,5}))?(?<rest>[\/?][^#]*)?/
    }

    private static func target(_ rest: Substring?) -> String {
        guard let rest, !rest.isEmpty else { return "/" }
        return rest.hasPrefix("/") ? String(rest) : "/\(rest)"
    }

    /// The address anew, so that what was checked is what is asked.
    public var text: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return (isEncrypted ? "https://" : "http://") + name + (port.map { ":\($0)" } ?? "") + target
    }
}
