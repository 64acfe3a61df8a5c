import Foundation
import LatchkeyCore

/// The doctor's questions to a server, each of which needs the one before it.
struct RemoteChecks {
    let client: Client
    let hasToken: Bool

    func all() async -> [Check] {
        let answer: Answer
        do {
            answer = try await client.exchange("GET", "/health")
        } catch {
            return [Check("server", failing: error)]
        }
        guard answer.status == 204 else {
            return [
                Check(
                    "server", .failed, "\(client.endpoint.api)/health answers with status \(answer.status), not 204",
                    advice: "is LATCHKEY_URL the address of a Latchkey server?")
            ]
        }
        return [
            Check("server", .fine, "answers"), clock(answer), await version(), await status(), await token(),
        ]
    }

    /// The `Date` header has whole seconds, so up to two of difference say nothing.
    private func clock(_ answer: Answer) -> Check {
        guard let text = answer.date, let date = Self.httpDate.date(from: text) else {
            return Check("clock", .skipped, "the server does not say what time it has")
        }
        let skew = Int(abs(date.timeIntervalSinceNow).rounded())
        let found = "\(skew) s apart"
        guard skew > 2 else { return Check("clock", .fine, found) }
        return Check(
            "clock", skew > 60 ? .failed : .doubtful, found,
            advice: "set both clocks by NTP: tokens expire by the server's")
    }

    /// IMF-fixdate (RFC 9110 §5.6.7).
    private static var httpDate: DateFormatter {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return format
    }

    private func version() async -> Check {
        do {
            let found = try await client.get("/")["version"]?.text ?? "unknown"
            guard found != Version.text else { return Check("version", .fine, found) }
            return Check(
                "version", .doubtful, "the server has \(found), this program \(Version.text)",
                advice: "use the same on both")
        } catch {
            return Check("version", failing: error)
        }
    }

    private func status() async -> Check {
        do {
            guard case .object(let parts) = try await client.get("/status") else {
                return Check("status", .failed, "cannot be read")
            }
            let ill = parts.filter { $0.value.text != "OK" }.map { "\($0.name): \(Table.cell($0.value))" }
            guard !ill.isEmpty else { return Check("status", .fine, "OK") }
            return Check("status", .failed, ill.joined(separator: ", "), advice: "the server's log says why")
        } catch {
            return Check("status", failing: error)
        }
    }

    private func token() async -> Check {
        guard hasToken else {
            return Check("token", .failed, "none was given", advice: "set LATCHKEY_TOKEN, or give --token-file FILE")
        }
        do {
            return judge(try await client.get("/users/me"))
        } catch {
            let failure = CommandFailure(of: error)
            return Check(
                "token", .failed, failure?.message ?? String(describing: error),
                advice: "it may be expired, revoked, cut short, or another instance's; ask an Admin for a new one")
        }
    }

    private func judge(_ account: JSONValue) -> Check {
        let found = "\(Table.cell(account["user_id"])), \(Table.cell(account["role"]))"
        guard let text = account.at("token.expiration")?.text, let end = Timestamp(text: text) else {
            return Check("token", .fine, found)
        }
        let left = end - Timestamp(seconds: Int64(Date().timeIntervalSince1970))
        guard left < .days(7) else { return Check("token", .fine, "\(found), until \(text)") }
        return Check(
            "token", .doubtful, "\(found), expires \(text)", advice: "latchkey tokens rotate makes a successor")
    }
}
