import HTTPTypes
import Hummingbird
import LatchkeyHTTP
import Logging
import NIOCore
import ServiceLifecycle

/// `/metrics` on a port of its own, on the loopback address: numbers about tokens are not for everybody who may use
/// one.
struct MetricsServer: Sendable {
    let port: Int
    let meter: RequestMeter
    let metrics: InstanceMetrics
    let logger: Logger

    private static let host = "127.0.0.1"

    var listener: Listener {
        let router = Router(context: BasicRequestContext.self)
        router.get("metrics") { _, _ in await response() }
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname(Self.host, port: port), serverName: nil),
            logger: logger.withoutChatter)
        return Listener(host: Self.host, port: port, service: application)
    }

    private func response() async -> Response {
        var text = MetricsText()
        text.add(meter.prometheusText)
        await metrics.write(to: &text)
        return Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text.text)))
    }
}
