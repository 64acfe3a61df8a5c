import LatchkeyCore

/// The parts that every list has around its rows, for the partials `list/search`, `list/filters` and `list/pages`: made
/// from the page's query, so that a link to a list is a link to just this view of it.
struct ListFrame: View {
    let path: String
    let search: String
    let searchLabel: String
    /// Fields of the query that a search keeps.
    let kept: [KeptField]
    let filters: FilterPanel?
    let pages: Pages

    /// - Parameter filters: what narrows the list, besides the search.
    init<Item>(
        _ visit: Visit, _ page: Page<Item>, searching label: String, filters: FilterFields = FilterFields()
    ) {
        let names = filters.names
        let active = names.filter { visit.query.given($0) != nil }.count
        path = visit.path
        search = visit.query.text("name")
        searchLabel = label
        kept = (names + ["sort", "sort_dir"]).compactMap { name in
            visit.query.given(name).map { KeptField(name: name, value: $0) }
        }
        self.filters =
            names.isEmpty
            ? nil
            : FilterPanel(
                active: active, isActive: active > 0, choices: filters.choices, texts: filters.texts,
                boxes: filters.boxes, marks: filters.marks, hasMarks: !filters.marks.isEmpty,
                search: visit.query.text("name"),
                clear: Self.link(visit, without: Set(names + ["page"])))
        pages = Pages(page) { number in Self.link(visit, without: ["page"], adding: "page=\(number)") }
    }

    static func link(_ visit: Visit, without names: Set<String>, adding pair: String? = nil) -> String {
        let pairs = visit.query.encoded(without: names) + [pair].compactMap { $0 }
        return pairs.isEmpty ? visit.path : visit.path + "?" + pairs.joined(separator: "&")
    }

    /// A list as a link finds it: what is `nil` narrows nothing.
    static func path(_ path: String, _ pairs: [(name: String, value: String?)]) -> String {
        let parts = pairs.compactMap { pair in pair.value.map { "\(pair.name)=\(FormText.encoded($0))" } }
        return parts.isEmpty ? path : path + "?" + parts.joined(separator: "&")
    }
}

struct KeptField: View {
    let name: String
    let value: String
}

/// The fields of a list's query that narrow it.
struct FilterFields {
    var choices: [ChoiceField] = []
    var texts: [TextField] = []
    var boxes: [BoxField] = []
    var marks: [FilterMark] = []

    var names: [String] {
        choices.map(\.name) + texts.map(\.name) + boxes.map(\.name) + marks.map(\.name)
    }
}

/// What narrows a list, and how much of it does now.
struct FilterPanel: View {
    let active: Int
    let isActive: Bool
    let choices: [ChoiceField]
    let texts: [TextField]
    let boxes: [BoxField]
    let marks: [FilterMark]
    let hasMarks: Bool
    /// What is searched for, which a change of filters keeps.
    let search: String
    let clear: String
}

/// What narrows a list without a field in the panel, because a link brought it: shown there, to be taken off.
struct FilterMark: View {
    let name: String
    let value: String
    let label: String
    let removePath: String

    init(_ name: String, _ label: String, _ visit: Visit) {
        self.name = name
        value = visit.query.text(name)
        self.label = label
        removePath = ListFrame.link(visit, without: [name, "page"])
    }
}

/// Where in a long list a page stands.
struct Pages: View {
    let total: String
    /// `51–100`.
    let range: String
    let isPaged: Bool
    let previous: String?
    let next: String?

    init<Item>(_ page: Page<Item>, link: (Int) -> String) {
        let first = page.items.isEmpty ? 0 : page.request.offset + 1
        let number = page.request.number
        total = page.total.grouped
        range = "\(first.grouped)–\((first + max(page.items.count, 1) - 1).grouped)"
        isPaged = page.count > 1 || number > 1
        previous = number > 1 ? link(min(number - 1, max(1, page.count))) : nil
        next = number < page.count ? link(number + 1) : nil
    }
}

extension Visit {
    /// To the last page, from one behind it: rows may have gone since the link was made.
    func beyondLast<Item>(_ page: Page<Item>) -> PageReply? {
        guard page.items.isEmpty, page.total > 0 else { return nil }
        return .redirect(to: ListFrame.link(self, without: ["page"], adding: "page=\(page.count)"))
    }
}

/// A column's head that sorts, for the partial `list/sort`.
struct SortLink: View {
    let label: String
    let path: String
    let isAscending: Bool
    let isDescending: Bool
    /// For `aria-sort`.
    let direction: String

    /// The first click sorts one way, the second the other.
    init(_ label: String, _ column: String, _ visit: Visit, now: (column: String, descending: Bool)) {
        let isCurrent = now.column == column
        self.label = label
        isAscending = isCurrent && !now.descending
        isDescending = isCurrent && now.descending
        direction = isCurrent ? (now.descending ? "descending" : "ascending") : "none"
        let order = "sort=\(column)&sort_dir=\(isAscending ? "desc" : "asc")"
        path = ListFrame.link(visit, without: ["sort", "sort_dir", "page"], adding: order)
    }
}

extension FormFields {
    /// The page that a query asks for; what is no number is the first.
    var page: PageRequest {
        PageRequest(number: given("page").flatMap { Int($0) } ?? 1, size: given("size").flatMap { Int($0) } ?? 25)
    }

    func sorting<Column: RawRepresentable & Hashable & Sendable>(
        usual: Sorting<Column>
    ) -> Sorting<Column> where Column.RawValue == String {
        guard let column: Column = choice("sort") else { return usual }
        return Sorting(column, descending: text("sort_dir") == "desc")
    }
}

extension Int {
    /// `1,234,567`.
    var grouped: String {
        let digits = String(magnitude)
        var text = ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return (self < 0 ? "−" : "") + text
    }
}
