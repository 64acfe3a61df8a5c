import HTTPTypes
import LatchkeyCore

/// Versions as HTTP tells them (RFC 7232). Ours are weak: two replies of one version may show different attributes.
enum EntityTag {
    private static let most = 50

    static func header(_ tag: String) -> String { "W/\"\(tag)\"" }

    /// `If-Match`; no header is no condition, and neither is `*` for what has to be there anyway.
    static func precondition(_ fields: HTTPFields) -> Precondition {
        guard let text = fields[.ifMatch] else { return .none }
        let tags = tags(text)
        return tags == ["*"] ? .none : Precondition(tags: tags)
    }

    /// `If-None-Match`: whether the caller has this version already.
    static func isKnown(_ tag: String, to fields: HTTPFields) -> Bool {
        guard let text = fields[.ifNoneMatch] else { return false }
        let tags = tags(text)
        return tags.contains(tag) || tags == ["*"]
    }

    /// Compared weakly: the mark `W/` says nothing here (RFC 7232 §2.3.2).
    private static func tags(_ text: String) -> [String] {
        text.split(separator: ",").prefix(most).map { piece in
            var tag = piece.drop { $0 == " " || $0 == "\t" }
            while let last = tag.last, last == " " || last == "\t" { tag.removeLast() }
            if tag.hasPrefix("W/") { tag = tag.dropFirst(2) }
            if tag.count > 1, tag.first == "\"", tag.last == "\"" { tag = tag.dropFirst().dropLast() }
            return String(tag)
        }
    }
}
