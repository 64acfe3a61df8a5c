/// What an access token says (RFC 9068 §2.2), in its first claims for every JOSE library, in `role` and `teams` as they
/// were when it was made. At our own doors nothing but its limits counts: rights are those of the token that it came
/// of, read anew at each use.
public struct AccessClaims: Hashable, Sendable {
    /// The token that it came of; its number is in the `jti`.
    public let token: ID<Token>
    /// `iss`, and `aud` too: whoever asks this authority.
    public let issuer: String
    /// `sub` and `client_id`: the owner's handle.
    public let subject: String
    public let issuedAt: Timestamp
    public let expiresAt: Timestamp
    public let role: Role
    public let teams: [String]
    /// As `scope`; `nil` for no limit to certain actions, which leaves it out.
    public let actions: Set<String>?
    /// The access token that it was got for in exchange, if it was: when that one is given up, this one ends.
    public let parent: AccessGrant?

    public init(
        token: ID<Token>, issuer: String, subject: String, issuedAt: Timestamp, expiresAt: Timestamp, role: Role,
        teams: [String], actions: Set<String>?, parent: AccessGrant? = nil
    ) {
        self.token = token
        self.issuer = issuer
        self.subject = subject
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.role = role
        self.teams = teams
        self.actions = actions
        self.parent = parent
    }

    /// `jti` comes first, as in every token.
    func json(jti: JTI) -> [UInt8] {
        var json = Array(#"{"jti":""#.utf8)
        Base64URL.append(jti.bytes, to: &json)
        json.append(UInt8(ascii: "\""))
        let texts: [(name: String, text: String?)] = [
            ("iss", issuer), ("aud", issuer), ("sub", subject), ("client_id", subject), ("role", role.rawValue),
            ("scope", actions?.sorted().joined(separator: " ")),
        ]
        for (name, text) in texts {
            guard let text else { continue }
            json += Array(",\"\(name)\":".utf8)
            Self.append(quoted: text, to: &json)
        }
        json += Array(",\"iat\":\(issuedAt.seconds),\"exp\":\(expiresAt.seconds),\"teams\":".utf8)
        Self.append(list: teams, to: &json)
        if let parent {
            json += Array(",\"lineage\":".utf8)
            Self.append(list: (parent.lineage + [parent.nonce]).map { Base64URL.text($0) }, to: &json)
        }
        return json + Array("}".utf8)
    }

    private static func append(list texts: [String], to json: inout [UInt8]) {
        json.append(UInt8(ascii: "["))
        for (place, text) in texts.enumerated() {
            if place > 0 { json.append(UInt8(ascii: ",")) }
            append(quoted: text, to: &json)
        }
        json.append(UInt8(ascii: "]"))
    }

    private static func append(quoted text: String, to json: inout [UInt8]) {
        json.append(UInt8(ascii: "\""))
        TokenClaims.append(text, to: &json)
        json.append(UInt8(ascii: "\""))
    }
}

/// What a genuine access token grants, whatever became of the token that it came of.
public struct AccessGrant: Hashable, Sendable {
    /// The token that it came of.
    public let token: ID<Token>
    /// Its `jti`, as others who read it know it.
    public let jti: String
    /// The account's handle when it was made.
    public let subject: String
    /// The random part of its `jti`, by which it can be revoked without its siblings.
    public let nonce: [UInt8]
    /// Those of the access tokens that it came of by exchange, the first one first.
    public let lineage: [[UInt8]]
    public let issuedAt: Timestamp
    public let expiresAt: Timestamp
    public let actions: Set<String>?
}

extension KeyRing {
    /// Makes an access token. `random` are 16 random bytes.
    public func mint(
        _ claims: AccessClaims, random: [UInt8]
    ) throws(Refusal) -> (secret: TokenSecret, jti: String) {
        precondition(random.count == JTI.randomByteCount, "a jti holds \(JTI.randomByteCount) random bytes")
        let signer = signingKeys[signingKeys.count - 1]
        let jti = JTI(token: claims.token, random: random, key: tagHash)
        let header = TokenFormat.header(kid: signer.kid, type: "at+jwt")
        let token = try signed(header, claims.json(jti: jti), by: signer)
        guard token.count <= TokenFormat.longestAccess else {
            throw .badRequest("This has too many teams or actions for one access token. Limit it to fewer.")
        }
        return (TokenSecret(minted: token), Base64URL.text(jti.bytes))
    }

    /// What an access token grants; `nil` unless one of our keys signed it. Takes bytes that have its form.
    ///
    /// The tag of its `jti` is checked first, so that an invention costs one short HMAC and no signature.
    public func accessGrant(_ bytes: UnsafeBufferPointer<UInt8>) -> AccessGrant? {
        let start = TokenFormat.accessHeaderLength
        let secondDot = bytes.count - TokenFormat.signatureLength - 1
        guard let text = TokenFormat.jtiText(bytes, headerLength: start), let jti = JTI(text: text, key: tagHash),
            hasOurSignature(bytes), let json = Base64URL.bytes(bytes[(start + 1)..<secondDot]),
            let claims = Claims(json: json), let subject = claims.text("sub"), let issuedAt = claims.moment("iat"),
            let expiresAt = claims.moment("exp"),
            issuedAt < expiresAt, expiresAt - issuedAt <= AccessLifetime.longest
        else { return nil }
        let actions = claims.text("scope").map { Set($0.split(separator: " ").map(String.init)) }
        let lineage = (claims.texts("lineage") ?? []).compactMap { Base64URL.bytes($0.utf8) }
        return AccessGrant(
            token: jti.token, jti: Base64URL.text(jti.bytes), subject: subject, nonce: jti.random, lineage: lineage,
            issuedAt: issuedAt, expiresAt: expiresAt, actions: actions)
    }
}
