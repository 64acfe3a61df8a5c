/// Why a document could not be fetched from another server.
public enum FetchFault: Error, Hashable, Sendable {
    /// This program fetches nothing.
    case off
    case badAddress
    /// Plain HTTP, where it is not allowed.
    case unencrypted
    /// Not in the name service.
    case unknownHost
    /// An address that is not of the public internet, where those are not allowed.
    case innerAddress
    case unreachable
    case timedOut
    /// No TLS, or a certificate that is not trusted or is another's.
    case untrusted
    /// Redirects are not followed: what an Admin set up is what is asked.
    case redirected
    case tooLong
    case status(Int)

    public var sentence: String {
        switch self {
        case .off: "this program may not fetch anything."
        case .badAddress: "its address is not an address of the web."
        case .unencrypted: "its address must begin with https://."
        case .unknownHost: "its host name is unknown."
        case .innerAddress:
            "its host is not on the public internet. If it is your own, allow it with the setting fetch.allow-private."
        case .unreachable: "nothing answers there."
        case .timedOut: "it did not answer in time."
        case .untrusted: "its certificate is not trusted."
        case .redirected: "it sends elsewhere, which is not followed. Set up the final address."
        case .tooLong: "its answer is too long."
        case .status(let code): "it answered with status \(code)."
        }
    }

    /// Whether trying again later may help.
    public var mayPass: Bool {
        switch self {
        case .unknownHost, .unreachable, .timedOut: true
        case .status(let code): code >= 500 || code == 429
        case .off, .badAddress, .unencrypted, .innerAddress, .untrusted, .redirected, .tooLong: false
        }
    }
}
