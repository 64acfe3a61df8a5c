import LatchkeyApp
import LatchkeyCore

/// What is said of a token (RFC 7662 §2.2), with our own words beside. Of one that opens nothing nothing is said but
/// that. Written without the containers of `Encodable`, which cost more than all the rest of the call.
struct IntrospectionBody: Sendable {
    static let inactive = Array(#"{"active":false}"#.utf8)

    let bearer: Bearer
    let issuer: String

    var jsonBytes: [UInt8] {
        let account = bearer.account
        var bytes: [UInt8] = []
        bytes.reserveCapacity(768)
        bytes.append(#"{"active":"#, true)
        // Absent where the token has no limit to certain actions.
        if let actions = bearer.narrowing.actions {
            bytes.append(#","scope":"#, actions.sorted().joined(separator: " "))
        }
        bytes.append(#","client_id":"#, account.handle)
        bytes.append(#","username":"#, account.userName)
        bytes.append(#","token_type":"#, "Bearer")
        if let expiresAt = bearer.expiresAt { bytes.append(#","exp":"#, expiresAt.seconds) }
        bytes.append(#","iat":"#, bearer.createdAt.seconds)
        bytes.append(#","sub":"#, account.handle)
        bytes.append(#","iss":"#, issuer)
        if bearer.access != nil { bytes.append(#","aud":"#, issuer) }
        bytes.append(#","user_id":"#, account.id.value)
        bytes.append(#","user_type":"#, account.type.rawValue)
        bytes.append(#","role":"#, bearer.role.rawValue)
        bytes.append(#","teams":"#, bearer.teamNames)
        bytes.append(#","token_id":"#, bearer.token.value)
        bytes.append(#","token_name":"#, bearer.name)
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }
}
