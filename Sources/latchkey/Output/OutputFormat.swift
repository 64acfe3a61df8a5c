import ArgumentParser

/// How a command shows its result.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    case table, json, yaml

    /// Shows one value, or with columns a list of them.
    func show(_ value: JSONValue, columns: [Column] = []) throws {
        switch self {
        case .json: Terminal.say(value.pretty())
        case .yaml: Terminal.say(try value.yaml())
        case .table: showTable(value, columns: columns)
        }
    }

    private func showTable(_ value: JSONValue, columns: [Column]) {
        guard let items = value.items else {
            Terminal.say(Table.fields(value))
            return
        }
        if items.isEmpty {
            Terminal.remark("none")
        } else {
            Terminal.say(Table.rows(items, columns))
        }
    }
}

/// `--output`, which every command takes.
struct OutputOptions: ParsableArguments {
    @Option(name: [.short, .long], help: "How to show the result: table, json or yaml.")
    var output: OutputFormat = .table
}
