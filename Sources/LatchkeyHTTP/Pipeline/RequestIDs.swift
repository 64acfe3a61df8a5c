import Synchronization

/// Names for requests: the client's own, if it is fit for a log line, or one of ours.
///
/// Ours is a prefix drawn at the start and a counter: unique without drawing chance for every request.
final class RequestIDs: Sendable {
    static let longest = 64

    private let prefix: String
    private let counter = Atomic<UInt64>(0)

    init(random: [UInt8]) {
        let value = random.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        prefix = String(value, radix: 36) + "-"
    }

    func id(for given: String?) -> String {
        if let given, Self.isFit(given) { return given }
        return prefix + String(counter.wrappingAdd(1, ordering: .relaxed).newValue, radix: 36)
    }

    /// Visible ASCII only.
    private static func isFit(_ text: String) -> Bool {
        (1...longest).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
