import LatchkeyApp
import LatchkeyCore

/// The page that shows a link which lets somebody in, this once: nothing is sent, so an Admin hands it over.
enum LinkShown {
    /// - Parameters:
    ///   - words: to whom it goes and what it does, a sentence each.
    ///   - next: where “Done” leads.
    static func page(
        _ headline: String, _ words: [String], link: String, ends: Timestamp, next: String, now: Timestamp
    ) -> PageReply {
        let view = LinkShownView(
            headline: headline, words: words, link: link, ends: Moment(ends, now: now), next: next)
        return .page(headline, "sign-in/link", view)
    }
}

private struct LinkShownView: View {
    let headline: String
    let words: [String]
    let link: String
    let ends: Moment
    let next: String
}
