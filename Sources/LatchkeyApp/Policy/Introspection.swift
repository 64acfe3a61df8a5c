public import LatchkeyCore
import LatchkeyStore

/// A token that somebody was shown and asks about.
public struct TokenQuestion: Sendable {
    public let presented: String
    /// Where the token came from, as the asker says; a token that is limited to addresses is nothing without it.
    public let address: Address?
    /// The feed was read after the question came in, so a token that is not there is gone.
    public let isCaughtUp: Bool

    public init(presented: String, address: Address?, isCaughtUp: Bool) {
        self.presented = presented
        self.address = address
        self.isCaughtUp = isCaughtUp
    }
}

/// Whose token it is.
public enum Introspected: Sendable {
    case active(Bearer)
    /// It opens nothing, whatever the reason.
    case inactive
    /// The feed must be read first; nothing has been counted.
    case unsettled
}

/// What other systems ask about a token that they were shown (RFC 7662), and giving one up (RFC 7009).
extension App {
    /// Whose token this is, without waiting.
    ///
    /// It counts as a use of the token: somebody has presented it somewhere. A SCIM token opens nothing but the SCIM
    /// endpoints, so it is nothing to anybody who asks here.
    public func introspect(
        _ question: TokenQuestion, route: String, as caller: Caller
    ) throws(Refusal) -> Introspected {
        try caller.require(.introspectTokens)
        let origin = Origin(requestID: caller.origin.requestID, address: question.address)
        do throws(Refusal) {
            let found = try authenticateAtOnce(
                question.presented[...], method: "POST", route: route, from: origin, isCaughtUp: question.isCaughtUp)
            guard let bearer = found else { return .unsettled }
            let outcome = bearer.isSCIMOnly ? UseOutcome.denied : .allowed
            recordUse(by: bearer, method: "POST", route: route, from: origin, outcome: outcome)
            return bearer.isSCIMOnly ? .inactive : .active(bearer)
        } catch .unauthenticated, .limited {
            // However many tokens that do not work were asked about: one that works is never among them.
            return .inactive
        } catch {
            throw error
        }
    }

    /// Shuts off the token that was presented, at the wish of whoever holds it: a finder of a leaked token may too.
    /// What does not work any more needs nothing.
    public func giveUp(_ presented: String, route: String, from origin: Origin) async throws(Refusal) {
        let bearer: Bearer
        do throws(Refusal) {
            bearer = try await authenticate(presented[...], method: "POST", route: route, from: origin)
        } catch .unauthenticated {
            return
        } catch {
            throw error
        }
        let caller = Caller(.bearer(bearer.credential), origin: origin)
        if let access = bearer.access { return try await giveUp(access, as: caller) }
        let now = ambient.now()
        try await commit(as: nil) { db throws(Refusal) in
            guard var token = try db.token(bearer.token), token.deletedAt == nil else { return }
            try db.carryOut(token.revoke(.cessation, by: caller, at: now), &token)
            try db.abortRotation(to: token, by: caller, at: now)
        }
    }
}
