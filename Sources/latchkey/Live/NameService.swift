import Foundation
import LatchkeyCore
import NIOPosix
import Synchronization

/// The system's own resolver. It reads every notation of an address that any program reads (decimal, octal, short
/// forms), so that what is checked is what a connection would go to.
enum NameService {
    private static let patience = Duration.seconds(5)

    /// All addresses of a host, in the order in which they are to be tried.
    static func addresses(of host: String) async throws(FetchFault) -> [Address] {
        let answer = FirstAnswer()
        let result = await withCheckedContinuation { continuation in
            answer.wait(continuation)
            NIOThreadPool.singleton.submit { _ in answer.give(lookUp(host)) }
            Task {
                try? await Task.sleep(for: patience)
                answer.give(.failure(.timedOut))
            }
        }
        return try result.get()
    }

    /// Blocks for as long as the resolver likes.
    private static func lookUp(_ host: String) -> Result<[Address], FetchFault> {
        let texts = Host(name: host).addresses
        // A link-local address may have its interface behind it.
        let addresses = texts.map { Address($0.prefix { $0 != "%" }) }
        guard !addresses.isEmpty, !addresses.contains(nil) else { return .failure(.unknownHost) }
        return .success(addresses.compactMap { $0 })
    }
}

/// The first of two that answer; the later one is not heard. A blocking look-up cannot be called off.
private final class FirstAnswer: Sendable {
    private let waiting = Mutex<CheckedContinuation<Result<[Address], FetchFault>, Never>?>(nil)

    func wait(_ continuation: CheckedContinuation<Result<[Address], FetchFault>, Never>) {
        waiting.withLock { $0 = continuation }
    }

    func give(_ result: Result<[Address], FetchFault>) {
        let continuation = waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
        continuation?.resume(returning: result)
    }
}
