import LatchkeyAPI

/// `GET /users/me` is how programs check their token, and by far the most frequent call: its body is written without
/// the containers of `Encodable`, which cost more than all the rest of the call. A test holds it against them.
extension MeBody {
    var jsonBytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(768)
        bytes.append(#"{"id":"#, id)
        bytes.append(#","user_id":"#, handle)
        bytes.append(#","user_name":"#, userName)
        bytes.append(#","email":"#, email)
        bytes.append(#","name":"#, name)
        bytes.append(#","user_type":"#, type)
        bytes.append(#","role":"#, role)
        bytes.append(#","teams":"#, teams)
        token.append(to: &bytes)
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }
}

extension MyTokenBody {
    fileprivate func append(to bytes: inout [UInt8]) {
        bytes.append(#","token":{"id":"#, id)
        bytes.append(#","name":"#, name)
        bytes.append(#","expiration":"#, expiration)
        bytes.append(#","created":"#, created)
        bytes.append(#","type":"#, type)
        bytes.append(UInt8(ascii: "}"))
    }
}
