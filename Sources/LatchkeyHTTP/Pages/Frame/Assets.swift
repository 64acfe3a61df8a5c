import HTTPTypes
import LatchkeyCore

/// Stylesheet and scripts. Their path holds a hash over all of them, so that a browser keeps them for ever and takes
/// new ones with a new version; scripts import each other by relative paths below it.
enum Assets {
    private static let files: [(name: Substring, text: String)] = EmbeddedFiles.all.compactMap { file in
        guard file.path.hasPrefix("Assets/") else { return nil }
        let name = file.path.dropFirst("Assets/".count)
        return (name, lean(file.text, name))
    }

    private static func lean(_ text: String, _ name: Substring) -> String {
        switch name.split(separator: ".").last {
        case "css": LeanText.style(text)
        case "js": LeanText.script(text)
        default: text
        }
    }

    static let path = "/assets/\(hash)"

    /// FNV-1a, 64 bits: it only has to differ between versions.
    private static let hash: String = {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for file in files {
            for byte in file.text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        return String(hash, radix: 36)
    }()

    static let endpoints = files.map { file in
        let bytes = Array(file.text.utf8)
        return PageEndpoint.get("\(path)/\(file.name)", .open) { _ in
            PageReply(content: .asset(type: type(of: file.name), bytes: bytes))
        }
        .beforeSecondFactor
    }

    private static func type(of name: Substring) -> String {
        switch name.split(separator: ".").last {
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        default: "application/octet-stream"
        }
    }
}
