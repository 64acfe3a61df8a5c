/// In which header fields a gateway says what it was asked. Set once by `gateway.headers`, never guessed: a client
/// could write the fields of another gateway into its own request.
public enum GatewayDialect: String, Sendable, CaseIterable {
    /// `X-Original-Method` and `X-Original-URI`, which an nginx configuration sets.
    case nginx
    /// `X-Forwarded-Method` and `X-Forwarded-Uri`, which Caddy and Traefik set.
    case forwarded
    /// The request itself, its path behind `/authz`: Envoy.
    case itself = "self"

    /// In small letters; none for ``itself``.
    var names: (method: StaticString, target: StaticString)? {
        switch self {
        case .nginx: ("x-original-method", "x-original-uri")
        case .forwarded: ("x-forwarded-method", "x-forwarded-uri")
        case .itself: nil
        }
    }
}
