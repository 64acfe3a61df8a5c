import LatchkeyAPI
import LatchkeyCore
import Testing

@testable import LatchkeyHTTP

@Suite("A request body")
struct TreeDecoderTests {
    private func decode<Body: Decodable>(_ type: Body.Type, _ text: String) throws -> Body {
        try TreeDecoder.decode(type, from: Array(text.utf8))
    }

    @Test("is decoded, absent and null apart")
    func decodes() throws {
        let absent = try decode(NewTokenBody.self, #"{"name":"a"}"#)
        #expect(absent.expiresInDays == .absent)
        let null = try decode(NewTokenBody.self, #"{"name":"a","expires_in_days":null,"user_id":7}"#)
        #expect(null.expiresInDays == .null)
        #expect(null.userID == .value(7))
    }

    @Test(
        "is refused with the pointer of what does not fit",
        arguments: [
            (#"{"name":"a","expires_in_day":3}"#, "/expires_in_day", "is not a field of this request"),
            (#"{"name":7}"#, "/name", "must be a string"), (#"{"name":null}"#, "/name", "must be a string"),
            ("{}", "/name", "must be there"), ("[]", "", "must be an object"), ("7", "", "must be an object"),
            (#"{"name":"a","expires_in_days":1.5}"#, "/expires_in_days", "must be a whole number"),
            (#"{"name":"a","expires_in_days":"1"}"#, "/expires_in_days", "must be a whole number"),
            (#"{"name":"a","user_id":1e3}"#, "/user_id", "must be a whole number"),
            (#"{"name":"a","scim_endpoints_only":0}"#, "/scim_endpoints_only", "must be true or false"),
            (#"{"name":"a","teams":["x",1]}"#, "/teams/1", "must be a string"),
            (#"{"name":"a","teams":"x"}"#, "/teams", "must be a list"),
            (#"{"name":"a","a/b~c":1}"#, "/a~1b~0c", "is not a field of this request"),
        ])
    func refuses(text: String, pointer: String, detail: String) {
        #expect(throws: Refusal.invalid(pointer, detail)) { try decode(NewTokenBody.self, text) }
    }

    @Test("without fields takes no field")
    func empty() throws {
        _ = try decode(EmptyBody.self, "{}")
        #expect(throws: Refusal.self) { try decode(EmptyBody.self, #"{"a":1}"#) }
    }
}

@Suite("The encoder")
struct StreamEncoderTests {
    private func text(_ body: some Encodable) throws -> String {
        String(decoding: try StreamEncoder.encode(body), as: UTF8.self)
    }

    @Test("keeps the order of fields and writes nil as null")
    func order() throws {
        let body = ResourceBody(
            id: 1, kind: "datastore", name: "a/b \"ü\"\n\u{1}", externalID: nil, description: "", created: "now")
        let expected =
            #"{"id":1,"kind":"datastore","name":"a/b \"ü\"\n\u0001","external_id":null,"#
            + #""description":"","created":"now"}"#
        #expect(try text(body) == expected)
    }

    @Test("writes lists and objects within each other")
    func nesting() throws {
        #expect(try text([["a": [1, 2]], [:]]) == #"[{"a":[1,2]},{}]"#)
        #expect(try text([String]()) == "[]")
        #expect(try text("x") == #""x""#)
        #expect(try text([1.5, nil]) == "[1.5,null]")
    }

    @Test("goes on in the same object when one body begins another")
    func flattening() throws {
        let stub = UserStub(id: 1, handle: "h", name: "n", type: "Service", userName: "u", email: nil)
        let token = TokenBody(
            id: 2, name: "t", active: true, expiration: nil, bearerToken: nil, user: stub, created: "c",
            lastUsed: nil, type: "Service", status: "active", isSCIMOnly: false, hint: "abcd", createdBy: nil,
            revocation: RevocationBody(at: nil, by: nil, reason: nil), narrowing: nil, rotation: nil,
            predecessor: nil)
        let whole = try text(token)
        #expect(whole.contains(#""created_by":null,"revoked_at":null,"revoked_by":null,"reason":null,"narrowing""#))
        #expect(!whole.contains("bearer_token"))
    }
}
