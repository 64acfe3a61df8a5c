import Foundation

/// wrk, the load generator, with the scripts that it runs.
struct Load {
    private let options: Options
    private let directory: String
    private let tokensFile: String

    init(_ options: Options, file: String) throws {
        self.options = options
        tokensFile = file
        directory = URL(fileURLWithPath: file).deletingLastPathComponent().path
    }

    /// - Returns: requests a second with another token each time; throws when one of them was not answered by 2xx.
    func get(port: Int) throws -> Double {
        let script = """
            local requests, place = {}, 0
            function init(args)
                for line in io.lines("\(tokensFile)") do
                    local fields = {["Authorization"] = "Bearer " .. line}
                    requests[#requests + 1] = wrk.format("GET", "/api/users/me", fields)
                end
                math.randomseed(os.time() + tonumber(tostring({}):sub(8), 16) % 1000)
                place = math.random(#requests)
            end
            function request()
                place = place % #requests + 1
                return requests[place]
            end
            """
        return try run(script, named: "me", port: port)
    }

    /// - Returns: tokens made a second.
    func create(port: Int, admin: String, user: Int64, round: Int) throws -> Double {
        let script = """
            local threads = 0
            function setup(thread)
                threads = threads + 1
                thread:set("number", threads)
            end
            function init(args)
                made = 0
            end
            function request()
                made = made + 1
                local body = '{"name":"\(round)-' .. number .. '-' .. made .. '","user_id":\(user)}'
                return wrk.format("POST", "/api/user-tokens", {
                    ["Authorization"] = "Bearer \(admin)", ["Content-Type"] = "application/json"}, body)
            end
            """
        return try run(script, named: "create", port: port)
    }

    private func run(_ script: String, named name: String, port: Int) throws -> Double {
        let file = "\(directory)/\(name).lua"
        try script.write(toFile: file, atomically: true, encoding: .utf8)
        let arguments = [
            "-t", "2", "-c", "\(options.connections)", "-d", "\(options.seconds)s", "-s", file,
            "http://127.0.0.1:\(port)",
        ]
        let output = try Child("wrk", arguments).finish()
        if let failed = output.split(separator: "\n").first(where: {
            $0.contains("Non-2xx") || $0.contains("Socket err")
        }) {
            throw BenchFailure("\(name): \(failed)")
        }
        guard let line = output.split(separator: "\n").first(where: { $0.hasPrefix("Requests/sec:") }),
            let rate = line.split(separator: " ").last.flatMap({ Double($0) })
        else { throw BenchFailure("wrk said nothing of its rate:\n\(output)") }
        return rate
    }
}
