import LatchkeyCore

/// What tests ask of a refusal; its words are for people and may change.
extension Refusal {
    var isForbidden: Bool {
        if case .forbidden = self { true } else { false }
    }

    var isConflict: Bool {
        if case .conflict = self { true } else { false }
    }

    var pointers: [String] {
        if case .invalid(let flaws) = self { flaws.map(\.pointer) } else { [] }
    }
}
