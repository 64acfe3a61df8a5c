public import LatchkeyCore

extension Transaction {
    public func idempotentReply(
        caller: ID<User>, key: String, since start: Timestamp
    ) throws(Refusal) -> KeptReply? {
        try first(
            """
            SELECT fingerprint, at, sealed_reply FROM idempotent_reply
            WHERE caller_id = \(caller) AND key = \(key) AND at >= \(start) AND sealed_reply IS NOT NULL
            """
        ) { row in
            KeptReply(
                request: IdempotentRequest(caller: caller, key: key, fingerprint: row.blob(0), at: row.time(1)),
                sealedReply: row.blob(2))
        }
    }
}

extension WriteTransaction {
    /// An older program left rows without a reply for requests that it had not answered yet.
    func keep(_ reply: KeptReply) throws(Refusal) {
        let request = reply.request
        try run(
            """
            INSERT INTO idempotent_reply (caller_id, key, fingerprint, at, sealed_reply)
            VALUES (\(request.caller), \(request.key), \(request.fingerprint), \(request.at), \(reply.sealedReply))
            ON CONFLICT (caller_id, key) DO UPDATE SET fingerprint = excluded.fingerprint, at = excluded.at,
                sealed_reply = excluded.sealed_reply
            WHERE idempotent_reply.sealed_reply IS NULL
            """)
    }

    func forgetReplies(before moment: Timestamp) throws(Refusal) {
        try run("DELETE FROM idempotent_reply WHERE at < \(moment)")
    }
}
