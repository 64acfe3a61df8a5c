import Foundation

/// What the program knows about where its words go.
enum Terminal {
    static let showsOutput = isatty(STDOUT_FILENO) == 1
    static let showsErrors = isatty(STDERR_FILENO) == 1
    static let takesInput = isatty(STDIN_FILENO) == 1

    /// https://no-color.org: any value but an empty one turns colours off.
    static let hasColours =
        (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
        && ProcessInfo.processInfo.environment["TERM"] != "dumb"

    /// The result of a command; everything else goes to standard error.
    ///
    /// - Throws: when it is lost, as on a full disk. A reader who has seen enough, such as `head`, is no error.
    static func say(_ text: String) throws(CommandFailure) {
        let fault = write(text.hasSuffix("\n") ? text : text + "\n", to: STDOUT_FILENO)
        guard fault == 0 || fault == EPIPE else {
            throw CommandFailure(
                "the output cannot be written: \(String(cString: strerror(fault)))",
                hint: "what was changed stays changed; a token whose value is lost is of no use, so revoke it")
        }
    }

    /// Progress and friendly words: only for somebody who watches.
    static func remark(_ text: String) {
        guard showsErrors else { return }
        tell(text)
    }

    /// What somebody has to know to go on, on a pipe as well.
    static func tellAlways(_ text: String) { tell(text) }

    static func warn(_ text: String) {
        tell("latchkey: warning: \(text)")
    }

    static func complain(_ failure: CommandFailure) {
        tell("latchkey: error: \(failure.message)")
        if let hint = failure.hint { tell("hint: \(hint)") }
    }

    private static func tell(_ text: String) {
        write(text.visible(keepingLines: true) + "\n", to: STDERR_FILENO)
    }

    /// - Returns: the number of the error that stopped it; 0 when all is written.
    @discardableResult
    private static func write(_ text: String, to descriptor: Int32) -> Int32 {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { return written < 0 ? errno : EIO }
            rest = rest.dropFirst(written)
        }
        return 0
    }

    /// Reads one line that is not echoed; `nil` when there is nobody to ask.
    static func askSecretly(_ question: String) -> String? {
        guard takesInput, showsErrors else { return nil }
        write(question, to: STDERR_FILENO)
        var before = termios()
        tcgetattr(STDIN_FILENO, &before)
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
            write("\n", to: STDERR_FILENO)
        }
        return readLine()
    }
}

extension String {
    /// The text with control characters and direction overrides spelled out, so that a name that somebody
    /// chose can neither move the cursor nor forge a line.
    func visible(keepingLines: Bool = false) -> String {
        guard unicodeScalars.contains(where: { $0.isHidden }) else { return self }
        var text = ""
        for scalar in unicodeScalars {
            if scalar.isHidden, !(keepingLines && scalar == "\n") {
                text += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

extension Unicode.Scalar {
    /// C0 and C1 controls, line and paragraph separators, and the bidirectional overrides (Unicode UAX #9).
    var isHidden: Bool {
        switch value {
        case 0..<0x20, 0x7f...0x9f, 0x200e...0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff: true
        default: false
        }
    }
}
