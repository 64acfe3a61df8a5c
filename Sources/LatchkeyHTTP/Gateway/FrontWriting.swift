import HTTPTypes
import NIOCore
import NIOHTTP1

/// Answers as they go over the wire, without the encoder. Gathered in an array, where each of some forty pieces costs a
/// fraction of what it does in a buffer of NIO's.
extension [UInt8] {
    init(_ reply: FrontReply, at date: String, isHead: Bool, isLast: Bool) {
        self = []
        reserveCapacity(1024)
        switch reply {
        case .gateway(let reply):
            appendStatusLine(reply.status)
            reply.eachField { append(field: $0, $1) }
            finish(reply.body, date, isHead, isLast)
        case .face(let named):
            appendStatusLine(Int(named.reply.status.code))
            append("Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nX-Request-Id: ")
            append(contentsOf: named.requestID.utf8)
            append("\r\n")
            for field in named.reply.fields {
                append(contentsOf: field.name.rawName.utf8)
                append(": ")
                append(contentsOf: field.value.utf8)
                append("\r\n")
            }
            if named.reply.bytes != nil { append(field: "Content-Type", named.reply.contentType) }
            finish(named.reply.bytes ?? [], date, isHead, isLast)
        }
    }

    private mutating func appendStatusLine(_ status: Int) {
        switch status {
        case 200: append("HTTP/1.1 200 OK\r\n")
        case 401: append("HTTP/1.1 401 Unauthorized\r\n")
        case 403: append("HTTP/1.1 403 Forbidden\r\n")
        default:
            let reason = HTTPResponseStatus(statusCode: status).reasonPhrase
            append(contentsOf: "HTTP/1.1 \(status) \(reason)\r\n".utf8)
        }
    }

    private mutating func append(field name: StaticString, _ value: String) {
        append(name)
        append(": ")
        append(contentsOf: value.utf8)
        append("\r\n")
    }

    private mutating func finish(_ body: [UInt8], _ date: String, _ isHead: Bool, _ isLast: Bool) {
        append("Date: ")
        append(contentsOf: date.utf8)
        append(isLast ? "\r\nConnection: close\r\nContent-Length: " : "\r\nContent-Length: ")
        append(decimal: Int64(body.count))
        append("\r\n\r\n")
        if !isHead { append(contentsOf: body) }
    }
}
