public import LatchkeyCore
import LatchkeyStore

/// The first Admin, made in the browser by whoever can read what the program printed.
extension App {
    public static let setUpLinkLife = Duration.minutes(15)
    private static let setUp = "set_up"

    /// A new link's text; links printed before stop working. `nil` once there is an Admin.
    public func makeSetUpLink() async throws(Refusal) -> OpaqueSecret? {
        let secret = OpaqueSecret(random: ambient.randomBytes(OpaqueSecret.byteCount))
        let value = mark(of: secret) + " " + String((ambient.now() + Self.setUpLinkLife).milliseconds)
        return try await store.write { db throws(Refusal) in
            guard try db.activeAdminCount() == 0 else { return nil }
            try db.note(.setInstanceValue(name: Self.setUp, value: value))
            return secret
        }
    }

    /// Refuses a link that does not work, before anything is typed.
    public func checkSetUpLink(_ link: String) async throws(Refusal) {
        let now = ambient.now()
        let marks = marks(of: link)
        try await store.read { db throws(Refusal) in try db.requireSetUp(Self.setUp, marks, at: now) }
    }

    public func completeSetUp(
        _ link: String, email: String, name: String, password: Password, from origin: Origin
    ) async throws(Refusal) -> StartedSession {
        try await checkSetUpLink(link)
        try password.check(
            for: [name, email] + email.split(separator: "@").prefix(1).map(String.init), at: "/password")
        let hash = try await passwords.hash(password)
        let now = ambient.now()
        let marks = marks(of: link)
        let secret = SessionSecret(random: ambient.randomBytes(SessionSecret.byteCount))
        let digest = keys.current.digest(of: secret)
        return try await commit(as: nil) { db throws(Refusal) in
            try db.requireSetUp(Self.setUp, marks, at: now)
            let caller = Caller(.host, origin: origin)
            if try db.user(handle: email.trimmed.lowercased()) != nil {
                throw .invalid("/email", "is that of an account already; use another")
            }
            let (user, decision) = try User.founder(
                email: email, name: name, id: db.nextID(), by: caller, at: now)
            try db.apply(decision)
            try db.apply(user.settingPassword(hash, by: caller, at: now))
            try db.note(.setInstanceValue(name: Self.setUp, value: ""))
            return try db.begin(user, by: .link, secret, digest, from: origin, at: now)
        }
    }

    private func mark(of secret: OpaqueSecret) -> String {
        OpaqueText.text(keys.current.digest(of: secret).bytes)
    }

    private func marks(of link: String) -> [String] {
        guard let secret = OpaqueSecret(presented: link) else { return [] }
        return keys.current.digests(of: secret).map { OpaqueText.text($0.bytes) }
    }
}

extension Transaction {
    fileprivate func requireSetUp(_ name: String, _ marks: [String], at now: Timestamp) throws(Refusal) {
        guard try activeAdminCount() == 0 else {
            throw .conflict("This instance has an Admin already. Sign in, or ask them for an invitation.")
        }
        let parts = try instanceValue(name).map { $0.split(separator: " ").map(String.init) } ?? []
        guard parts.count == 2, marks.contains(parts[0]), let end = Int64(parts[1]), now.milliseconds < end else {
            throw .badRequest("This link no longer works. Start the server again: it prints a new one.")
        }
    }
}
