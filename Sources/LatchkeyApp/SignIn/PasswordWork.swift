import Foundation
import LatchkeyCore
import Synchronization

/// Computes password hashes, one at a time and on a thread of its own: each takes a good part of a second and 64 MiB,
/// so neither requests nor memory may depend on how many people, or attackers, sign in at once.
final class PasswordWork: Sendable {
    private static let longestQueue = 32

    private let cost: PasswordHash.Cost
    private let randomBytes: @Sendable (Int) -> [UInt8]
    private let queue = DispatchQueue(label: "latchkey.passwords", qos: .utility)
    private let waiting = Atomic<Int>(0)
    /// Of a password that nobody has, for accounts that have none: the work is the same, the answer is no.
    private let nobodys = Mutex<PasswordHash?>(nil)

    init(cost: PasswordHash.Cost, randomBytes: @escaping @Sendable (Int) -> [UInt8]) {
        self.cost = cost
        self.randomBytes = randomBytes
    }

    func hash(_ password: Password) async throws(Refusal) -> PasswordHash {
        let salt = randomBytes(PasswordHash.saltByteCount)
        let cost = cost
        guard let hash = try await compute({ PasswordHash(of: password, salt: salt, cost: cost) }) else {
            throw .unavailable("The password could not be worked on; try again.", retryAfter: .seconds(5))
        }
        return hash
    }

    /// Takes as long for nobody as for somebody.
    func check(_ password: Password, against hash: PasswordHash?) async throws(Refusal) -> PasswordAnswer {
        let known = if let hash { hash } else { try await decoy() }
        guard try await compute({ known.matches(password) }), let hash else { return .wrong }
        return hash.isCheaper(than: cost) ? .right(rehashed: try await self.hash(password)) : .right(rehashed: nil)
    }

    private func decoy() async throws(Refusal) -> PasswordHash {
        if let made = nobodys.withLock({ $0 }) { return made }
        let made = try await hash(Password(""))
        nobodys.withLock { $0 = made }
        return made
    }

    private func compute<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async throws(Refusal) -> Value {
        guard waiting.wrappingAdd(1, ordering: .relaxed).oldValue < Self.longestQueue else {
            waiting.wrappingSubtract(1, ordering: .relaxed)
            throw .unavailable("Too many people are signing in; try again in a moment.", retryAfter: .seconds(5))
        }
        defer { waiting.wrappingSubtract(1, ordering: .relaxed) }
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
