import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// A browser as far as weight goes: asks for a page, then for all that the page names, once.
final class PageClient {
    private let base: String
    private let cookie: String
    /// Bytes of each asset with those that it imports.
    private var assets: [String: Int] = [:]

    init(base: String, cookie: String) {
        self.base = base
        self.cookie = cookie
    }

    func measure(_ page: String, asks: Int) async throws -> MeasuredPage {
        _ = try await ask(page)
        var times: [Double] = []
        var answer = (status: 0, text: "")
        for _ in 0..<asks {
            let start = ContinuousClock.now
            answer = try await ask(page)
            times.append((ContinuousClock.now - start).seconds * 1000)
        }
        guard answer.status < 500 else { throw BenchFailure("\(page): \(answer.status)") }
        let html = answer.text.utf8.count
        return MeasuredPage(
            page: page, status: answer.status, times: times, html: html,
            total: html + (try await weight(of: answer.text)))
    }

    /// What a page loads: what it names itself, and what the scripts among these import.
    private func weight(of html: String) async throws -> Int {
        var names = Self.assets(in: html)
        var seen: Set<String> = []
        var bytes = 0
        while let name = names.popLast() {
            guard seen.insert(name).inserted else { continue }
            let text = try await ask(name).text
            bytes += text.utf8.count
            let folder = name.split(separator: "/").dropLast().joined(separator: "/")
            names += text.matches(of: /from "\.\/([^"]+\.js)"/).map { "/\(folder)/\($0.1)" }
        }
        return bytes
    }

    private static func assets(in html: String) -> [String] {
        html.matches(of: /(?:href|src)="(\/assets\/[^"]+)"/).map { String($0.1) }
    }

    private func ask(_ path: String) async throws -> (status: Int, text: String) {
        var request = HTTPClientRequest(url: base + path)
        request.headers.add(name: "Cookie", value: cookie)
        request.headers.add(name: "Accept", value: "text/html")
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(120))
        let body = try await response.body.collect(upTo: 16 * 1024 * 1024)
        return (Int(response.status.code), String(buffer: body))
    }
}
