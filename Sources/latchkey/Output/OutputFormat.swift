import ArgumentParser

/// How a command shows its result.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    case table, json, yaml

    /// Shows one value, or with columns a list of them.
    func show(_ value: JSONValue, columns: [Column] = []) throws {
        switch self {
        case .json: try Terminal.say(value.pretty())
        case .yaml: try Terminal.say(value.yaml())
        case .table: try showTable(value, columns: columns)
        }
    }

    private func showTable(_ value: JSONValue, columns: [Column]) throws {
        guard let items = value.items else {
            try Terminal.say(Table.fields(value))
            return
        }
        if items.isEmpty {
            Terminal.remark("none")
        } else {
            try Terminal.say(Table.rows(items, columns))
        }
    }
}

/// `--output`, which every command takes.
struct OutputOptions: ParsableArguments {
    @Option(name: [.short, .long], help: "How to show the result: table, json or yaml.")
    var output: OutputFormat = .table
}
