public import Hummingbird
import LatchkeyCore
import NIOCore

/// What Hummingbird makes for each request. Ours adds where the connection comes from.
public struct CallContext: Hummingbird.RequestContext {
    public var coreContext: CoreRequestContextStorage
    /// The other end of the connection, which may be a proxy; `nil` for a socket that is none of the internet's.
    let peer: Address?

    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        peer = Self.peer(of: source.channel)
    }

    static func peer(of channel: any Channel) -> Address? {
        channel.remoteAddress.flatMap(Address.init)
    }
}

extension Address {
    init?(_ socket: SocketAddress) {
        switch socket {
        case .v4(let address):
            // The address is the four bytes at offset 4 of a `sockaddr_in`; its text would cost a call each request.
            let bytes = withUnsafeBytes(of: address.address) { $0.loadUnaligned(fromByteOffset: 4, as: UInt32.self) }
            self.init(ipv4: UInt32(bigEndian: bytes))
        case .v6:
            guard let text = socket.ipAddress else { return nil }
            self.init(text.prefix { $0 != "%" })
        case .unixDomainSocket: return nil
        }
    }
}
