import Foundation
import LatchkeyCore
import Synchronization

/// Computes password hashes, one at a time and on a thread of its own: each takes a good part of a second and 64 MiB,
/// so neither requests nor memory may depend on how many people, or attackers, sign in at once.
final class PasswordWork: Sendable {
    static let longestLine = 32

    private let cost: PasswordHash.Cost
    private let randomBytes: @Sendable (Int) -> [UInt8]
    private let queue = DispatchQueue(label: "latchkey.passwords", qos: .utility)
    private let waiting = Atomic<Int>(0)
    /// How often scrypt ran: equal work for every sign-in is an exact number.
    private let runs = Atomic<Int>(0)

    var runCount: Int { runs.load(ordering: .relaxed) }

    init(cost: PasswordHash.Cost, randomBytes: @escaping @Sendable (Int) -> [UInt8]) {
        self.cost = cost
        self.randomBytes = randomBytes
    }

    func hash(_ password: Password) async throws(Refusal) -> PasswordHash {
        try await inLine { () throws(Refusal) in try await makeHash(of: password) }
    }

    /// Takes as long for nobody as for somebody.
    ///
    /// - Parameter begin: what is done before, once there is a place in the line. Whoever is turned away writes
    ///   nothing, and so a flood of tries grows the database no faster than passwords are computed.
    func check<Begun>(
        _ password: Password, against hash: PasswordHash?, after begin: () async throws(Refusal) -> Begun
    ) async throws(Refusal) -> (answer: PasswordAnswer, begun: Begun) {
        try await inLine { () throws(Refusal) in
            let begun = try await begin()
            // Beyond the longest it is wrong, and folding a megabyte of it would cost more than the hash.
            let (typed, hash) = password.isTooLong ? (Password(""), nil) : (password, hash)
            let known = hash ?? .decoy(cost)
            guard await compute({ known.matches(typed) }), let hash else { return (.wrong, begun) }
            let made = hash.isCheaper(than: cost) ? try await makeHash(of: password) : nil
            return (.right(rehashed: made), begun)
        }
    }

    private func makeHash(of password: Password) async throws(Refusal) -> PasswordHash {
        let salt = randomBytes(PasswordHash.saltByteCount)
        let cost = cost
        guard let hash = await compute({ PasswordHash(of: password, salt: salt, cost: cost) }) else {
            throw .unavailable("The password could not be worked on; try again.", retryAfter: .seconds(5))
        }
        return hash
    }

    private func inLine<Value>(_ work: () async throws(Refusal) -> Value) async throws(Refusal) -> Value {
        let before = waiting.wrappingAdd(1, ordering: .relaxed).oldValue
        defer { waiting.wrappingSubtract(1, ordering: .relaxed) }
        guard before < Self.longestLine else {
            throw .unavailable("Too many people are signing in; try again in a moment.", retryAfter: .seconds(5))
        }
        return try await work()
    }

    private func compute<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        runs.wrappingAdd(1, ordering: .relaxed)
        return await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: work()) }
        }
    }
}

enum PasswordAnswer: Sendable {
    case wrong
    /// With a new hash where the old one was made at less than today's cost.
    case right(rehashed: PasswordHash?)
}
