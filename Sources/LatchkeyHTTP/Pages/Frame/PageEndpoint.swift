import HTTPTypes
import LatchkeyCore

/// One page of the console, or one form that it sends: the router and the tests are made from these.
struct PageEndpoint: Sendable {
    typealias Handler = @Sendable (Visit) async throws -> PageReply

    let method: HTTPRequest.Method
    /// With `{id}` for what varies.
    let path: String
    let access: Access
    /// Whether somebody who must set up a second factor first may come here before that.
    var isBeforeSecondFactor = false
    /// Whether what was typed into this form comes back after a sign-in that it was too late for.
    var isRefilled = false
    /// Whether the same path shows a page too.
    var isShown = true
    let handler: Handler

    enum Access: Sendable {
        /// Anybody, signed in or not.
        case open
        /// Any person who is signed in.
        case signedIn
        case needs(Permission)
    }

    /// Shows something. Never changes anything.
    static func get(_ path: String, _ access: Access, _ handler: @escaping Handler) -> PageEndpoint {
        PageEndpoint(method: .get, path: path, access: access, handler: handler)
    }

    /// Takes a form.
    static func post(_ path: String, _ access: Access, _ handler: @escaping Handler) -> PageEndpoint {
        PageEndpoint(method: .post, path: path, access: access, handler: handler)
    }

    /// As logs and metrics name it: an asset's hash would make a new name with every version.
    var route: String { isAsset ? Self.assetRoute : path }

    var isAsset: Bool { path.hasPrefix(Self.assetRoute + "/") }
    static let assetRoute = "/assets"

    var beforeSecondFactor: PageEndpoint { changed { $0.isBeforeSecondFactor = true } }
    var refilled: PageEndpoint { changed { $0.isRefilled = true } }

    /// - Parameter paths: those that show a page.
    func shown(in paths: Set<String>) -> PageEndpoint { changed { $0.isShown = paths.contains(path) } }

    private func changed(_ change: (inout PageEndpoint) -> Void) -> PageEndpoint {
        var endpoint = self
        change(&endpoint)
        return endpoint
    }
}
