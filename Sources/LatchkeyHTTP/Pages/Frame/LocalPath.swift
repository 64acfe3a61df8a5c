/// A path of this console, to go back to after signing in. Anything that a browser could take for another place is
/// none: `//host`, `/\host`, a scheme, control characters that it would leave out.
struct LocalPath: Hashable, Sendable {
    let text: String

    static let home = LocalPath(known: "/")

    /// Where somebody wanted to go before they had to sign in.
    static func back(in fields: FormFields) -> LocalPath { LocalPath(fields.text("return_to")) ?? .home }

    private static let longest = 2000

    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.first == UInt8(ascii: "/"), bytes.count <= Self.longest,
            bytes.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }),
            bytes.dropFirst().first != UInt8(ascii: "/")
        else { return nil }
        self.text = text
    }

    /// The page on which a link was followed, as a browser tells it (RFC 9110 §10.1.3). Whose page it was is left
    /// aside: what comes of it is a path of ours in any case.
    init?(referer: String) {
        guard let start = referer.firstRange(of: "://")?.upperBound,
            let slash = referer[start...].firstIndex(of: "/")
        else { return nil }
        self.init(String(referer[slash...]))
    }

    /// Without what is asked of it.
    var page: Substring { text.prefix { $0 != "?" } }

    private init(known text: String) {
        self.text = text
    }
}
