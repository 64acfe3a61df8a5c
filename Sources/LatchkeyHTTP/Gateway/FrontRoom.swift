import LatchkeyCore
import NIOHTTP1

/// The two questions that other systems ask before each request of their own, answered on the event loop in front of
/// Hummingbird: may this request pass (``Gateway``), and whose token is this (``IntrospectionFace``).
///
/// What is out of the ordinary is none of its questions, and goes the usual way, to the same functions.
struct FrontRoom: Sendable {
    /// A form with two tokens has some 700 bytes.
    static let longestForm = 16 * 1024

    let gateway: Gateway
    let introspection: FaceResponder
    let clock: HTTPClock
    let departures = DepartureBoard()

    enum Topic {
        case gateway, introspection
    }

    /// A question with all that it brings.
    enum Question {
        case gateway(GatewayHead)
        case introspection(RequestHead, body: [UInt8])
    }

    /// What a head asks about; `nil` for a request that goes on to Hummingbird.
    func topic(_ head: HTTPRequestHead) -> Topic? {
        if Gateway.takes(head.uri) { return head.framing.isEmpty ? .gateway : nil }
        guard head.method == .POST, head.uri == IntrospectionFace.path else { return nil }
        return head.framing.length.map { $0 <= Self.longestForm } == true ? .introspection : nil
    }

    func question(_ topic: Topic, _ head: HTTPRequestHead, _ body: [UInt8]) -> Question {
        switch topic {
        case .gateway:
            var told = gateway.head(method: head.method.rawValue, target: head.uri)
            for (name, value) in head.headers { told.add(name, value) }
            return .gateway(told)
        case .introspection: return .introspection(RequestHead(head.headers), body: body)
        }
    }

    /// The answer, without waiting; `nil` when a token may have been made elsewhere a moment ago.
    func answer(_ question: Question, from peer: Address?) -> FrontReply? {
        switch question {
        case .gateway(let head): gateway.answerAtOnce(head, from: peer).map(FrontReply.gateway)
        case .introspection(let head, let body):
            introspection.answerAtOnce(head, body, from: peer).map(FrontReply.face)
        }
    }
}

/// What the event loop writes.
enum FrontReply: Sendable {
    case gateway(GatewayReply)
    case face(NamedReply)
}

/// A reply with the name of its request.
struct NamedReply: Sendable {
    let reply: Reply
    let requestID: String
}

/// What of a head's fields says how much follows it (RFC 9112 §6.3).
struct Framing {
    /// `nil` for a body that is not of one known length, or that is to be asked for (RFC 9110 §10.1.1), and for a head
    /// that ``MalformedRequests`` refuses.
    private(set) var length: Int? = 0

    var isEmpty: Bool { length == 0 }

    fileprivate init(_ head: HTTPRequestHead) {
        var (lengths, hosts) = (0, 0)
        for (name, value) in head.headers {
            switch name.utf8.count {
            case 4 where name.isField("host"): hosts += 1
            case 14 where name.isField("content-length"):
                length = lengths == 0 ? Int(value) : nil
                lengths += 1
            case 17 where name.isField("transfer-encoding"), 6 where name.isField("expect"):
                length = nil
                return
            default: continue
            }
        }
        if hosts != 1, head.version.minor >= 1 { length = nil }
    }
}

extension HTTPRequestHead {
    fileprivate var framing: Framing { Framing(self) }
}

extension RequestHead {
    init(_ headers: HTTPHeaders) {
        self.init()
        for (name, value) in headers { take(name, value) }
    }
}
