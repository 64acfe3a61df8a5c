import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix
import NIOSSL

/// Why a server could not be asked, in words.
extension CommandFailure {
    init(unreachable endpoint: Endpoint, _ error: any Error) {
        if let fault = TLSFault(error) {
            self.init("cannot reach \(endpoint.api): \(fault.reason)", hint: fault.hint)
            return
        }
        self.init(
            "cannot reach \(endpoint.api): \(Self.reason(error))",
            hint: "is `latchkey serve` running there? LATCHKEY_URL and --url say where to look")
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as HTTPClientError where error == .connectTimeout || error == .deadlineExceeded:
            "it did not answer in time"
        case let error as HTTPClientError: error.shortDescription
        case let error as NIOConnectionError:
            error.connectionErrors.isEmpty ? "its name cannot be resolved" : "nothing listens there"
        case let error as IOError where error.errnoCode == ECONNREFUSED: "nothing listens there"
        case is NIOTooManyBytesError: "its answer is too long"
        default: String(describing: error)
        }
    }
}

/// What went wrong before anything was said. The library's own words name source files of the machine that built it.
private enum TLSFault {
    case untrusted, otherName, plain, broken

    init?(_ error: any Error) {
        switch error {
        case let error as NIOSSLExtraError where error == .failedToValidateHostname: self = .otherName
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
            let words = String(describing: error)
            if words.contains("CERTIFICATE_VERIFY_FAILED") {
                self = .untrusted
            } else {
                self = words.contains("WRONG_VERSION_NUMBER") ? .plain : .broken
            }
        default: return nil
        }
    }

    var reason: String {
        switch self {
        case .untrusted: "this machine does not trust its certificate"
        case .otherName: "its certificate is for another name"
        case .plain: "it does not speak TLS"
        case .broken: "TLS with it failed"
        }
    }

    var hint: String {
        switch self {
        case .untrusted:
            "it may have expired; if an authority of your own signed it, name that authority's file with --ca-file or "
                + "SSL_CERT_FILE"
        case .otherName: "ask it by the name that its certificate is for: LATCHKEY_URL and --url say where to look"
        case .plain: "does its address begin with http://, or is the port another one?"
        case .broken: "is it a Latchkey server? LATCHKEY_URL and --url say where to look"
        }
    }
}
