/// One page of a list.
public struct PageBody<Item: Codable & Sendable>: Codable, Sendable {
    public let items: [Item]
    public let total: Int
    public let page: Int
    public let size: Int
    public let pages: Int

    public init(items: [Item], total: Int, page: Int, size: Int, pages: Int) {
        self.items = items
        self.total = total
        self.page = page
        self.size = size
        self.pages = pages
    }
}
