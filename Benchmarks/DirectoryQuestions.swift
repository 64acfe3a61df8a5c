import Foundation

/// What a directory asks every day: pages at any place, somebody by name, and what no goal is set for.
struct DirectoryQuestions {
    let client: DirectoryClient
    let people: Int

    func ask() async throws -> [Result] {
        var results: [Result] = []
        for place in [1, people / 2, max(1, people - 100)] {
            let path = "/Users?startIndex=\(place)&count=100"
            results.append(try await time("list of 100 people from \(place)", path, 20, "≤ 20 ms"))
        }
        let named = try await client.times(200) { number in
            let place = number * 7919 % people
            try await client.ask("GET", "/Users?filter=userName%20eq%20%22person\(place)@example.com%22")
        }
        results.append(DirectoryBench.line("userName eq", named, "≤ 2 ms"))
        for (filter, goal) in filters {
            let escaped = filter.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            results.append(try await time(filter, "/Users?count=100&filter=\(escaped)", 5, goal))
        }
        for order in ["userName", "userName&sortOrder=descending", "displayName", "meta.created", "name.familyName"] {
            results.append(try await time("100 people by \(order)", "/Users?count=100&sortBy=\(order)", 5, ""))
        }
        let late = "/Users?count=100&sortBy=userName&startIndex=\(max(1, people - 100))"
        results.append(try await time("100 people by userName, the last", late, 5, ""))
        results.append(
            try await time(
                "100 groups without members", "/Groups?count=100&excludedAttributes=members", 20, "≤ 20 ms"))
        results.append(try await time("100 groups with 1000 members each", "/Groups?count=100", 3, ""))
        return results
    }

    private var filters: [(filter: String, goal: String)] {
        let somebody = people / 3
        return [
            ("externalId eq \"ext-\(somebody)\"", ""), ("displayName eq \"person \(somebody)\"", ""),
            ("emails.value eq \"person\(somebody)@example.com\"", ""),
            ("emails[type eq \"work\"].value eq \"person\(somebody)@example.com\"", ""),
            ("displayName sw \"person \(people / 10)\"", ""), ("meta.lastModified gt \"2100-01-01T00:00:00Z\"", ""),
            ("active eq true", ""), ("active eq false", ""), ("title eq \"Director\"", ""),
            ("title eq \"Engineer\"", ""),
        ]
    }

    private func time(_ what: String, _ path: String, _ count: Int, _ goal: String) async throws -> Result {
        let times = try await client.times(count) { _ in try await client.ask("GET", path) }
        return DirectoryBench.line(what, times, goal)
    }
}

/// Resident memory of a process at one moment after another.
final class MemoryCurve {
    private let process: Int32
    private var points: [String] = []

    init(_ process: Int32) {
        self.process = process
    }

    func note(_ moment: String) {
        points.append("\(moment): \(Machine.resident(process).now.text())")
    }

    var text: String {
        points.joined(separator: "; ") + "; highest: \(Machine.resident(process).highest.text())"
    }
}
