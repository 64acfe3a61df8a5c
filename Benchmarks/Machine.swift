import Foundation

/// What the machine says about itself and its processes.
enum Machine {
    static var description: String {
        let names = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
        let model = names.first { $0.hasPrefix("model name") }?.split(separator: ":").last ?? "unknown processor"
        return "\(ProcessInfo.processInfo.activeProcessorCount) cores, "
            + model.trimmingCharacters(in: .whitespaces)
    }

    /// Resident memory of a process in MiB, now and at its highest.
    static func resident(_ process: Int32) -> (now: Double, highest: Double) {
        let text = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        func mebibytes(_ name: String) -> Double {
            let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
            let kibibytes = line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap {
                Double($0)
            }
            return (kibibytes ?? 0) / 1024
        }
        return (mebibytes("VmRSS:"), mebibytes("VmHWM:"))
    }
}

/// A program that runs beside this one.
final class Child {
    let process = Process()
    private let output = Pipe()

    /// - Parameter name: a file beside this program, or a command in the search path.
    init(_ name: String, _ arguments: [String], in directory: String? = nil) throws {
        let beside = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path + "/" + name
        let isBeside = FileManager.default.isExecutableFile(atPath: beside)
        process.executableURL = URL(fileURLWithPath: isBeside ? beside : "/usr/bin/env")
        process.arguments = isBeside ? arguments : [name] + arguments
        if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    /// What it printed, once it has ended.
    func finish() throws -> String {
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw BenchFailure("\(process.arguments ?? []) ended with \(process.terminationStatus)")
        }
        return String(decoding: data, as: UTF8.self)
    }

    func stop() {
        process.terminate()
        process.waitUntilExit()
    }
}

extension [Double] {
    var median: Double {
        let sorted = sorted()
        return isEmpty ? 0 : (sorted[count / 2] + sorted[(count - 1) / 2]) / 2
    }
}

extension Double {
    func text(_ digits: Int = 0) -> String {
        String(format: "%.\(digits)f", self)
    }
}

extension Duration {
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
