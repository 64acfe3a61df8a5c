import HTTPTypes
import Hummingbird
import NIOCore

/// What a handler answers, before it is put into HTTP's form.
struct Reply: Sendable {
    let status: HTTPResponse.Status
    /// Already encoded; `nil` for a reply without a body.
    var bytes: [UInt8]?
    var contentType: String
    var fields: [HTTPField]

    static let json = "application/json"
    static let problem = "application/problem+json"

    static let noContent = Reply(status: .noContent)

    static func ok(_ body: some Encodable) throws -> Reply {
        Reply(status: .ok, bytes: try StreamEncoder.encode(body))
    }

    static func created(_ body: some Encodable, at location: String) throws -> Reply {
        Reply(
            status: .created, bytes: try StreamEncoder.encode(body),
            fields: [HTTPField(name: .location, value: location)])
    }

    init(
        status: HTTPResponse.Status, bytes: [UInt8]? = nil, contentType: String = Reply.json, fields: [HTTPField] = []
    ) {
        self.status = status
        self.bytes = bytes
        self.contentType = contentType
        self.fields = fields
    }

    init(_ problem: Problem, requestID: String) {
        let body = try? StreamEncoder.encode(problem.body(instance: requestID))
        self.init(
            status: problem.kind.status, bytes: body ?? [], contentType: Self.problem, fields: problem.fields)
    }

    private static let noStore = HTTPField(name: .cacheControl, value: "no-store")
    private static let noSniff = HTTPField(name: .xContentTypeOptions, value: "nosniff")
    private static let isJSON = HTTPField(name: .contentType, value: json)

    func response(requestID: String) -> Response {
        var headers = HTTPFields()
        headers.reserveCapacity(8)
        headers.append(Self.noStore)
        headers.append(Self.noSniff)
        headers.append(HTTPField(name: .requestID, value: requestID))
        for field in fields { headers.append(field) }
        guard let bytes else { return Response(status: status, headers: headers) }
        headers.append(contentType == Self.json ? Self.isJSON : HTTPField(name: .contentType, value: contentType))
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
