/// What a claim of a workload's token has to be: a text to the letter, or one in which whole parts are left open.
///
/// Parts lie between colons and slashes. `*` stands for exactly one part, `**` at the end for one or more. Neither
/// stands for a piece of a part: `repo:acme*` would let `repo:acme-evil` in. Compared byte for byte, because two texts
/// that only look alike are two identities.
public struct ClaimPattern: Hashable, Sendable {
    public let text: String
    private let parts: [Part]

    private struct Part: Hashable {
        /// `:` or `/` before it; none before the first.
        let separator: UInt8?
        let bytes: [UInt8]

        var isOpen: Bool { bytes == ClaimPattern.one || bytes == ClaimPattern.rest }
    }

    public static let longest = 1000
    private static let one = Array("*".utf8)
    private static let rest = Array("**".utf8)

    /// - Parameter given: how many parts at the beginning must not be left open, if any part is: that of a subject
    ///   which begins with the platform's word alone would let everybody on that platform in.
    public init(_ text: String, given: Int, at pointer: String) throws(Refusal) {
        guard (1...Self.longest).contains(text.utf8.count), text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw .invalid(pointer, "must have 1 to \(Self.longest) characters, none of them a control character")
        }
        let parts = Self.parts(text)
        for (place, part) in parts.enumerated() where part.bytes.contains(UInt8(ascii: "*")) {
            guard part.isOpen, part.bytes == Self.one || place == parts.count - 1 else {
                throw .invalid(
                    pointer, "may hold * for one whole part between : and /, and ** for all parts at the end")
            }
            guard place >= given else {
                throw .invalid(pointer, "must begin with \(given) \(given == 1 ? "part" : "parts") without *")
            }
        }
        self.init(text: text, parts: parts)
    }

    /// Reads what was checked when it was stored.
    init(stored text: String) {
        self.init(text: text, parts: Self.parts(text))
    }

    private init(text: String, parts: [Part]) {
        self.text = text
        self.parts = parts
    }

    public func matches(_ value: String) -> Bool {
        guard parts.contains(where: \.isOpen) else { return value.utf8.elementsEqual(text.utf8) }
        let values = Self.parts(value)
        let isOpenEnded = parts.last?.bytes == Self.rest
        guard isOpenEnded ? values.count >= parts.count : values.count == parts.count else { return false }
        return zip(parts, values).allSatisfy { part, value in
            part.separator == value.separator && (part.isOpen ? !value.bytes.isEmpty : part.bytes == value.bytes)
        }
    }

    private static func parts(_ text: String) -> [Part] {
        var parts: [Part] = []
        var (separator, bytes): (UInt8?, [UInt8]) = (nil, [])
        for byte in text.utf8 {
            guard byte == UInt8(ascii: ":") || byte == UInt8(ascii: "/") else {
                bytes.append(byte)
                continue
            }
            parts.append(Part(separator: separator, bytes: bytes))
            (separator, bytes) = (byte, [])
        }
        return parts + [Part(separator: separator, bytes: bytes)]
    }
}

/// One claim beside `sub` that has to be there and to fit.
public struct ClaimCondition: Hashable, Sendable {
    public let name: String
    public let pattern: ClaimPattern

    init(name: String, pattern: ClaimPattern) {
        self.name = name
        self.pattern = pattern
    }

    /// A text, a whole number or a truth value fits as it is written in JSON; a list when one of its texts does.
    func holds(in claims: Claims) -> Bool {
        switch claims[name] {
        case .text(let text): pattern.matches(text)
        case .flag(let flag): pattern.matches(flag ? "true" : "false")
        case .number(let number): Int64(exactly: number).map { pattern.matches(String($0)) } ?? false
        case .list: (claims.texts(name) ?? []).contains { pattern.matches($0) }
        case .object, .null, nil: false
        }
    }
}
