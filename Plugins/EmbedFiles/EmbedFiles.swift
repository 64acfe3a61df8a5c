import Foundation
import PackagePlugin

/// Puts the console's templates and assets into the binary: everything below `Pages/Templates` and `Pages/Assets` of
/// a target becomes a Swift file of text literals. SwiftPM's own `.embedInCode` writes a number for each byte, which
/// took the compiler 18 s for 110 KB.
@main
struct EmbedFiles: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let pages = target.directoryURL.appending(path: "Pages")
        let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedFiles.swift")
        let files = try ["Templates", "Assets"].flatMap { folder in
            try FileManager.default.subpathsOfDirectory(atPath: pages.appending(path: folder).path).sorted()
                .filter { !URL(filePath: $0).pathExtension.isEmpty }
                .map { pages.appending(path: folder).appending(path: $0) }
        }
        return [
            .buildCommand(
                displayName: "Embedding templates and assets",
                executable: try context.tool(named: "embed-files").url,
                arguments: [output.path, pages.path] + files.map(\.path), inputFiles: files, outputFiles: [output])
        ]
    }
}
