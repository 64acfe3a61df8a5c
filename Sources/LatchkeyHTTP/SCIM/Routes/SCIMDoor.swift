import HTTPTypes
import HummingbirdCore
import LatchkeyApp
import LatchkeyCore

/// `/scim/v2`: the endpoints of directory sync, and what they share.
///
/// The one permission they need is the one that SCIM tokens have; no other endpoint asks for it, so these tokens open
/// exactly these endpoints. What is refused here is kept for the administrator of the directory, in words.
struct SCIMDoor: Sendable {
    static let path = "/scim/v2"
    /// Entries of one list. A directory sends the members of a group at once; the size of the body bounds them too.
    static let mostItems = 10_000
    /// Of what was asked, as the page of directory sync tells it: a bulk names methods and paths as it likes.
    private static let longestOperation = 40

    let app: App
    let write: ResourceWriting
    let schemas: SchemaWriting

    init(app: App, rootPath: String) {
        self.app = app
        let base = app.settings.publicURL + rootPath + Self.path
        write = ResourceWriting(base: base)
        schemas = SchemaWriting(base: base)
    }

    var endpoints: [Endpoint] {
        DiscoveryRoutes(door: self).endpoints + PersonRoutes(door: self).endpoints + GroupRoutes(door: self).endpoints
            + SearchRoutes(door: self).endpoints + BulkRoutes(door: self).endpoints
    }

    func endpoint(
        _ method: HTTPRequest.Method, _ path: String, _ operation: String, _ summary: String,
        _ handler: @escaping Endpoint.Handler
    ) -> Endpoint {
        let takesBody = [.post, .put, .patch].contains(method)
        return Endpoint(
            method: method, path: Self.path + path, operation: operation, summary: summary,
            access: .needs(.provision), isQueryChecked: false, body: takesBody ? .scim : .none,
            voice: .scim, handler: noting(handler))
    }

    /// A refusal is kept for the page of directory sync; keeping it must never be why a request fails.
    private func noting(_ handler: @escaping Endpoint.Handler) -> Endpoint.Handler {
        { call in
            do {
                return try await handler(call)
            } catch {
                await note(error, of: call)
                throw error
            }
        }
    }

    /// What directories ask to find out whether something is there is no fault of theirs.
    private func note(_ error: any Error, of call: Call) async {
        guard call.request.method != .get else { return }
        let place = call.path.split(separator: "/").drop { $0 != "v2" }.dropFirst()
        await note(
            SCIMFault(error), method: call.request.method.rawValue, place, data: try? call.tree(), as: call.caller)
    }

    /// - Parameters:
    ///   - place: the path below ours, in its parts: `Users`, `7`.
    ///   - data: what was sent; it says whom it was about where the path does not.
    func note(
        _ fault: SCIMFault, method: String, _ place: some Collection<Substring>, data: JSONTree?, as caller: Caller
    ) async {
        guard (400..<500).contains(fault.status) else { return }
        let names = [DirectoryAttribute.userName, DirectoryAttribute.displayName].compactMap { name -> String? in
            if case .text(let text)? = data?.member(name) { text } else { nil }
        }
        let operation = "\(method) /\(place.first ?? "")".prefix(Self.longestOperation)
        try? await app.noteSyncFault(
            String(operation), status: fault.status, detail: fault.detail,
            subject: place.dropFirst().first.map(String.init) ?? names.first ?? "", as: caller)
    }
}

extension Call {
    /// The body, whatever it holds.
    func tree() throws(Refusal) -> JSONTree {
        try JSONTree(reading: body, mostItems: SCIMDoor.mostItems)
    }

    var precondition: Precondition { EntityTag.precondition(request.headers) }

    /// Which attributes the reply shows.
    func projection(of type: ResourceType) throws(SCIMFault) -> Projection {
        try ListRequest(query: queryText).projection(of: type)
    }
}
