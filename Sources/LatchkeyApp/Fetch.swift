public import LatchkeyCore

/// One document to be fetched from a server of somebody else's: an identity provider, the issuer of a workload.
public struct FetchRequest: Sendable {
    public enum Method: Sendable {
        case get
        /// `application/x-www-form-urlencoded`.
        case post(form: String)
    }

    public let address: WebAddress
    public let method: Method
    /// The value of the header `Authorization`, where there is one.
    public let authorization: String?
    /// A longer reply is a fault.
    public let longest: Int

    /// 512 KiB, which is more than any discovery document or key set has.
    public static let usualLongest = 512 * 1024

    public init(
        _ address: WebAddress, method: Method = .get, authorization: String? = nil, longest: Int = usualLongest
    ) {
        self.address = address
        self.method = method
        self.authorization = authorization
        self.longest = longest
    }
}

/// What came back, whatever its status below 300 or from 400 on.
public struct FetchReply: Sendable {
    public let status: Int
    public let body: [UInt8]

    public init(status: Int, body: [UInt8]) {
        self.status = status
        self.body = body
    }
}

/// Fetches one document, under the rule of the house: the host is resolved once and the connection goes to what was
/// resolved; no redirects; no address that is not public, unless a setting allows it; bounded in time and size.
public typealias Fetch = @Sendable (FetchRequest) async throws(FetchFault) -> FetchReply
