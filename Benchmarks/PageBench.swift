import Foundation

/// Every page of the console, asked of the real server by an Admin who is signed in, with everything in its database:
/// how long each takes, and how many bytes a browser that has kept nothing loads for it.
enum PageBench {
    private static let (mostMilliseconds, mostBytes) = (50.0, 100_000)
    private static let asks = 20

    static func run(_ options: Options) async throws -> [Result] {
        let instance = try await Organisation.make(options)
        defer { if options.directory == nil { instance.filled.remove() } }
        let server = try await RunningServer.start(instance.filled, port: options.port)
        defer { server.child.stop() }
        let client = PageClient(base: "http://127.0.0.1:\(options.port)", cookie: instance.session)
        var measured: [MeasuredPage] = []
        for page in PageList.pages(instance.examples) {
            let one = try await client.measure(page, asks: asks)
            FileHandle.standardError.write(Data("\(one.line(mostMilliseconds, mostBytes))\n".utf8))
            measured.append(one)
        }
        let table = Result.table(measured.map { $0.result(mostMilliseconds, mostBytes) })
        if options.isRecording { try Record.write(table, between: "pages") }
        print(table)
        return summary(measured, options)
    }

    private static func summary(_ pages: [MeasuredPage], _ options: Options) -> [Result] {
        let slowest = pages.max { $0.median < $1.median }
        let largest = pages.max { $0.total < $1.total }
        let over = pages.count { $0.median > mostMilliseconds || $0.total > mostBytes }
        let what = "\(options.accounts) users, \(options.tokens) tokens"
        return [
            Result(
                what: "slowest of \(pages.count) pages, \(what)",
                measured: "\((slowest?.median ?? 0).text(1)) ms (\(slowest?.page ?? ""))",
                goal: "≤ \(mostMilliseconds.text()) ms"),
            Result(
                what: "largest page in all", measured: "\(largest?.total.kilobytes ?? "") (\(largest?.page ?? ""))",
                goal: "≤ \(mostBytes.kilobytes)"),
            Result(what: "pages over either", measured: "\(over)", goal: "0"),
        ]
    }
}

/// What one page cost.
struct MeasuredPage {
    let page: String
    let status: Int
    /// Milliseconds, from the request to the last byte, over loopback.
    let times: [Double]
    let html: Int
    /// With all that the page loads.
    let total: Int

    var median: Double { times.median }

    func result(_ mostMilliseconds: Double, _ mostBytes: Int) -> Result {
        let sizes = "\(html.kilobytes), in all \(total.kilobytes)"
        let times = "\(median.text(1)) ms (worst \((times.max() ?? 0).text(1)))"
        let what = status == 200 ? page : "\(page) (\(status))"
        return Result(what: what, measured: "\(times), \(sizes)", goal: mark(mostMilliseconds, mostBytes))
    }

    func line(_ mostMilliseconds: Double, _ mostBytes: Int) -> String {
        "\(status) \(median.text(1)) ms \(total.kilobytes) \(mark(mostMilliseconds, mostBytes)) \(page)"
    }

    /// What is over its measure, in words.
    private func mark(_ mostMilliseconds: Double, _ mostBytes: Int) -> String {
        let slow = median > mostMilliseconds ? "SLOW" : ""
        let large = total > mostBytes ? "LARGE" : ""
        return [slow, large].filter { !$0.isEmpty }.joined(separator: " ")
    }
}

extension Int {
    /// `86.9 KB`, of a thousand bytes.
    var kilobytes: String { "\((Double(self) / 1000).text(1)) KB" }
}
