/// One change of a row of those that signing in through a provider needs.
public enum SignOnChange: Sendable {
    case insertProvider(IdentityProvider)
    case updateProvider(IdentityProvider)
    case deleteProvider(ID<IdentityProvider>)
    case link(IdentityLink)
    /// The sessions that the identity began end with it.
    case unlink(ExternalIdentity, from: ID<User>, at: Timestamp)
    /// Those that began at this provider.
    case endSessions(of: ID<IdentityProvider>, at: Timestamp)
}
