/// One attempt to get in, counted until it has succeeded.
public struct SignInTry: Hashable, Sendable {
    /// Tells it from others at the same moment: ``markByteCount`` random bytes.
    public let mark: [UInt8]
    public let at: Timestamp
    /// Everything under which it counts.
    public let counters: [TryCounter]

    public static let markByteCount = 16

    public init(mark: [UInt8], at: Timestamp, counters: [TryCounter]) {
        self.mark = mark
        self.at = at
        self.counters = counters
    }
}

/// Where a try comes from, as far as that lets it count apart from those of strangers.
public enum TryPlace: Hashable, Sendable {
    /// Anywhere that says nothing: all such tries share one count.
    case elsewhere
    /// From where the person has signed in lately.
    case known(Address)
    /// Within a session of the person's own. Not by address: a stolen cookie can be sent from any number of them.
    case session(ID<Session>)

    public init(_ address: Address?, isKnown: Bool) {
        if isKnown, let address { self = .known(address) } else { self = .elsewhere }
    }

    fileprivate var word: String {
        switch self {
        case .elsewhere: "elsewhere"
        case .known(let address): "at \(address.household)"
        case .session(let id): "in \(id)"
        }
    }
}

/// What tries are counted by, and how many there may be within ``window``.
///
/// Tries at an account from an address from which it has signed in lately count apart from all others: a stranger who
/// uses up an account's tries does not keep its owner out.
public struct TryCounter: Hashable, Sendable {
    public static let window = Duration.minutes(15)
    public static let mostPerAccount = 10
    public static let mostPerAddress = 50
    /// Refused tries at accounts that are not there, of which the log tells; it has no room for more.
    public static let mostStrangers = 100

    public let digest: TokenDigest
    public let most: Int

    /// By the name that was typed, whether or not there is such an account.
    public static func passwords(of name: String, _ place: TryPlace, _ keys: KeyRing) -> TryCounter {
        TryCounter("passwords \(place.word) \(name)", mostPerAccount, keys)
    }

    /// Of somebody whose password was right, so that a stranger's wrong passwords do not use up the codes.
    public static func codes(of user: ID<User>, _ place: TryPlace, _ keys: KeyRing) -> TryCounter {
        TryCounter("codes \(place.word) \(user)", mostPerAccount, keys)
    }

    /// Of passwords and codes, whosever.
    public static func everything(from address: Address?, _ keys: KeyRing) -> TryCounter {
        TryCounter("everything \(word(address))", mostPerAddress, keys)
    }

    /// Returns from an identity provider, each of which asks the provider.
    public static func returns(from address: Address?, _ keys: KeyRing) -> TryCounter {
        TryCounter("returns \(word(address))", mostPerAddress, keys)
    }

    public static func strangers(_ keys: KeyRing) -> TryCounter {
        TryCounter("strangers", mostStrangers, keys)
    }

    private static func word(_ address: Address?) -> String { address?.household.description ?? "nowhere" }

    /// Only a keyed digest is kept: what was typed as a name may be a password in the wrong field. What was typed
    /// stands last in `text`, so that no name can be made up that counts as something else.
    private init(_ text: String, _ most: Int, _ keys: KeyRing) {
        digest = TokenFormat.withBytes("tries: " + text) { keys.digest(of: $0) }
        self.most = most
    }

    /// How long until there is room for one more; `nil` when there is now.
    ///
    /// - Parameter oldest: the oldest of the tries within the window.
    public func wait(tries: Int, oldest: Timestamp?, at now: Timestamp) -> Duration? {
        guard tries >= most else { return nil }
        return min(max((oldest ?? now) + Self.window - now, .milliseconds(1)), Self.window)
    }
}
