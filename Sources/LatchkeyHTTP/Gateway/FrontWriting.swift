import HTTPTypes
import NIOCore
import NIOHTTP1

/// Answers as they go over the wire, without the encoder.
extension ByteBuffer {
    mutating func write(_ reply: FrontReply, at date: String, isHead: Bool, isLast: Bool) {
        switch reply {
        case .gateway(let reply):
            writeStatusLine(reply.status)
            reply.eachField { writeField($0, $1) }
            finish(reply.body, date, isHead, isLast)
        case .face(let named):
            writeStatusLine(Int(named.reply.status.code))
            writeStaticString("Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n")
            writeField("X-Request-Id", named.requestID)
            for field in named.reply.fields {
                writeString(field.name.rawName)
                writeStaticString(": ")
                writeString(field.value)
                writeStaticString("\r\n")
            }
            if named.reply.bytes != nil { writeField("Content-Type", named.reply.contentType) }
            finish(named.reply.bytes ?? [], date, isHead, isLast)
        }
    }

    private mutating func writeStatusLine(_ status: Int) {
        switch status {
        case 200: writeStaticString("HTTP/1.1 200 OK\r\n")
        case 401: writeStaticString("HTTP/1.1 401 Unauthorized\r\n")
        case 403: writeStaticString("HTTP/1.1 403 Forbidden\r\n")
        default:
            let reason = HTTPResponseStatus(statusCode: status).reasonPhrase
            writeString("HTTP/1.1 \(status) \(reason)\r\n")
        }
    }

    private mutating func writeField(_ name: StaticString, _ value: String) {
        writeStaticString(name)
        writeStaticString(": ")
        writeString(value)
        writeStaticString("\r\n")
    }

    private mutating func finish(_ body: [UInt8], _ date: String, _ isHead: Bool, _ isLast: Bool) {
        writeField("Date", date)
        if isLast { writeStaticString("Connection: close\r\n") }
        writeField("Content-Length", String(body.count))
        writeStaticString("\r\n")
        if !isHead { writeBytes(body) }
    }
}
