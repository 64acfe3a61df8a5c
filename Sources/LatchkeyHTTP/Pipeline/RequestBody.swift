import Hummingbird
import LatchkeyCore
import NIOCore

/// The body of a request, read whole within its bound, before anything is made of it.
enum RequestBody {
    /// 1 MiB.
    static let longest = 1024 * 1024

    /// A body that says at once that it is too long is refused before it is read.
    static func requireRoom(_ head: RequestHead) throws {
        if let length = head.contentLength, length > longest { throw DoorRefusal.tooLarge }
    }

    static func read(_ request: Request) async throws -> [UInt8] {
        do {
            let buffer = try await request.body.collect(upTo: longest)
            return Array(buffer.readableBytesView)
        } catch is NIOTooManyBytesError {
            throw DoorRefusal.tooLarge
        } catch {
            // The bytes were no HTTP, or ended too early: the sender's fault, whoever is told.
            throw Refusal.badRequest("The body was not sent whole. Send the request again.")
        }
    }
}
