/// Rows count their changes, so that an editor who saw an older state is told instead of overwriting the newer one.
extension Int64 {
    /// - Parameter seen: the version that somebody's edit is based on; `nil` where it is based on none.
    public func requireSeen(_ seen: Int64?, _ noun: String) throws(Refusal) {
        guard let seen, seen != self else { return }
        throw .conflict("Somebody has changed this \(noun) meanwhile. Nothing was saved: look at it again first.")
    }
}
