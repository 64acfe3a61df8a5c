/// What a token is for, as its `use` claim says.
public enum TokenUse: String, Hashable, Sendable, CaseIterable {
    case personal, service, scim
}

/// Everything that a token says about itself. Never role, teams or permissions: these are read from the account when
/// the token is used, so a change of role applies to every token at once.
public struct TokenClaims: Hashable, Sendable {
    public let token: ID<Token>
    /// `iss`: the instance's public address.
    public let issuer: String
    /// `sub`: the owner's handle.
    public let subject: String
    /// Whole seconds.
    public let issuedAt: Timestamp
    /// Whole seconds; `nil` for never, which leaves `exp` out.
    public let expiresAt: Timestamp?
    public let use: TokenUse

    public init(
        token: ID<Token>, issuer: String, subject: String, issuedAt: Timestamp, expiresAt: Timestamp?, use: TokenUse
    ) {
        self.token = token
        self.issuer = issuer
        self.subject = subject
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.use = use
    }

    /// The claims as compact JSON. `jti` comes first: the format relies on its place.
    func json(jti: JTI) -> [UInt8] {
        var json = Array(#"{"jti":""#.utf8)
        Base64URL.append(jti.bytes, to: &json)
        json += Array(#"","iss":""#.utf8)
        Self.append(issuer, to: &json)
        json += Array(#"","sub":""#.utf8)
        Self.append(subject, to: &json)
        json += Array("\",\"iat\":\(issuedAt.seconds)".utf8)
        if let expiresAt { json += Array(",\"exp\":\(expiresAt.seconds)".utf8) }
        json += Array(",\"use\":\"\(use.rawValue)\"}".utf8)
        return json
    }

    /// A string's inside, escaped as RFC 8259 §7 demands and no further.
    static func append(_ text: String, to json: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                json += [UInt8(ascii: "\\"), byte]
            case 0..<0x20:
                let digits = String(byte, radix: 16)
                json += Array("\\u00\(digits.count == 1 ? "0" : "")\(digits)".utf8)
            default:
                json.append(byte)
            }
        }
    }
}

/// A token that was just made, with what is kept of it.
public struct MintedToken: Sendable {
    public let secret: TokenSecret
    public let digest: TokenDigest
    /// The `kid` of the key that signed it.
    public let signedBy: String

    public var hint: String { secret.hint }
}
