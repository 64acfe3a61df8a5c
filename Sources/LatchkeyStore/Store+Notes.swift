public import LatchkeyCore

extension WriteTransaction {
    /// Writes what is no change of state: counters, bookkeeping, replies kept for a while.
    public func note(_ note: Note) throws(Refusal) {
        switch note {
        case .lastUses(let uses): try move(uses, isListed: true)
        case .unlistedUses(let uses): try move(uses, isListed: false)
        case .listUses(let tokens, let accounts): try listUses(of: tokens, accounts)
        case .usage(let counts): try add(counts)
        case .redigest(let tokens): for (token, digest) in tokens { try redigest(token, digest) }
        case .keepReply(let reply): try keep(reply)
        case .forgetReplies(let moment): try forgetReplies(before: moment)
        case .setInstanceValue(let name, let value): try setInstanceValue(name, value)
        case .signIn(let note): try self.note(note)
        case .markFeed(let moment): try markFeed(at: moment)
        case .forgetFeed(let seq): try forgetFeed(upTo: seq)
        case .syncWork(let work): try add(work)
        case .syncFault(let fault): try add(fault)
        }
    }

    /// The version stays: nothing about the token has changed. The feed tells the other nodes' indexes.
    private func redigest(_ token: ID<Token>, _ digest: TokenDigest) throws(Refusal) {
        let changed = try run(
            """
            UPDATE token SET digest = \(digest.bytes), digest_generation = \(digest.generation)
            WHERE id = \(token) AND digest_generation < \(digest.generation)
            """)
        if changed > 0 { try appendToFeed(.token, token.value) }
    }
}
