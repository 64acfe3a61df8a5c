import Foundation
import LatchkeyApp
import LatchkeyCore

/// A file that holds a policy. To decide, it has to pass the cases that are written beside its rules.
struct PolicyFile: Sendable {
    let path: String

    /// The policy, or a failure that says what is wrong where, a line for each flaw: `FILE:LINE:COLUMN: …`.
    func load() throws(CommandFailure) -> Policy {
        guard let data = FileManager.default.contents(atPath: path) else { throw unreadable }
        return try edition(of: data).policy
    }

    /// What the file says at one moment, as a policy that is to decide.
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
            let edition = try edition(of: data)
            try Self.requireCases(of: edition.policy, named: path)
            return Reading(digest: digest, edition: .success(edition))
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
        PolicyInForce(try read().edition.get(), from: path)
    }

    /// - Throws: the cases that come out otherwise than they say, each with its line.
    static func requireCases(of policy: Policy, named name: String) throws(CommandFailure) {
        let failed = policy.failedCases
        guard !failed.isEmpty else { return }
        let lines = failed.map { wrong, ruling in
            let why = ruling.mark.map { "line \($0.line): " } ?? ""
            return "\(name):\(wrong.mark.line): \(wrong.text)\n    but \(ruling.isAllowed ? "may" : "may not"): "
                + why + ruling.sentence
        }
        throw CommandFailure("\(failed.count) of \(policy.cases.count) cases fail:\n" + lines.joined(separator: "\n"))
    }
}
