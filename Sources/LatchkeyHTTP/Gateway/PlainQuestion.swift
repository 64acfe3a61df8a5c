import NIOHTTP1

/// A question of the ``FrontRoom`` in the plainest words that HTTP/1.1 knows, read straight from the wire.
///
/// Nearly all gateways and APIs ask so, and it is read at a fraction of what the parser takes for any request there may
/// be. It is a subset of RFC 9112 on purpose, and the smaller the better: whatever is not in it is no error, but the
/// parser's business.
///
/// - `GET` of the gateway's path or `POST` of introspection, `HTTP/1.1`, in unreserved characters and the common marks;
/// - fields of letters, digits, `-` and `_`, a colon, one space, visible ASCII with spaces in between, CRLF;
/// - `Host` once; no body, or for introspection `Content-Length` once and as many bytes;
/// - nothing that changes how a message is framed or what becomes of the connection;
/// - all of it there.
struct PlainQuestion {
    let question: FrontRoom.Question
    /// In bytes.
    let length: Int
}

extension FrontRoom {
    /// The question that bytes begin with, if it is a plain one.
    func plainQuestion(_ bytes: UnsafeRawBufferPointer) -> PlainQuestion? {
        var head = PlainHead(bytes)
        guard let line = head.requestLine() else { return nil }
        return line.isPost ? plainIntrospection(line, &head) : plainGateway(line, &head)
    }

    private func plainGateway(_ line: PlainHead.RequestLine, _ head: inout PlainHead) -> PlainQuestion? {
        let target = String(decoding: line.target, as: UTF8.self)
        guard Gateway.takes(target) else { return nil }
        var told = gateway.head(method: "GET", target: target)
        while let field = head.field() { told.add(field.name, field.text) }
        guard head.isWhole, head.bodyLength == nil else { return nil }
        return PlainQuestion(question: .gateway(told), length: head.length)
    }

    private func plainIntrospection(_ line: PlainHead.RequestLine, _ head: inout PlainHead) -> PlainQuestion? {
        guard line.target.elementsEqual(IntrospectionFace.path.utf8) else { return nil }
        var told = RequestHead()
        while let field = head.field() { told.take(field.name, field.text) }
        guard head.isWhole, let count = head.bodyLength, count <= Self.longestForm, let body = head.body(count) else {
            return nil
        }
        return PlainQuestion(question: .introspection(told, body: body), length: head.length + count)
    }
}
