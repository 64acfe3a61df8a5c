import Foundation

/// A value in a document of somebody else's, as JSON has it.
public enum ClaimValue: Hashable, Sendable {
    case null
    case flag(Bool)
    case number(Double)
    case text(String)
    case list([ClaimValue])
    case object([String: ClaimValue])
}

extension ClaimValue: Decodable {
    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let flag = try? value.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let list = try? value.decode([ClaimValue].self) {
            self = .list(list)
        } else {
            self = .object(try value.decode([String: ClaimValue].self))
        }
    }
}

/// What a token or a document of a provider says: a JSON object of which nothing is believed yet.
///
/// Readers take a claim in every form in which providers are known to send it, and in no other.
public struct Claims: Hashable, Sendable {
    private let members: [String: ClaimValue]

    public init(_ members: [String: ClaimValue]) {
        self.members = members
    }

    /// `nil` when the bytes are no JSON object.
    public init?(json: [UInt8]) {
        guard let members = try? JSONDecoder().decode([String: ClaimValue].self, from: Data(json)) else { return nil }
        self.members = members
    }

    public subscript(name: String) -> ClaimValue? {
        members[name] == .null ? nil : members[name]
    }

    public func text(_ name: String) -> String? {
        guard case .text(let text) = self[name] else { return nil }
        return text
    }

    /// A list of texts; one text alone counts as a list of one, as `aud` has it (RFC 7519 §4.1.3).
    /// `nil` when it is not there, or anything in it is no text.
    public func texts(_ name: String) -> [String]? {
        switch self[name] {
        case .text(let text): return [text]
        case .list(let list):
            let texts = list.compactMap { if case .text(let text) = $0 { text } else { nil } }
            return texts.count == list.count ? texts : nil
        default: return nil
        }
    }

    /// A NumericDate, which may have a fraction (RFC 7519 §2): some send `auth_time` so.
    public func moment(_ name: String) -> Timestamp? {
        guard case .number(let seconds) = self[name], (0...Self.latest).contains(seconds) else { return nil }
        return Timestamp(milliseconds: Int64(seconds * 1000))
    }

    /// 9999-12-31T23:59:59Z.
    private static let latest = 253_402_300_799.0

    /// Some send booleans as texts.
    public func flag(_ name: String) -> Bool? {
        switch self[name] {
        case .flag(let flag): flag
        case .text("true"): true
        case .text("false"): false
        default: nil
        }
    }
}
