/// The word that a page puts into its forms, and by which it knows them again when they come back.
///
/// It is a keyed digest of what the form is bound to, so nothing has to be kept, and nobody else can make one.
extension KeyRing {
    /// - Parameter seed: the session, or whatever else tells one browser from another.
    public func formToken(of seed: String) -> String {
        Base64URL.text(Self.withForm(of: seed) { digest(of: $0) }.bytes)
    }

    /// Older keys count too, so that a form that is open in a browser outlives their rotation.
    public func isFormToken(_ text: String, of seed: String) -> Bool {
        guard let bytes = Base64URL.bytes(text.utf8), bytes.count == TokenDigest.byteCount else { return false }
        return digestGenerations.contains { generation in
            let digest = Self.withForm(of: seed) { self.digest(of: $0, generation: generation) }
            return digest == TokenDigest(bytes: bytes, generation: generation)
        }
    }

    /// No token begins like this, so that the digest of a form never is that of a token.
    private static func withForm<Result>(
        of seed: String, _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result {
        Array("form of \(seed)".utf8).withUnsafeBufferPointer(body)
    }
}
