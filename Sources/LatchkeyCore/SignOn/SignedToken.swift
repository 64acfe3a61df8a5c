/// A signed token of somebody else's, taken apart and not yet believed: a JWS in compact form (RFC 7515 §7.1) whose
/// payload is a JSON object (RFC 7519).
public struct SignedToken: Sendable {
    /// As the header names it. Never obeyed: the key decides (RFC 8725 §3.1), see ``JSONWebKey/accepts(_:)``.
    public let algorithm: String
    public let keyID: String?
    /// The header's `typ`.
    public let type: String?
    public let claims: Claims
    /// The bytes under the signature.
    public let signed: [UInt8]
    public let signature: [UInt8]

    /// 64 KiB: a token with a few thousand groups.
    public static let longest = 64 * 1024

    public init(_ text: String) throws(SignOnFault) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.longest else { throw .malformedToken }
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let head = Base64URL.bytes(parts[0]).flatMap(Claims.init(json:)),
            let claims = Base64URL.bytes(parts[1]).flatMap(Claims.init(json:)),
            let signature = Base64URL.bytes(parts[2]), !signature.isEmpty, let algorithm = head.text("alg")
        else { throw .malformedToken }
        // An extension that must be understood, and none is (RFC 7515 §4.1.11).
        guard head["crit"] == nil else { throw .malformedToken }
        self.algorithm = algorithm
        keyID = head.text("kid")
        type = head.text("typ")
        self.claims = claims
        signed = Array(bytes[..<(bytes.count - parts[2].count - 1)])
        self.signature = signature
    }
}
