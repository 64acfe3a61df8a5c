import Hummingbird
import LatchkeyApp
import LatchkeyCore

/// One request on its way through a page's handler: who asks, and what.
struct Visit: Sendable {
    let caller: Caller
    /// `nil` on pages that are open to strangers.
    let person: SignedInPerson?
    let path: String
    let parameters: Parameters
    var query: FormFields
    /// The page on which a link to this one was followed, if a browser tells.
    let cameFrom: LocalPath?
    /// Empty but on a POST.
    let form: FormFields
    /// What was typed into the form of this page before somebody had to sign in anew.
    let refill: FormFields?
    let cookies: PageCookies
    let origin: Origin
    let now: Timestamp

    /// The form of a page that is shown first: as it was left before signing in anew, or fresh.
    var freshForm: Form { refill.map { Form(refilling: $0) } ?? Form() }

    /// The form that asks rather than changes: what a list is narrowed by, as the query has it. A dialog above it may
    /// have fields of the same names.
    var queryForm: Form { Form(keeping: query, prefix: "q") }

    /// The number in the path. What is no number names nothing.
    func id<Kind>(_ noun: String) throws(Refusal) -> ID<Kind> {
        guard let text = parameters["id"], let number = Int64(text), number > 0, String(number) == text else {
            throw .notFound(noun)
        }
        return ID(number)
    }

    /// Does what a form asks for, or shows the form again with what was typed and what is wrong with it.
    ///
    /// What is no fault of the form goes on: who may not, gets a page that says so.
    func answer(
        _ work: () async throws -> PageReply, orAgain again: (Form) async throws -> PageReply
    ) async throws -> PageReply {
        do {
            return try await work()
        } catch let refusal as Refusal {
            guard let form = Form(form, refused: refusal) else { throw refusal }
            return try await again(form).retrying(after: refusal.wait)
        }
    }
}
