/// The number by which the API names one thing of a kind; ids of different kinds never mix.
///
/// Unused values are positive. An id is never given out twice, not even after a deletion.
public struct ID<Kind>: Hashable, Sendable, Comparable {
    public let value: Int64

    public init(_ value: Int64) {
        self.value = value
    }

    public static func < (left: Self, right: Self) -> Bool {
        left.value < right.value
    }
}

extension ID: CustomStringConvertible {
    public var description: String { String(value) }
}
