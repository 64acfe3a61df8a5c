import ArgumentParser
import Foundation
import NIOSSL

/// Whose word counts for a server's certificate: the authorities of one file, or those that this machine trusts.
struct AuthorityOptions: ParsableArguments {
    @Option(
        help: "A PEM file of certificate authorities to trust, in place of this machine's. (default: SSL_CERT_FILE)",
        completion: .file())
    var caFile: String?

    func configuration() throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        let variable = ProcessInfo.processInfo.environment["SSL_CERT_FILE"]
        guard let file = caFile ?? variable, !file.isEmpty else { return configuration }
        guard let authorities = try? NIOSSLCertificate.fromPEMFile(file), !authorities.isEmpty else {
            throw CommandFailure(
                "there are no certificates in PEM in \(file)",
                hint: "it came from \(caFile == nil ? "SSL_CERT_FILE" : "--ca-file")")
        }
        configuration.trustRoots = .certificates(authorities)
        return configuration
    }
}
