// Checks Latchkey's tokens by signature and feed, asking nobody (../README.md). Needs swift-crypto.
import Crypto
import Foundation
#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

struct Key: Decodable { let kid, x, y: String }
struct Item: Decodable { let token_id: Int64, works: Bool }
struct Part: Decodable { let items: [Item], more: Bool, next: String }
struct Header: Decodable { let alg, kid, typ: String }
struct Claims: Decodable { let jti, iss, sub: String, aud, use: String?, exp: Double? }
enum Refused: Error { case noNewsOfRevocations, invalid, revoked }

func bytes(_ text: some StringProtocol) -> Data {
    let plain = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
    return Data(base64Encoded: plain + String(repeating: "=", count: -plain.count & 3)) ?? Data()
}

actor OfflineVerifier {
    let url: String, token: String, patience: Double
    var keys: [String: P256.Signing.PublicKey] = [:], works: [Int64: Bool] = [:]
    var place = "/api/revocations", heard: ContinuousClock.Instant?
    init(url: String, token: String, patience: Double) { (self.url, self.token, self.patience) = (url, token, patience) }

    /// Takes in the next part of the snapshot, and then waits at the feed's end for what comes. To be asked for ever.
    func read() async throws {
        keys = try await get([String: [Key]].self, "/.well-known/jwks.json")["keys", default: []].reduce(into: [:]) {
            $0[$1.kid] = try P256.Signing.PublicKey(rawRepresentation: bytes($1.x) + bytes($1.y))
        }
        let part = try await get(Part.self, place)
        for item in part.items { works[item.token_id] = item.works }
        place = part.next + "&wait=30"
        if !part.more { heard = .now }
    }

    func get<Body: Decodable>(_ type: Body.Type, _ path: String) async throws -> Body {
        guard let address = URL(string: url + path) else { throw URLError(.badURL) }
        var request = URLRequest(url: address, timeoutInterval: 45)
        request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
        let (body, response) = try await URLSession.shared.data(for: request)
        if (response as? HTTPURLResponse)?.statusCode == 410 { (place, works, heard) = ("/api/revocations", [:], nil) }
        return try JSONDecoder().decode(type, from: body)
    }

    func check(_ token: String) throws -> Claims {
        guard let heard, .now - heard < .seconds(patience) else { throw Refused.noNewsOfRevocations }
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = try? JSONDecoder().decode(Header.self, from: bytes(parts[0])),
            header.alg == "ES256", ["JWT", "at+jwt"].contains(header.typ), let key = keys[header.kid],
            let signature = try? P256.Signing.ECDSASignature(rawRepresentation: bytes(parts[2])),
            key.isValidSignature(signature, for: Data("\(parts[0]).\(parts[1])".utf8)),
            let claims = try? JSONDecoder().decode(Claims.self, from: bytes(parts[1])), claims.iss == url,
            claims.aud == (header.typ == "at+jwt" ? url : nil), claims.exp ?? .infinity > Date().timeIntervalSince1970
        else { throw Refused.invalid }
        let number = bytes(claims.jti).prefix(8).reduce(Int64(0)) { $0 << 8 | Int64($1) }
        guard works[number] ?? true, claims.use != "scim" else { throw Refused.revoked }
        return claims
    }
}
