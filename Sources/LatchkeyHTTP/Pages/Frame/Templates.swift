import Mustache

/// The console's templates, parsed once at the start.
struct Templates: Sendable {
    /// They are part of the program, so that one parsing serves all doors that a test opens.
    static let ofProgram = Templates()

    private let library: MustacheLibrary

    private init() {
        var templates: [String: MustacheTemplate] = [:]
        for file in EmbeddedFiles.all where file.path.hasSuffix(".mustache") {
            let name = file.path.dropFirst("Templates/".count).dropLast(".mustache".count)
            templates[String(name)] = Self.parsed(file.text, name: name)
        }
        library = MustacheLibrary(templates: templates)
    }

    /// Indentation is for authors. Left in, the engine would carry it into every line of every partial.
    private static func parsed(_ text: String, name: Substring) -> MustacheTemplate {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: true).map { $0.drop { $0 == " " } }
        do {
            return try MustacheTemplate(string: lines.joined(separator: "\n"))
        } catch {
            preconditionFailure("the template \(name) cannot be read: \(error)")
        }
    }

    /// The page's own part first, then the layout around it.
    func page(_ sheet: Sheet, in frame: Frame) -> [UInt8] {
        let around = Filling(frame)
        let main = rendered(sheet.template, Fillings(page: Filling(sheet.view), frame: around))
        let layout = Filling(LayoutView(title: sheet.title, isBare: sheet.isBare, main: main))
        return Array(rendered("layout", Fillings(page: layout, frame: around)).utf8)
    }

    func fragment(_ template: String, _ view: any View, in frame: Frame) -> [UInt8] {
        Array(rendered(template, Fillings(page: Filling(view), frame: Filling(frame))).utf8)
    }

    private func rendered(_ name: String, _ fillings: Fillings) -> String {
        guard let text = library.render(fillings, withTemplate: name) else {
            preconditionFailure("there is no template \(name)")
        }
        return text
    }
}

private struct LayoutView: View {
    let title: String
    /// Without navigation: for those who are not signed in.
    let isBare: Bool
    /// Already rendered, so the layout takes it as it is.
    let main: String
}
