import AsyncHTTPClient
import Foundation
import LatchkeyApp
import LatchkeyCore
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Fetches documents of other servers by the rule of the house (SECURITY: "resolve then pin").
///
/// A host is resolved once, every address that it has must be one of the public internet, and the connection goes to
/// what was resolved: a name server that says something else the next time is not asked again. The certificate is held
/// against the host's name all the same. No redirects, no proxy, no cookies, nothing kept between two fetches.
struct Fetcher: Sendable {
    typealias Resolver = @Sendable (String) async throws(FetchFault) -> [Address]

    let allowsPrivate: Bool
    var resolve: Resolver = { host async throws(FetchFault) in try await NameService.addresses(of: host) }
    /// For a whole exchange after the name was resolved.
    var patience = Duration.seconds(10)

    /// More of a host's addresses are not tried.
    private static let mostTries = 3

    func fetch(_ request: FetchRequest) async throws(FetchFault) -> FetchReply {
        guard request.address.isEncrypted || allowsPrivate else { throw .unencrypted }
        let addresses = try await admitted(request.address.host)
        var fault = FetchFault.unreachable
        for address in addresses.prefix(Self.mostTries) {
            do throws(FetchFault) {
                return try await ask(request, at: address)
            } catch .unreachable {
                fault = .unreachable
            } catch {
                throw error
            }
        }
        throw fault
    }

    /// One inner address among several is enough to refuse: whoever runs the name would choose which one we take.
    private func admitted(_ host: String) async throws(FetchFault) -> [Address] {
        let addresses = if let address = Address(host) { [address] } else { try await resolve(host) }
        guard !addresses.isEmpty else { throw .unknownHost }
        guard allowsPrivate || addresses.allSatisfy(\.isPublic) else { throw .innerAddress }
        return addresses
    }

    private func ask(_ request: FetchRequest, at address: Address) async throws(FetchFault) -> FetchReply {
        do {
            return try await withinPatience { try await exchange(request, at: address) }
        } catch {
            throw Self.fault(error)
        }
    }

    private func exchange(_ request: FetchRequest, at address: Address) async throws -> FetchReply {
        try await HTTPClient.withHTTPClient(configuration: configuration(request.address.host, address)) { http in
            let response = try await http.execute(Self.message(request), timeout: .nanoseconds(nanoseconds))
            let status = Int(response.status.code)
            guard !(300..<400).contains(status) else { throw FetchFault.redirected }
            let body = try await response.body.collect(upTo: request.longest)
            return FetchReply(status: status, body: Array(body.readableBytesView))
        }
    }

    /// The library's own time-out ends with the head of a reply, and starts anew with every byte of the body: one that
    /// comes drop by drop would hold a sign-in for days.
    private func withinPatience(
        _ work: @escaping @Sendable () async throws -> FetchReply
    ) async throws -> FetchReply {
        try await withThrowingTaskGroup(of: FetchReply.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: patience)
                throw FetchFault.timedOut
            }
            defer { group.cancelAll() }
            guard let reply = try await group.next() else { throw FetchFault.timedOut }
            return reply
        }
    }

    private var nanoseconds: Int64 { patience.milliseconds * 1_000_000 }

    private func configuration(_ host: String, _ address: Address) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(5), read: .nanoseconds(nanoseconds)), decompression: .disabled)
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        if Address(host) == nil { configuration.dnsOverride = [host: address.description] }
        return configuration
    }

    private static func message(_ request: FetchRequest) -> HTTPClientRequest {
        var message = HTTPClientRequest(url: request.address.text)
        message.headers.add(name: "Accept", value: "application/json")
        message.headers.add(name: "User-Agent", value: "latchkey/\(Version.text)")
        if let authorization = request.authorization {
            message.headers.add(name: "Authorization", value: authorization)
        }
        if case .post(let form) = request.method {
            message.method = .POST
            message.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
            message.body = .bytes(ByteBuffer(string: form))
        }
        return message
    }

    /// What went wrong, in one of our words: the libraries' own could hold what was sent.
    private static func fault(_ error: any Error) -> FetchFault {
        switch error {
        case let fault as FetchFault: fault
        case is NIOTooManyBytesError: .tooLong
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: .untrusted
        case let error as HTTPClientError
        where [.connectTimeout, .readTimeout, .deadlineExceeded, .tlsHandshakeTimeout].contains(error):
            .timedOut
        case is CancellationError: .timedOut
        case let error as NIOConnectionError
        where error.connectionErrors.contains(where: { $0.error is ChannelError }): .timedOut
        default: .unreachable
        }
    }
}

extension Ambient {
    /// The real world, with what it may be asked for.
    static func live(fetchingPrivately allowsPrivate: Bool) -> Ambient {
        let fetcher = Fetcher(allowsPrivate: allowsPrivate)
        return Ambient(now: live.now, randomBytes: live.randomBytes) { request async throws(FetchFault) in
            try await fetcher.fetch(request)
        }
    }
}
