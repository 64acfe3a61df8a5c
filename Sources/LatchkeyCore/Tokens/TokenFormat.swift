import Foundation

/// The outer form of every token: a JWS in compact form (RFC 7515 §7.1), ES256, with a constant header.
///
///     base64url({"alg":"ES256","kid":"lk········","typ":"JWT"}) . base64url(claims) . base64url(r ‖ s)
///
/// Because the header is constant and `jti` is the first claim, each part that matters stands at a fixed offset; what
/// is presented is judged on its bytes, before anything is decoded, allocated or looked up.
public enum TokenFormat {
    /// Every token of every instance begins with these 32 characters; leak scanners match them.
    public static let prefix = "eyJhbGciOiJFUzI1NiIsImtpZCI6Imxr"
    /// Longer ones are never made and never read.
    public static let longest = 4096

    static let headerLength = 62
    static let signatureLength = 86
    /// The shortest claims that there can be, encoded.
    private static let shortestPayload = 120
    private static let shortest = headerLength + 1 + shortestPayload + 1 + signatureLength
    /// `,"typ":"JWT"}` as it stands at the end of the encoded header.
    private static let headerEnd: StaticString = "LCJ0eXAiOiJKV1QifQ"
    /// `,"typ":"at+jwt"}`, of an access token (RFC 9068 §2.1).
    private static let accessHeaderEnd: StaticString = "LCJ0eXAiOiJhdCtqd3QifQ"
    static let accessHeaderLength = 66
    /// Access tokens name teams and actions.
    static let longestAccess = 8192
    private static let prefixBytes: StaticString = "eyJhbGciOiJFUzI1NiIsImtpZCI6Imxr"

    static func header(kid: String, type: String = "JWT") -> String {
        #"{"alg":"ES256","kid":"\#(kid)","typ":"\#(type)"}"#
    }

    public static func isWellFormed(_ text: some StringProtocol) -> Bool {
        withBytes(text) { isWellFormed($0) }
    }

    /// Runs `body` on the text's UTF-8, without a copy for native strings.
    public static func withBytes<Result>(
        _ text: some StringProtocol, _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result {
        if let result = text.utf8.withContiguousStorageIfAvailable(body) { return result }
        return Array(text.utf8).withUnsafeBufferPointer(body)
    }

    /// Length, fixed parts, alphabet, three segments, canonical ends. The signature's length is fixed, so both dots
    /// have their places and nothing is searched for.
    public static func isWellFormed(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        hasForm(bytes, headerLength: headerLength, headerEnd: headerEnd, longest: longest)
    }

    /// The same for an access token, which differs in its header alone.
    public static func isAccessToken(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        hasForm(bytes, headerLength: accessHeaderLength, headerEnd: accessHeaderEnd, longest: longestAccess)
    }

    private static func hasForm(
        _ bytes: UnsafeBufferPointer<UInt8>, headerLength: Int, headerEnd: StaticString, longest: Int
    ) -> Bool {
        guard (shortest...longest).contains(bytes.count), let start = bytes.baseAddress else { return false }
        let headerTail = headerLength - headerEnd.utf8CodeUnitCount
        guard memcmp(start, prefixBytes.utf8Start, prefixBytes.utf8CodeUnitCount) == 0,
            memcmp(start + headerTail, headerEnd.utf8Start, headerEnd.utf8CodeUnitCount) == 0
        else { return false }
        let secondDot = bytes.count - signatureLength - 1
        let dot = UInt8(ascii: ".")
        guard bytes[headerLength] == dot, bytes[secondDot] == dot else { return false }
        guard Base64URL.areLetters(bytes[prefixBytes.utf8CodeUnitCount..<headerTail]),
            Base64URL.areLetters(bytes[headerLength + 1..<secondDot]), Base64URL.areLetters(bytes[(secondDot + 1)...])
        else { return false }
        let payloadLength = secondDot - headerLength - 1
        return Base64URL.isCanonicalEnd(last: bytes[secondDot - 1], length: payloadLength)
            && Base64URL.isCanonicalEnd(last: bytes[bytes.count - 1], length: signatureLength)
    }

    /// The 43 characters of the `jti`, from their place in the claims; `nil` when the claims begin otherwise.
    /// Takes well-formed bytes.
    static func jtiText(
        _ bytes: UnsafeBufferPointer<UInt8>, headerLength: Int = headerLength
    ) -> ArraySlice<UInt8>? {
        // Claims 0..<51 are {"jti":"<43>, which is 68 letters.
        let head = UnsafeBufferPointer(rebasing: bytes[headerLength + 1..<headerLength + 69])
        guard let claims = Base64URL.bytes(head), claims.starts(with: Array(#"{"jti":""#.utf8)) else { return nil }
        return claims[8...]
    }

    /// From its place in the header, which is the same in both kinds. Takes well-formed bytes.
    static func kid(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        guard let header = Base64URL.bytes(UnsafeBufferPointer(rebasing: bytes[0..<44])) else { return nil }
        return String(decoding: header[22..<32], as: UTF8.self)
    }
}
