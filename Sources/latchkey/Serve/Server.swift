import Foundation
import HummingbirdCore
import HummingbirdHTTP2
import LatchkeyApp
import LatchkeyCore
import LatchkeyHTTP
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import UnixSignals

/// The running server: everything is put together here.
struct Server: Sendable {
    let settings: Settings

    /// For requests under way when the server is asked to stop.
    private static let patience = Duration.seconds(10)

    func run() async throws {
        let sink = LogSink()
        defer { sink.flush() }
        let logger = Logger.ofProgram(sink: sink, level: settings.logLevel, format: settings.logFormat)
        let lock = try takeLock()
        try await Instance.with(settings, logger: logger) { instance in
            let policy = try settings.policyFile.map { try PolicyFile(path: $0).inForce() } ?? PolicyInForce()
            let app = try await instance.app(publicURL: settings.publicURL, policy: policy)
            try await instance.remember(publicURL: settings.publicURL)
            try await app.recordPolicy()
            if settings.hasUnnamedProxy {
                logger.warning("https is not spoken here: name the proxy in front with --trusted-proxies")
            }
            try await welcome(app, logger)
            try await serve(app, instance, sink)
            try await app.flushUsage(.final)
            try await app.listUnlistedUses()
            logger.notice("stopped")
        }
        withExtendedLifetime(lock) {}
    }

    /// One server alone may write to an embedded database: its index is complete only if nobody else serves.
    private func takeLock() throws -> DirectoryLock? {
        guard settings.database == nil else { return nil }
        let directory = DataDirectory(path: settings.dataDirectory)
        try directory.make()
        return try directory.lock()
    }

    /// Without an Admin nobody could ask for anything, so the first start says how to make one.
    ///
    /// The link opens the whole instance for a quarter of an hour, so it is written to standard output, and not into
    /// the log, which is kept and read by more people.
    private func welcome(_ app: App, _ logger: Logger) async throws(Refusal) {
        guard let secret = try await app.makeSetUpLink() else { return }
        do {
            try Terminal.say(FirstSteps.setUp(settings, secret))
        } catch {
            logger.warning("the link that makes the first account is lost: \(error.message)")
        }
        logger.warning(
            "there is no Admin yet; open the link on standard output, or run: \(FirstSteps.bootstrap(settings))")
    }

    /// Services stop in the reverse order: first no more connections, then the work behind them, the log last.
    private func serve(_ app: App, _ instance: Instance, _ sink: LogSink) async throws {
        let logger = instance.logger
        let doors = doors(app, sink, logger)
        var services: [any Service] = [
            LogFlusher(sink: sink), KeyWatcher(source: instance.keySource, app: app, logger: logger),
            BackgroundWork(app: app),
            PolicyWatcher(
                file: settings.policyFile.map(PolicyFile.init), app: app, logger: logger),
        ]
        if let port = settings.metricsPort {
            let metrics = InstanceMetrics(app: app, instance: instance, now: Ambient.live.now)
            services.append(MetricsServer(port: port, meter: doors.meter, metrics: metrics, logger: logger).listener)
        }
        let certificate = try settings.certificates.map { try Certificate(files: $0, logger: logger) }
        if let certificate { services.append(certificate) }
        services.append(try listener(doors, certificate, logger))
        services.append(WaitingReaders(app: app))
        var configuration = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = Self.patience
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch is CancellationError {
            logger.warning("requests that took longer than \(Self.patience) were cut off")
        }
    }

    private func doors(_ app: App, _ sink: LogSink, _ logger: Logger) -> Doors {
        let line = RequestLogLine(sink: sink, level: settings.logLevel, isJSON: settings.logFormat.isJSON)
        return Doors(
            app: app, ambient: .live,
            settings: HTTPSettings(
                rootPath: settings.rootPath, trustedProxies: settings.trustedProxies, version: Version.text,
                isSecure: settings.isSecure, gatewayDialect: settings.gatewayDialect),
            log: { line($0) }, logger: logger)
    }

    /// HTTP/1.1, and over TLS HTTP/2 where the client wants it (ALPN, RFC 7301), in the same bounds.
    private func listener(
        _ doors: Doors, _ certificate: Certificate?, _ logger: Logger
    ) throws -> Listener {
        let responder = doors.responder()
        let http1 = responder.http1
        let builder: HTTPServerBuilder =
            certificate.map { certificate in
                HTTPServerBuilder { responder in
                    PatientHandshake(
                        base: try HTTP2UpgradeChannel(
                            tlsConfiguration: certificate.configuration,
                            configuration: .init(idleTimeout: .seconds(60), streamConfiguration: http1),
                            responder: responder))
                }
            } ?? .http1(configuration: http1)
        let server = try builder.buildServer(
            configuration: ServerConfiguration(address: .hostname(settings.host, port: settings.port)),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger.withoutChatter,
            responder: responder.serve, onServerRunning: { channel in announce(channel, logger) })
        return Listener(host: settings.host, port: settings.port, service: server)
    }

    private func announce(_ channel: any Channel, _ logger: Logger) {
        let place = channel.localAddress.map { "\($0.ipAddress ?? "?"):\($0.port ?? 0)" } ?? "?"
        logger.notice("serving", metadata: ["address": "\(place)", "public_url": "\(settings.publicURL)"])
    }
}

extension Logger {
    /// For Hummingbird, which says at level info what we say ourselves.
    var withoutChatter: Logger {
        var logger = self
        logger.logLevel = max(logLevel, .notice)
        return logger
    }
}

/// What follows the change feed, writes counts and does the jobs, until the server stops.
struct BackgroundWork: Service {
    let app: App

    func run() async throws {
        await cancelWhenGracefulShutdown { await app.runBackground() }
    }
}

/// A server on a port, whose failure to get that port is said in words.
struct Listener: Service {
    let host: String
    let port: Int
    let service: any Service

    func run() async throws {
        do {
            try await service.run()
        } catch let error as IOError {
            switch error.errnoCode {
            case EADDRINUSE:
                throw CommandFailure(
                    "port \(port) of \(host) is taken", hint: "stop what listens there, or choose another port")
            case EACCES:
                throw CommandFailure("this user may not listen on port \(port)", hint: "choose a port above 1023")
            case EADDRNOTAVAIL:
                throw CommandFailure("\(host) is no address of this machine", hint: "choose another --host")
            default: throw CommandFailure("cannot listen on \(host):\(port): \(error)")
            }
        } catch is SocketAddressError.UnknownHost {
            throw CommandFailure("the host \(host) has no address", hint: "choose another --host")
        }
    }
}
