import Foundation

extension String {
    /// The form under which names are compared and searched: compatibility forms unified, marks dropped,
    /// case gone. `ＦＯＯ`, `Föö` and `foo` fold alike.
    public var folded: String {
        // Of ASCII, which most names are, nothing but case differs.
        guard utf8.contains(where: { $0 >= 0x80 }) else { return lowercased() }
        let decomposed = decomposedStringWithCompatibilityMapping.lowercased().decomposedStringWithCompatibilityMapping
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: decomposed.unicodeScalars.filter { !$0.properties.isMark })
        return String(scalars)
    }

    /// A name as people wrote it, white space at the ends gone.
    public var trimmed: String {
        trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Whether a person would see it whole: no control characters, line breaks or text-direction overrides.
    var isPlainLine: Bool {
        unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
            case .format: scalar.value == 0x200D || scalar.value == 0x200C
            default: true
            }
        }
    }
}

extension Unicode.Scalar.Properties {
    /// A combining mark of any kind (Unicode general category M).
    fileprivate var isMark: Bool {
        switch generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }
}
