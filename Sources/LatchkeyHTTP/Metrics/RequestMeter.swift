import Synchronization

/// Counts requests by route and status, with how long they took. One meter for each route that exists and one for
/// everything else, so that no request of a stranger can make a new series.
public final class RequestMeter: Sendable {
    private let routes = Mutex<[RouteMeter]>([])

    public init() {}

    func route(_ method: String, _ route: String) -> RouteMeter {
        let meter = RouteMeter(method: method, route: route)
        routes.withLock { $0.append(meter) }
        return meter
    }

    /// Prometheus text (version 0.0.4), ending in a line break.
    public var prometheusText: String {
        let readings = routes.withLock { $0 }.map { $0.reading() }.filter { $0.count > 0 }
        var text = "# HELP latchkey_http_requests_total Requests by route and status.\n"
        text += "# TYPE latchkey_http_requests_total counter\n"
        for reading in readings { text += reading.countLines }
        text += "# HELP latchkey_http_request_duration_seconds How long requests took.\n"
        text += "# TYPE latchkey_http_request_duration_seconds histogram\n"
        for reading in readings { text += reading.durationLines }
        return text
    }
}

/// The counts of one route.
final class RouteMeter: Sendable {
    /// In seconds.
    static let bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]
    private static let boundsInNanoseconds = bounds.map { Int64($0 * 1e9) }

    private let method: String
    private let route: String
    private let counts = Mutex(Counts())

    private struct Counts {
        var statuses: [Int: Int] = [:]
        /// Not cumulative; the last is everything beyond the bounds.
        var buckets = [Int](repeating: 0, count: RouteMeter.bounds.count + 1)
        var nanoseconds: Int64 = 0
    }

    init(method: String, route: String) {
        self.method = method
        self.route = route
    }

    func count(_ status: Int, _ duration: Duration) {
        let parts = duration.components
        let nanoseconds = parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000
        let bucket = Self.boundsInNanoseconds.firstIndex { nanoseconds <= $0 } ?? Self.bounds.count
        counts.withLock { counts in
            counts.statuses[status, default: 0] += 1
            counts.buckets[bucket] += 1
            counts.nanoseconds += nanoseconds
        }
    }

    func reading() -> RouteReading {
        let counts = counts.withLock { $0 }
        return RouteReading(
            labels: "method=\"\(method)\",route=\"\(route)\"", statuses: counts.statuses, buckets: counts.buckets,
            seconds: Double(counts.nanoseconds) / 1e9)
    }
}

/// What a route's meter showed at one moment.
struct RouteReading {
    let labels: String
    let statuses: [Int: Int]
    let buckets: [Int]
    let seconds: Double

    var count: Int { buckets.reduce(0, +) }

    var countLines: String {
        statuses.sorted { $0.key < $1.key }.map { status, count in
            "latchkey_http_requests_total{\(labels),status=\"\(status)\"} \(count)\n"
        }.joined()
    }

    var durationLines: String {
        let name = "latchkey_http_request_duration_seconds"
        var (text, sum) = ("", 0)
        for (bound, count) in zip(RouteMeter.bounds, buckets) {
            sum += count
            text += "\(name)_bucket{\(labels),le=\"\(bound)\"} \(sum)\n"
        }
        return text + "\(name)_bucket{\(labels),le=\"+Inf\"} \(count)\n"
            + "\(name)_sum{\(labels)} \(seconds)\n\(name)_count{\(labels)} \(count)\n"
    }
}
