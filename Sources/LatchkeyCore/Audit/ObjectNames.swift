/// What things of the audit log are called now; those that are gone have no name any more.
public struct ObjectNames: Hashable, Sendable {
    private var names: [Key: String] = [:]

    private struct Key: Hashable, Sendable {
        let type: ObjectType
        let id: Int64
    }

    public init() {}

    public subscript(type: ObjectType, id: Int64) -> String? {
        get { names[Key(type: type, id: id)] }
        set { names[Key(type: type, id: id)] = newValue }
    }
}
