import Hummingbird
import LatchkeyApp
import LatchkeyCore

/// One request on its way through a handler: who asks, and what.
struct Call: Sendable {
    let caller: Caller
    /// The token behind `caller`, where there is one.
    let bearer: Bearer?
    let query: Query
    let request: Request
    let parameters: Parameters
    let body: [UInt8]
    let rootPath: String
    /// Set when the request bears an `Idempotency-Key`.
    var idempotent: IdempotentRequest?

    var path: String { request.uri.path }
    /// As it was sent.
    var queryText: String { request.uri.query ?? "" }

    /// The number in the path. What is no number names nothing.
    func id<Kind>(_ noun: String) throws(Refusal) -> ID<Kind> {
        guard let text = parameters["id"], let number = Int64(text), number > 0, String(number) == text else {
            throw .notFound(noun)
        }
        return ID(number)
    }

    func decoded<Body: Decodable>(_ type: Body.Type = Body.self) throws -> Body {
        try TreeDecoder.decode(type, from: body)
    }
}

extension String {
    /// The value that this word stands for; a word that stands for none is refused with those that do.
    func choice<Value: RawRepresentable & CaseIterable>(
        at pointer: String, _ type: Value.Type = Value.self
    ) throws(Refusal) -> Value where Value.RawValue == String {
        if let value = Value(rawValue: self) { return value }
        let words = Value.allCases.map(\.rawValue).joined(separator: ", ")
        throw .invalid(pointer, "must be one of \(words)")
    }
}
