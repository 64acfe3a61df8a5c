// Says of each line whether it is a token that works: offline-verifier URL [SECONDS WITHOUT NEWS], with LATCHKEY_TOKEN.
import Foundation

let arguments = CommandLine.arguments
let token = ProcessInfo.processInfo.environment["LATCHKEY_TOKEN"] ?? ""
let patience = arguments.dropFirst(2).first.flatMap { Double($0) } ?? 120
let verifier = OfflineVerifier(url: arguments[1], token: token, patience: patience)
Task {
    while true {
        do { try await verifier.read() } catch { try await Task.sleep(for: .seconds(2)) }
        try await Task.sleep(for: .milliseconds(100))  // Where no place is left to wait at, the answer comes at once.
    }
}
// Ten seconds at most: who has heard nothing by then refuses, until it hears.
for _ in 0..<200 where await verifier.heard == nil { try await Task.sleep(for: .milliseconds(50)) }
while let line = readLine() {
    do { print("works", try await verifier.check(line).sub) } catch { print("refused", error) }
    fflush(nil)
}
