import Mustache

/// What a template is filled with: a plain struct whose properties are the names that the template uses.
///
/// Properties are texts, flags, numbers, other views, lists of views or texts, and optionals of these. A secret has an
/// empty mirror, so it fills nothing by accident.
protocol View: Sendable {}

/// A view taken apart once, by reflection, so that looking a name up is a look-up in a dictionary: the template engine
/// would reflect anew for every name in every row, which took longer than the query.
struct Filling: MustacheParent {
    private let values: [String: Any]

    init(_ view: any View) {
        var values: [String: Any] = [:]
        for child in Mirror(reflecting: view).children {
            if let name = child.label { values[name] = Self.filling(child.value) }
        }
        self.values = values
    }

    func child(named name: String) -> Any? { values[name] }

    /// An absent value fills nothing, and hides what stands under the same name further out.
    private static func filling(_ value: Any) -> Any {
        switch value {
        case let text as String: text
        case let flag as Bool: flag
        case let number as Int: number
        case let view as any View: Filling(view)
        case let texts as [String]: texts
        case let views as [any View]: views.map(Filling.init)
        default: Absent()
        }
    }
}

private struct Absent: MustacheCustomRenderable {
    let renderText = ""
    let isNull = true
}

/// Where a template looks a name up last: in the page's view, then in the frame around it.
///
/// A name that nothing gives is a slip in the template. It would silently leave a hole, so debug builds stop at it.
struct Fillings: MustacheParent {
    let page: Filling
    let frame: Filling

    func child(named name: String) -> Any? {
        if let value = page.child(named: name) ?? frame.child(named: name) { return value }
        assertionFailure("a template asks for “\(name)”, which nothing gives")
        return nil
    }
}
