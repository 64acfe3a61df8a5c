import LatchkeyCore

extension SQL {
    /// People in the order of a column; `nil` for what stands in no column. Those without a value are last, and first
    /// in descending order.
    static func order(_ order: DirectoryQuery.Order) -> SQL? {
        guard order.path.schema == nil else { return nil }
        switch (order.path.attribute, order.path.part, order.descending) {
        case ("id", nil, false): return "p.user_id"
        case ("id", nil, true): return "p.user_id DESC"
        case (DirectoryAttribute.userName, nil, false): return "p.user_name_folded"
        case (DirectoryAttribute.userName, nil, true): return "p.user_name_folded DESC"
        case (DirectoryAttribute.displayName, nil, false):
            return "p.display_name_folded = '', p.display_name_folded, p.user_id"
        case (DirectoryAttribute.displayName, nil, true):
            return "p.display_name_folded = '' DESC, p.display_name_folded DESC, p.user_id"
        case (DirectoryAttribute.externalID, nil, false): return "p.external_id IS NULL, p.external_id, p.user_id"
        case (DirectoryAttribute.externalID, nil, true):
            return "p.external_id IS NULL DESC, p.external_id DESC, p.user_id"
        case ("meta", "created", false): return "u.created_at, p.user_id"
        case ("meta", "created", true): return "u.created_at DESC, p.user_id"
        case ("meta", "lastModified", false): return "p.changed_at, p.user_id"
        case ("meta", "lastModified", true): return "p.changed_at DESC, p.user_id"
        default: return nil
        }
    }
}
