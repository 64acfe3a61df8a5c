/// Bytes as a text that passes through forms and links unchanged (RFC 4648 §5).
public enum OpaqueText {
    public static func text(_ bytes: [UInt8]) -> String { Base64URL.text(bytes) }
    public static func bytes(_ text: String) -> [UInt8]? { Base64URL.bytes(Array(text.utf8)) }
}
