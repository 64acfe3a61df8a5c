import Configuration
import Foundation
import LatchkeyCore
import Yams

/// The places that settings come from, the strongest first: flags, then `LATCHKEY_…` variables, then the file.
struct SettingSources: Sendable {
    /// A value with the place that it came from, in words.
    struct Found: Sendable {
        let text: String
        let origin: String
    }

    private let layers: [(origin: @Sendable (Setting) -> String, provider: any ConfigProvider)]

    init(flags: [String: String], environment: [String: String], file: String?) async throws {
        let given = Dictionary(
            uniqueKeysWithValues: flags.map { key, text in
                (
                    AbsoluteConfigKey(key.split(separator: ".").map(String.init)),
                    ConfigValue(.string(text), isSecret: false)
                )
            })
        let variables = EnvironmentNames.settings(in: environment)
        try EnvironmentNames.check(variables)
        var layers: [(origin: @Sendable (Setting) -> String, provider: any ConfigProvider)] = [
            ({ $0.flag }, InMemoryProvider(name: "flags", values: given)),
            (
                { $0.variable },
                EnvironmentVariablesProvider(environmentVariables: variables).prefixKeys(with: "latchkey")
            ),
        ]
        if let file {
            layers.append(({ _ in file }, try await Self.provider(of: file)))
        }
        self.layers = layers
    }

    func value(of setting: Setting) throws -> Found? {
        let key = AbsoluteConfigKey(setting.key.split(separator: ".").map(String.init))
        for layer in layers {
            guard let text = try Self.text(key, in: layer.provider) else { continue }
            return Found(text: text, origin: layer.origin(setting))
        }
        return setting.usual.map { Found(text: $0, origin: "default") }
    }

    /// A list in a file reads like its elements with commas between them in a variable.
    private static func text(_ key: AbsoluteConfigKey, in provider: any ConfigProvider) throws -> String? {
        if let found = try? provider.value(forKey: key, type: .string), case .string(let text) = found.value?.content {
            return text
        }
        guard case .stringArray(let items) = try provider.value(forKey: key, type: .stringArray).value?.content else {
            return nil
        }
        return items.joined(separator: ",")
    }

    /// YAML; JSON is read as the part of YAML that it is (YAML 1.2 §1.3).
    private static func provider(of file: String) async throws -> any ConfigProvider {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw CommandFailure.usage("the configuration file \(file) cannot be read")
        }
        do {
            guard let root = try Yams.compose(yaml: text) else { return InMemoryProvider(values: [:]) }
            try ConfigurationFile(path: file).check(root)
            let place = InMemoryProvider(values: ["filePath": ConfigValue(.string(file), isSecret: false)])
            return try await FileProvider<YAMLSnapshot>(config: ConfigReader(provider: place))
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure.usage("the configuration file \(file) is not YAML: \(error)")
        }
    }
}

/// Looks at the names in a file before anything reads its values, so that a misspelt one is not passed over.
struct ConfigurationFile {
    let path: String

    func check(_ node: Node, under prefix: String = "") throws {
        guard let mapping = node.mapping else {
            guard prefix.isEmpty else { return try check(name: prefix, at: node.mark) }
            throw CommandFailure.usage("\(path) must hold settings as `name: value` lines")
        }
        for (name, value) in mapping {
            try check(value, under: prefix.isEmpty ? name.string ?? "" : "\(prefix).\(name.string ?? "")")
        }
    }

    private func check(name: String, at mark: Mark?) throws {
        let names = Setting.all.map(\.key)
        guard !names.contains(name) else { return }
        let line = mark.map { ":\($0.line)" } ?? ""
        throw CommandFailure.usage(
            "\(path)\(line): there is no setting \(name.visible())",
            hint: NearestName.of(name, among: names).map { "did you mean \($0)?" })
    }
}
