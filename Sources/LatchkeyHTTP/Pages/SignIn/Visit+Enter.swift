import LatchkeyApp
import LatchkeyCore

/// What follows when somebody has shown who they are.
extension Visit {
    /// Lets them in, or asks for the code that is still missing.
    func goOn(
        after outcome: SignInOutcome, to back: LocalPath, saying said: Flash.Saying? = nil, in app: App
    ) async -> PageReply {
        switch outcome {
        case .signedIn(let started): return await enter(started, to: back, saying: said, in: app)
        case .secondFactor(let pending):
            let query = back == .home ? "" : "?return_to=\(FormText.encoded(back.text))"
            return .redirect(to: SignInCodePage.path + query, saying: said.map { .said($0) }).with(.pending(pending))
        }
    }

    /// A browser holds one session. The one that it had is ended, and never taken over; that this fails is no reason
    /// to keep somebody out.
    func enter(
        _ started: StartedSession, to back: LocalPath, saying said: Flash.Saying? = nil, in app: App
    ) async -> PageReply {
        if person != nil { try? await app.signOut(as: caller) }
        return .redirect(to: back.text, saying: said.map { .said($0) }).with(.session(started.secret))
    }
}
