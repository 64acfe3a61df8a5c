import LatchkeyAPI

/// `GET /users/me` is how programs check their token, and by far the most frequent call: its body is written without
/// the containers of `Encodable`, which cost more than all the rest of the call. A test holds it against them.
extension JSONWriter {
    func write(_ me: MeBody) {
        beginObject()
        member("id", me.id)
        member("user_id", me.handle)
        member("user_name", me.userName)
        member("email", me.email)
        member("name", me.name)
        member("user_type", me.type)
        member("role", me.role)
        begin("teams")
        beginList()
        for team in me.teams {
            beginEntry(at: depth)
            write(team)
        }
        close(to: 1)
        begin("token")
        write(me.token)
        close(to: 0)
    }

    private func write(_ token: MyTokenBody) {
        beginObject()
        member("id", token.id)
        member("name", token.name)
        member("expiration", token.expiration)
        member("created", token.created)
        member("type", token.type)
    }

    private func begin(_ name: StaticString) {
        beginEntry(at: depth)
        write(plainName: name)
    }

    private func member(_ name: StaticString, _ text: String?) {
        begin(name)
        if let text { write(text) } else { writeNull() }
    }

    private func member(_ name: StaticString, _ number: Int64) {
        begin(name)
        write(number)
    }
}
