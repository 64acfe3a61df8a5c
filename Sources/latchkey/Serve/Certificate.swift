import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle
import Synchronization

/// The certificate of the server and its key, read again when their files change: a renewal needs no restart.
///
/// Each handshake takes the pair of that moment; connections that are open keep theirs.
final class Certificate: Service {
    private let files: CertificateFiles
    private let logger: Logger
    private let pair: Mutex<Pair>

    private static let interval = Duration.seconds(1)

    init(files: CertificateFiles, logger: Logger) throws {
        self.files = files
        self.logger = logger
        do {
            pair = Mutex(try Self.load(files))
        } catch {
            throw CommandFailure(
                "the certificate \(files.certificate) and the key \(files.privateKey) cannot be used: \(error)",
                hint: "both must be PEM, the certificate with its chain, and belong together")
        }
    }

    private struct Pair {
        let chain: [NIOSSLCertificateSource]
        let key: NIOSSLPrivateKeySource

        var configuration: TLSConfiguration {
            var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: chain, privateKey: key)
            configuration.minimumTLSVersion = .tlsv12
            return configuration
        }

        var override: NIOSSLContextConfigurationOverride {
            var override = NIOSSLContextConfigurationOverride()
            override.certificateChain = chain
            override.privateKey = key
            return override
        }
    }

    /// Asks for the pair of the moment at each handshake.
    var configuration: TLSConfiguration {
        var configuration = pair.withLock { $0 }.configuration
        configuration.sslContextCallback = { [self] _, promise in
            promise.succeed(pair.withLock { $0 }.override)
        }
        return configuration
    }

    /// A pair that does not fit is refused here: while one file is new and the other still old, the old pair stays.
    private static func load(_ files: CertificateFiles) throws -> Pair {
        let chain = try NIOSSLCertificate.fromPEMFile(files.certificate)
        let key = try NIOSSLPrivateKey(file: files.privateKey, format: .pem)
        let pair = Pair(chain: chain.map { .certificate($0) }, key: .privateKey(key))
        _ = try NIOSSLContext(configuration: pair.configuration)
        return pair
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { await self.follow() }
    }

    private func follow() async {
        func marks() -> [FileMark?] { [FileMark(files.certificate), FileMark(files.privateKey)] }
        var (known, isBroken) = (marks(), false)
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.interval)
            let present = marks()
            guard present != known else { continue }
            do {
                let newer = try Self.load(files)
                pair.withLock { $0 = newer }
                (known, isBroken) = (present, false)
                logger.notice("took up a new certificate")
            } catch {
                if !isBroken { logger.error("the new certificate cannot be used; going on with the old one") }
                isBroken = true
            }
        }
    }
}
