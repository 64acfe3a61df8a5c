import LatchkeyAPI
import Testing

@testable import LatchkeyHTTP

@Suite("The body of users/me")
struct MeWritingTests {
    @Test(
        "is written by hand as it would be encoded", arguments: [nil, "ada@example.com"], [[], ["Public", "A \"b\""]])
    func same(email: String?, teams: [String]) throws {
        let body = MeBody(
            id: 7, handle: "a@service", userName: "a@service", email: email, name: "Zoë\n\\", type: "Service",
            role: "Member", teams: teams,
            token: MyTokenBody(
                id: 9, name: "ci", expiration: email, created: "2027-11-21T12:34:56Z", type: "Service"))
        #expect(body.jsonBytes == (try StreamEncoder.encode(body)))
    }
}
