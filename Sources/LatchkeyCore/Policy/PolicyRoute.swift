/// One rule about requests: which method and path lead to which action on which resource.
public final class PolicyRoute: Sendable {
    /// In capitals; ``anyMethod`` for every method.
    public let methods: [String]
    public let template: RouteTemplate
    public let opens: Opening
    public let mark: PolicyMark

    public static let anyMethod = "ANY"

    public enum Opening: Sendable {
        /// Everybody, with a credential or without.
        case everybody
        /// Whoever has a token that works, whatever it is limited to; a SCIM token is none here.
        case anyToken
        case holders(of: PolicyAction, on: Target?)
    }

    /// What the action is done to.
    public struct Target: Hashable, Sendable {
        public let kind: String
        /// The segment of the path that names it; `nil` where the path does not.
        public let segment: Int?
    }

    init(methods: [String], template: RouteTemplate, opens: Opening, mark: PolicyMark) {
        self.methods = methods
        self.template = template
        self.opens = opens
        self.mark = mark
    }

    /// `nil` when the target's name is no text.
    func resource(in path: RequestPath, _ target: Target) -> PolicyResource? {
        guard let segment = target.segment else { return PolicyResource(kind: target.kind, name: nil) }
        return path.name(at: segment).map { PolicyResource(kind: target.kind, name: $0) }
    }

    /// As the policy writes it: `GET /api/datastores/{id}`.
    public var text: String { "\(methods.joined(separator: "|")) \(template.text)" }
}

/// `/api/datastores/{id}`: literal segments, named parts that stand for one segment each, and at the end perhaps
/// `{name...}`, which stands for one or more.
public struct RouteTemplate: Hashable, Sendable {
    public enum Part: Hashable, Sendable {
        case literal([UInt8])
        case named(String)
        case rest(String)
    }

    public let text: String
    public let parts: [Part]

    /// What is wrong with a template, as a sentence.
    struct Flaw: Error {
        let sentence: String
    }

    init(_ text: String) throws(Flaw) {
        guard text.hasPrefix("/") else { throw Flaw(sentence: "a path begins with a slash") }
        let segments = text == "/" ? [] : text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        var parts: [Part] = []
        for (place, segment) in segments.enumerated() {
            parts.append(try Self.part(segment, isLast: place == segments.count - 1))
        }
        let names = parts.compactMap(\.name)
        guard Set(names).count == names.count else { throw Flaw(sentence: "two parts of the path have one name") }
        self.text = text
        self.parts = parts
    }

    private static func part(_ segment: Substring, isLast: Bool) throws(Flaw) -> Part {
        guard segment.contains("{") || segment.contains("}") else {
            guard (try? RequestPath("/\(segment)"))?.text == "/\(segment)", !segment.isEmpty else {
                throw Flaw(
                    sentence: "\"\(segment)\" is not a segment in its plain form: no empty ones, no dots alone, "
                        + "nothing escaped that need not be")
            }
            return .literal(Array(segment.utf8))
        }
        guard let match = segment.wholeMatch(of: /\{([a-z][a-z0-9_]*)(\.\.\.)?\}/) else {
            throw Flaw(sentence: "\"\(segment)\" is no named part: it reads {id}, or {rest...} at the end")
        }
        guard match.2 != nil else { return .named(String(match.1)) }
        guard isLast else { throw Flaw(sentence: "{\(match.1)...} can only stand at the end") }
        return .rest(String(match.1))
    }

    func segment(of name: String) -> Int? {
        parts.firstIndex { $0 == .named(name) }
    }

    /// The template without the names of its parts: two of one shape match the same paths.
    var shape: String {
        parts.map { part in
            switch part {
            case .literal(let bytes): "/" + String(decoding: bytes, as: UTF8.self)
            case .named: "/{}"
            case .rest: "/{...}"
            }
        }.joined()
    }
}

extension RouteTemplate.Part {
    var name: String? {
        switch self {
        case .literal: nil
        case .named(let name), .rest(let name): name
        }
    }
}
