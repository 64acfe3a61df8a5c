import Foundation
import LatchkeyApp
import LatchkeyCore

/// A file that holds a policy.
struct PolicyFile: Sendable {
    let path: String

    /// The policy, or a failure that says what is wrong where, a line for each flaw: `FILE:LINE:COLUMN: …`.
    func load() throws(CommandFailure) -> Policy { try edition().policy }

    func edition() throws(CommandFailure) -> PolicyEdition { try read().edition.get() }

    /// What the file says at one moment.
    struct Reading {
        /// The mark of its text; `nil` where it cannot be read.
        let digest: String?
        let edition: Result<PolicyEdition, CommandFailure>
    }

    func read() -> Reading {
        guard let data = FileManager.default.contents(atPath: path) else {
            return Reading(digest: nil, edition: .failure(unreadable))
        }
        let digest = PolicyEdition.digest(of: data)
        do throws(CommandFailure) {
            return Reading(digest: digest, edition: .success(try edition(of: data)))
        } catch {
            return Reading(digest: digest, edition: .failure(error))
        }
    }

    private var unreadable: CommandFailure {
        CommandFailure(
            "the policy file \(path) cannot be read",
            hint: FileManager.default.fileExists(atPath: path)
                ? "it has to be a file, and open to the user who runs this" : "there is no such file")
    }

    private func edition(of data: Data) throws(CommandFailure) -> PolicyEdition {
        guard let text = String(validating: data, as: UTF8.self) else {
            throw CommandFailure("the policy file \(path) is not UTF-8:\n" + describe(undecodable: data))
        }
        do throws(PolicyFlaws) {
            return try PolicyEdition(yaml: text)
        } catch {
            throw CommandFailure(describe(error))
        }
    }

    private func describe(undecodable data: Data) -> String {
        let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let place = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0
        return "\(path):\(place + 1):1: this line holds other bytes; save the file as UTF-8"
    }

    private func describe(_ flaws: PolicyFlaws) -> String {
        let lines = flaws.flaws.map { "\(path):\($0.mark.line):\($0.mark.column): \($0.sentence)" }
        let count = lines.count == 1 ? "a mistake" : "\(lines.count) mistakes"
        return "the policy file \(path) has \(count):\n" + lines.joined(separator: "\n")
    }

    /// For the start, which is refused with a policy that is wrong.
    func inForce() throws -> PolicyInForce {
        PolicyInForce(try edition(), from: path)
    }
}
