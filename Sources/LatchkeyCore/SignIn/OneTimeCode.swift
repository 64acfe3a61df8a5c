import Crypto
import Foundation

/// The codes of an authenticator: TOTP (RFC 6238) with SHA-1, six digits and 30 seconds, which every one of them knows.
public struct OneTimeCode: Sendable {
    public static let secretByteCount = 20
    static let period: Int64 = 30
    private static let digits = 1_000_000

    private let secret: [UInt8]

    /// Takes ``secretByteCount`` random bytes, the length of the hash (RFC 4226 §4).
    public init(secret: [UInt8]) {
        self.secret = secret
    }

    public var bytes: [UInt8] { secret }

    /// The step whose code this is: the present one or one to either side (RFC 6238 §5.2), and later than the last that
    /// was used, because a code works once. `nil` for no such step.
    public func step(of code: String, at now: Timestamp, after last: Int64) -> Int64? {
        let typed = Array(code.utf8.filter { $0 != UInt8(ascii: " ") })
        let present = now.seconds / Self.period
        return (present - 1...present + 1).first { $0 > last && Array(text(at: $0).utf8) == typed }
    }

    public func code(at now: Timestamp) -> String {
        text(at: now.seconds / Self.period)
    }

    /// RFC 4226 §5.3.
    private func text(at step: Int64) -> String {
        let message = withUnsafeBytes(of: step.bigEndian) { Array($0) }
        let hash = Array(
            HMAC<Insecure.SHA1>.authenticationCode(for: message, using: SymmetricKey(data: secret)))
        let start = Int(hash[19] & 0xf)
        let number = hash[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } & 0x7fff_ffff
        let text = String(number % Self.digits)
        return String(repeating: "0", count: 6 - text.count) + text
    }

    /// What an authenticator reads, as a link or a QR code (the Key URI format that all of them follow).
    public func link(issuer: String, account: String) -> String {
        let (issuer, account) = (Self.escaped(issuer), Self.escaped(account))
        return "otpauth://totp/\(issuer):\(account)?secret=\(key)&issuer=\(issuer)"
    }

    /// The secret in letters, to be typed where a camera is missing.
    public var key: String { Base32.text(secret) }

    private static func escaped(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(CharacterSet(charactersIn: "-._~")))
            ?? ""
    }
}

extension OneTimeCode: CustomStringConvertible, CustomReflectable {
    public var description: String { "OneTimeCode(redacted)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Base32 without padding (RFC 4648 §6).
enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    static func text(_ bytes: [UInt8]) -> String {
        var (letters, bits, held): ([UInt8], UInt32, UInt32) = ([], 0, 0)
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            held += 8
            while held >= 5 {
                held -= 5
                letters.append(alphabet[Int(bits >> held) & 31])
            }
        }
        if held > 0 { letters.append(alphabet[Int(bits << (5 - held)) & 31]) }
        return String(decoding: letters, as: UTF8.self)
    }
}
