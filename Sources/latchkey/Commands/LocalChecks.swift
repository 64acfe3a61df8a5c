import Foundation

/// The doctor's look at a data directory on this machine.
struct LocalChecks {
    let directory: String

    func all() -> [Check] {
        guard let mode = FileMode.of(directory) else {
            return [
                Check(
                    "data directory", .failed, "\(directory) is not there",
                    advice: "`latchkey serve --data-dir \(directory)` makes it")
            ]
        }
        return [folder(mode), keys(), database()]
    }

    private func folder(_ mode: Int) -> Check {
        guard mode & 0o077 == 0 else {
            return Check(
                "data directory", .doubtful, "\(directory) can be entered by others", advice: "chmod 700 \(directory)")
        }
        return Check("data directory", .fine, directory)
    }

    private func keys() -> Check {
        let file = directory + "/keys.json"
        guard let mode = FileMode.of(file) else {
            return Check(
                "key file", .doubtful, "\(file) is not there",
                advice:
                    "right before the first start, or with LATCHKEY_KEYS or --key-file; else restore it from a backup")
        }
        guard mode & 0o077 == 0 else {
            return Check("key file", .failed, "\(file) can be read by others", advice: "chmod 600 \(file)")
        }
        return Check("key file", .fine, file)
    }

    private func database() -> Check {
        let file = directory + "/latchkey.db"
        guard let mode = FileMode.of(file) else {
            return Check("database", .skipped, "none in \(directory)")
        }
        guard mode & 0o077 == 0 else {
            return Check("database", .doubtful, "\(file) can be read by others", advice: "chmod 600 \(file)")
        }
        return Check("database", .fine, file)
    }
}
