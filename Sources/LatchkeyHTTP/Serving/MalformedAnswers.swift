import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1

/// What is said to whoever sent no HTTP request: named, counted and logged like every answer.
struct MalformedAnswers: Sendable {
    static let route = "malformed"

    let gate: Gate
    let clock: HTTPClock
    let meter: RouteMeter

    func answer(_ problem: Problem) -> (head: HTTPResponseHead, body: ByteBuffer) {
        let requestID = gate.requestIDs.id(for: nil)
        let status = Int(problem.kind.status.code)
        meter.count(status, .zero)
        gate.writeLine(
            RequestLine(
                method: "other", route: Self.route, status: status, duration: .zero, requestID: requestID, token: nil),
            .now)
        let reply = Reply(problem, requestID: requestID)
        let body = ByteBuffer(bytes: reply.bytes ?? [])
        var headers = HTTPHeaders(reply.response(requestID: requestID).headers.map { ($0.name.rawName, $0.value) })
        headers.replaceOrAdd(name: "Content-Length", value: String(body.readableBytes))
        headers.add(name: "Date", value: clock.date)
        headers.add(name: "Connection", value: "close")
        return (HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers), body)
    }
}
