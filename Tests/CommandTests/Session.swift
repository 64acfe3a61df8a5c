import Foundation

/// One script being played: a directory and a port of its own, the built program in the path, and perhaps a server.
final class Session {
    struct Result {
        let output: String
        let errors: String
        let status: Int32
    }

    private let directory: URL
    private let environment: [String: String]
    private var server: BackgroundServer?

    init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("latchkey-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let inherited = ProcessInfo.processInfo.environment
        let port = FreePort.next()
        environment = [
            "PATH": try Self.programFolder() + ":" + (inherited["PATH"] ?? "/usr/bin:/bin"), "HOME": directory.path,
            "LATCHKEY_URL": "http://127.0.0.1:\(port)", "PORT": String(port), "LANG": "C.UTF-8", "COLUMNS": "100",
        ]
    }

    deinit {
        server?.kill()
        try? FileManager.default.removeItem(at: directory)
    }

    /// Both are built into one folder, the tests and the program.
    private static func programFolder() throws -> String {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(fileURLWithPath: own).deletingLastPathComponent().path
    }

    /// Through files, so that no pipe can fill up.
    func run(_ command: String) throws -> Result {
        let (output, errors) = (
            directory.appendingPathComponent(".output"), directory.appendingPathComponent(".errors")
        )
        let process = try start("(\n\(command)\n) >.output 2>.errors </dev/null")
        process.waitUntilExit()
        return Result(
            output: try String(contentsOf: output, encoding: .utf8),
            errors: try String(contentsOf: errors, encoding: .utf8), status: process.terminationStatus)
    }

    private func start(_ command: String, errors: Pipe? = nil) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        process.currentDirectoryURL = directory
        process.environment = environment
        if let errors { process.standardError = errors }
        try process.run()
        return process
    }

    /// Returns once the server says that it serves.
    func serve(_ arguments: String) throws {
        let errors = Pipe()
        let command = "exec latchkey serve --port $PORT --metrics-port 0 \(arguments) >server.out"
        let process = try start(command, errors: errors)
        server = BackgroundServer(process: process, errors: errors)
        guard server?.waitUntilServing() == true else { throw Failure(words: server?.said ?? "") }
    }

    /// Asks the server to stop, and gives its exit status back.
    func stop() -> Int32 {
        defer { server = nil }
        return server?.stop() ?? 0
    }

    struct Failure: Error {
        let words: String
    }
}

/// Ports that the kernel says are free. Nobody else is told about them, so they stay so for the moment that it takes.
enum FreePort {
    static func next() -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = bind(descriptor, address, length)
                _ = getsockname(descriptor, address, &length)
            }
            return UInt16(bigEndian: pointer.pointee.sin_port)
        }
    }
}
