public import LatchkeyCore

extension Transaction {
    public func idempotentReply(caller: ID<User>, key: String) throws(Refusal) -> KeptReply? {
        try first(
            """
            SELECT fingerprint, at, sealed_reply FROM idempotent_reply
            WHERE caller_id = \(caller) AND key = \(key)
            """
        ) { row in
            KeptReply(
                request: IdempotentRequest(caller: caller, key: key, fingerprint: row.blob(0), at: row.time(1)),
                sealedReply: row.optionalBlob(2))
        }
    }
}

extension WriteTransaction {
    func begin(_ request: IdempotentRequest) throws(Refusal) {
        let added = try run(
            """
            INSERT INTO idempotent_reply (caller_id, key, fingerprint, at)
            VALUES (\(request.caller), \(request.key), \(request.fingerprint), \(request.at)) ON CONFLICT DO NOTHING
            """)
        guard added == 1 else { throw .conflict(Failure.words(forRule: "idempotent_reply")) }
    }

    func finish(_ request: IdempotentRequest, with sealedReply: [UInt8]) throws(Refusal) {
        try run(
            """
            UPDATE idempotent_reply SET sealed_reply = \(sealedReply)
            WHERE caller_id = \(request.caller) AND key = \(request.key) AND fingerprint = \(request.fingerprint)
            """)
    }

    func forget(_ request: IdempotentRequest) throws(Refusal) {
        try run(
            """
            DELETE FROM idempotent_reply
            WHERE caller_id = \(request.caller) AND key = \(request.key) AND fingerprint = \(request.fingerprint)
            """)
    }

    func forgetReplies(before moment: Timestamp) throws(Refusal) {
        try run("DELETE FROM idempotent_reply WHERE at < \(moment)")
    }
}
