/// Names say what a thing is; notes say who will follow them up; a promise to the compiler says why it holds.
extension HouseRule {
    static let names = HouseRule(
        "nothing is named for being left over", in: everywhere,
        against: [
            Example("enum StringUtils {}"), Example("final class TokenManager {}"), Example("struct SharedState {}"),
            Example("let one = 1", in: "Sources/LatchkeyApp/Helpers.swift"),
            Example("let one = 1", in: "Sources/LatchkeyApp/Common/Text.swift"),
        ],
        not: [
            Example("enum Role { case manager }"), Example("struct Commonwealth {}"),
            Example("// a Manager sees all users\nlet role = Role.manager", in: "Sources/LatchkeyCore/Role.swift"),
        ]
    ) { file in
        let inPath = file.path.split(whereSeparator: { "/+.".contains($0) }).contains { isLeftOver($0) }
        let types = file.code.indices.compactMap { index -> String? in
            let type = /\b(?:struct|class|enum|protocol|actor|typealias)\s+(?<name>[A-Z]\w*)/
            guard let match = file.code[index].firstMatch(of: type), isLeftOver(match.name) else { return nil }
            return file.finding(index, "\(match.name) says nothing")
        }
        return types + (inPath ? [file.finding(0, "the file's name says nothing")] : [])
    }

    /// Whether one of a name's words is one of these.
    private static func isLeftOver(_ name: Substring) -> Bool {
        name.matches(of: /[A-Z][a-z0-9]*/).contains { word in
            ["Util", "Utils", "Utilities", "Common", "Shared", "Helper", "Helpers", "Manager", "Misc"].contains(
                String(word.output))
        }
    }

    static let openEnds = HouseRule(
        "what is left to do has the number of its issue", in: everywhere,
        against: [Example("// TODO: later"), Example("let one = 1 // FIXME"), Example("/* XXX */")],
        not: [Example("// TODO(#12): once the feed has kinds"), Example("let text = \"TODO\"")]
    ) { file in
        file.comments.indices.compactMap { index in
            let comment = file.comments[index]
            guard comment.contains(/\b(TODO|FIXME|XXX|HACK)\b/), !comment.contains(/#[0-9]+/) else { return nil }
            return file.finding(index, "has no issue's number")
        }
    }

    static let promises = HouseRule(
        "a promise that the compiler cannot check says why it holds", in: ["Sources"],
        against: [
            Example("final class Box: @unchecked Sendable {}"),
            Example("let one = 1\n\nnonisolated(unsafe) var count = 0"),
        ],
        not: [
            Example("/// Its one field is guarded by the lock.\nfinal class Box: @unchecked Sendable {}"),
            Example("nonisolated(unsafe) let pattern = /a/ // a regex is immutable"),
        ]
    ) { file in
        file.code.indices.compactMap { index in
            let words = ["@unchecked Sendable", "nonisolated(unsafe)", "@preconcurrency"]
            guard words.contains(where: { file.code[index].contains($0) }) else { return nil }
            let near = file.comments[max(0, index - 3)...index]
            return near.allSatisfy { $0.trimmed.isEmpty } ? file.finding(index, "gives no reason") : nil
        }
    }
}
