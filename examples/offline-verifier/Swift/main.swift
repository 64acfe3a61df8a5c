// Checks Latchkey's tokens by their signature alone, and honours revocations. As verifier.py; needs swift-crypto.

import Crypto
import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

struct KeySet: Decodable {
    struct Key: Decodable { let kid, x, y: String }
    let keys: [Key]
}
struct Part: Decodable {
    struct Item: Decodable { let token_id: Int64, works: Bool }
    let items: [Item], more: Bool, next: String
}
struct Header: Decodable { let alg, kid, typ: String }
struct Claims: Decodable { let jti, iss, sub: String, exp: Double? }
struct Refused: Error { let why: String }

func bytes(_ text: some StringProtocol) -> Data {
    let standard = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
    return Data(base64Encoded: standard + String(repeating: "=", count: (4 - standard.count % 4) % 4)) ?? Data()
}

actor OfflineVerifier {
    /// Who has heard nothing for so long does not know any more what was revoked.
    static let patience = Duration.seconds(120)
    let url: String, token: String
    var keys: [String: P256.Signing.PublicKey] = [:], dead: Set<Int64> = [], heard: ContinuousClock.Instant?

    init(url: String, token: String) { (self.url, self.token) = (url, token) }

    func get<Body: Decodable>(_ path: String, as type: Body.Type) async throws -> Body? {
        guard let address = URL(string: url + path) else { throw Refused(why: "no address") }
        var request = URLRequest(url: address, timeoutInterval: 45)
        request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
        let (body, response) = try await URLSession.shared.data(for: request)
        if (response as? HTTPURLResponse)?.statusCode == 410 { return nil }
        return try JSONDecoder().decode(type, from: body)
    }

    /// Reads the snapshot, then waits at the feed's end for what comes. A place that is gone (410) means: start again.
    func follow() async {
        var place: String?, known: Set<Int64> = []
        while !Task.isCancelled {
            do {
                for key in try await get("/.well-known/jwks.json", as: KeySet.self)?.keys ?? [] {
                    keys[key.kid] = try P256.Signing.PublicKey(rawRepresentation: bytes(key.x) + bytes(key.y))
                }
                let path = place.map { $0 + "&wait=30" } ?? "/api/revocations"
                guard let part = try await get(path, as: Part.self) else {
                    (place, known) = (nil, [])
                    continue
                }
                for item in part.items {
                    if item.works { known.remove(item.token_id) } else { known.insert(item.token_id) }
                }
                place = part.next
                if !part.more { (dead, heard) = (known, .now) }
            } catch { try? await Task.sleep(for: .seconds(2)) }
        }
    }

    func check(_ token: String) throws -> Claims {
        guard let heard, .now - heard < Self.patience else { throw Refused(why: "the feed has not been heard of") }
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = try? JSONDecoder().decode(Header.self, from: bytes(parts[0])),
            header.alg == "ES256", header.typ == "JWT", let key = keys[header.kid],
            let signature = try? P256.Signing.ECDSASignature(rawRepresentation: bytes(parts[2])),
            key.isValidSignature(signature, for: Data("\(parts[0]).\(parts[1])".utf8)),
            let claims = try? JSONDecoder().decode(Claims.self, from: bytes(parts[1])), claims.iss == url
        else { throw Refused(why: "not a token of this authority") }
        if let end = claims.exp, end <= Date().timeIntervalSince1970 { throw Refused(why: "expired") }
        let number = bytes(claims.jti).prefix(8).reduce(Int64(0)) { $0 << 8 | Int64($1) }
        if dead.contains(number) { throw Refused(why: "revoked") }
        return claims
    }
}

let verifier = OfflineVerifier(
    url: CommandLine.arguments[1], token: ProcessInfo.processInfo.environment["LATCHKEY_TOKEN"] ?? "")
Task { await verifier.follow() }
while await verifier.heard == nil { try await Task.sleep(for: .milliseconds(50)) }
while let line = readLine() {
    let answer: String
    do { answer = "works \(try await verifier.check(line).sub)" } catch {
        answer = "refused \((error as? Refused)?.why ?? "")"
    }
    FileHandle.standardOutput.write(Data("\(answer)\n".utf8))
}
