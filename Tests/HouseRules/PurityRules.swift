/// What may be done where: the clock and chance in the executable, a secret's text where it is handed over, SQL in the
/// store.
extension HouseRule {
    static let clockAndChance = HouseRule(
        "the clock and chance are reached in the executable alone",
        against: [
            Example("let now = Date()"), Example("let id = UUID()"), Example("let n = Int.random(in: 0..<7)"),
            Example("let line = \"at \\(Date.now)\""), Example("var chance = SystemRandomNumberGenerator()"),
        ],
        not: [
            Example("let now = Date()", in: "Sources/latchkey/Live/Ambient+Live.swift"),
            Example("let id = UUID()", in: "Sources/LatchkeyTestSupport/Given.swift"),
            Example("/// Never `Date()`: the caller hands over the time.\nlet text = \"Date()\""),
        ]
    ) { file in
        guard !["latchkey", "LatchkeyTestSupport"].contains(file.target) else { return [] }
        return lines(file.code, of: file, with: clocksAndDice, say: "belongs into Ambient")
    }

    private static let clocksAndDice = [
        "Date()", "Date.now", "UUID()", ".random(", "randomElement(", ".shuffle", "SystemRandomNumberGenerator",
        "clock_gettime", "gettimeofday", "arc4random", "getrandom", "PrivateKey()", "SymmetricKey(size",
    ]

    static let reveal = HouseRule(
        "a secret is revealed only where it is handed over", in: ["Sources"],
        against: [
            Example("log(secret.reveal())", in: "Sources/LatchkeyApp/Tokens.swift"),
            Example("log(\"token \\(secret.reveal())\")", in: "Sources/LatchkeyHTTP/API/TokenRoutes.swift"),
        ],
        not: [
            Example("/// See ``reveal()``.\npublic func reveal() -> String { text }", in: revealers[0])
        ]
    ) { file in
        guard !revealers.contains(file.path) else { return [] }
        return lines(file.code, of: file, with: ["reveal()"], say: "stands in a file that is not on the list")
    }

    /// Each hands a secret to the one who asked for it, or takes its digest.
    static let revealers = [
        "Sources/LatchkeyCore/Tokens/TokenSecret.swift",
        "Sources/LatchkeyCore/Tokens/KeyRing.swift",
        "Sources/LatchkeyCore/SignIn/OpaqueSecret.swift",
        "Sources/LatchkeyCore/SignIn/RecoveryCode.swift",
        "Sources/LatchkeyHTTP/API/Rendering+Tokens.swift",
        "Sources/LatchkeyHTTP/OAuth/TokenFace.swift",
        "Sources/LatchkeyHTTP/Pages/Account/SecondFactorPages.swift",
        "Sources/LatchkeyHTTP/Pages/Frame/PageCookie.swift",
        "Sources/LatchkeyHTTP/Pages/SignIn/InvitationPages.swift",
        "Sources/LatchkeyHTTP/Pages/Tokens/TokenShown.swift",
        "Sources/LatchkeyCore/SignOn/ClientSecret.swift",
        "Sources/LatchkeyApp/SignOn/CodeExchange.swift",
        "Sources/LatchkeyHTTP/API/Rendering+Tokens.swift",
        "Sources/LatchkeyHTTP/Pages/Frame/PageCookie.swift",
        "Sources/LatchkeyHTTP/Pages/CommandLine/CommandLinePages.swift",
        "Sources/latchkey/Commands/Admin.swift",
        "Sources/latchkey/Demo/DemoStory+People.swift",
        "Sources/latchkey/Demo/DemoStory+Traffic.swift",
        "Sources/latchkey/Serve/FirstSteps.swift",
    ]

    static let queries = HouseRule(
        "SQL is spelled in the store alone",
        against: [
            Example("run(\"UPDATE user_account SET name = 1\")"),
            Example("let sql = \"\"\"\n    SELECT id FROM token\n    \"\"\"", in: "Sources/LatchkeyHTTP/Router.swift"),
        ],
        not: [
            Example("run(\"DELETE FROM token\")", in: "Sources/LatchkeyStore/Store+Tokens.swift"),
            Example("// SELECT id FROM token\nlet text = \"Select a team from the list\""),
        ]
    ) { file in
        guard !["LatchkeyStore", "LatchkeyTestSupport"].contains(file.target) else { return [] }
        return file.texts.indices.compactMap { index in
            let text = file.texts[index]
            let isQuery = text.contains(/\b(SELECT\s.*\bFROM|INSERT INTO|DELETE FROM|UPDATE\s+\w+\s+SET)\b/)
            return isQuery ? file.finding(index, "spells SQL outside the store") : nil
        }
    }

    static let printing = HouseRule(
        "nothing but the executable prints",
        against: [Example("print(token)"), Example("    debugPrint(user)"), Example("    dump(user)")],
        not: [
            Example("print(table)", in: "Sources/latchkey/Output/Table.swift"), Example("fingerprint(of: key)"),
            Example("// print(token)"),
        ]
    ) { file in
        guard file.target != "latchkey" else { return [] }
        return file.code.indices.compactMap { index in
            let match = file.code[index].firstMatch(of: /(?:^|[^\w.])(?:print|debugPrint|dump)\(/)
            return match == nil ? nil : file.finding(index, "prints")
        }
    }
}
