import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// A directory's side of SCIM, as plain as it can be.
struct DirectoryClient: Sendable {
    let base: String
    let token: String

    /// - Returns: the body; throws when the answer is not 2xx.
    @discardableResult
    func ask(_ method: String, _ path: String, _ body: String? = nil) async throws -> String {
        var request = HTTPClientRequest(url: base + path)
        request.method = .RAW(value: method)
        request.headers.add(name: "Authorization", value: "Bearer \(token)")
        if let body {
            request.headers.add(name: "Content-Type", value: "application/scim+json")
            request.body = .bytes(ByteBuffer(string: body))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let content = try await response.body.collect(upTo: 64 * 1024 * 1024)
        guard (200..<300).contains(response.status.code) else {
            throw BenchFailure("\(method) \(path): \(response.status.code) \(String(buffer: content).prefix(300))")
        }
        return String(buffer: content)
    }

    /// - Returns: the new one's id.
    func create(_ path: String, _ body: String) async throws -> String {
        let answer = try await ask("POST", path, body)
        guard let id = answer.split(separator: "\"id\":\"").dropFirst().first?.prefix(while: { $0 != "\"" }) else {
            throw BenchFailure("an answer without an id: \(answer.prefix(200))")
        }
        return String(id)
    }

    /// How long each of several goes took, in milliseconds, one after the other.
    func times(_ count: Int, _ body: (Int) async throws -> Void) async throws -> [Double] {
        var times: [Double] = []
        for number in 0..<count {
            let start = ContinuousClock.now
            try await body(number)
            times.append((ContinuousClock.now - start).seconds * 1000)
        }
        return times
    }
}

/// As many at once as a directory sends; results in order.
func inParallel<Value: Sendable>(
    _ count: Int, width: Int, _ body: @escaping @Sendable (Int) async throws -> Value
) async throws -> [Value] {
    try await withThrowingTaskGroup(of: (Int, Value).self) { group in
        var values = [Value?](repeating: nil, count: count)
        for number in 0..<min(width, count) { group.addTask { (number, try await body(number)) } }
        var next = min(width, count)
        while let (number, value) = try await group.next() {
            values[number] = value
            if next < count {
                let number = next
                group.addTask { (number, try await body(number)) }
                next += 1
            }
        }
        return values.compactMap { $0 }
    }
}
