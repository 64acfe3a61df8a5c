import LatchkeyCore

extension Failure {
    /// SQLSTATE codes: PostgreSQL's appendix A.
    init(postgres state: String, rule: String, isConnected: Bool) {
        let lost = Failure(
            kind: .connection,
            refusal: .unavailable("The connection to the database was lost; try again.", retryAfter: .seconds(1)))
        guard isConnected else {
            self = lost
            return
        }
        switch (state.prefix(2), state) {
        case (_, "40001"), (_, "40P01"):
            self.init(
                kind: .collision, refusal: .unavailable("Too many writers met; try again.", retryAfter: .seconds(1)))
        case ("23", _), (_, "P0001"): self.init(kind: .rule, refusal: .conflict(Self.words(forRule: rule)))
        case ("22", _): self.init(kind: .rule, refusal: .badRequest("The request holds a value that cannot be kept."))
        case (_, "57014"), (_, "55P03"):
            self.init(storage: "The database took too long to answer; try again.")
        case (_, "53100"):
            self.init(storage: "The disk of the database server is full; make room on it, then try again.")
        case ("57", _), ("08", _): self = lost
        case ("53", _), ("58", _), (_, "25006"):
            self.init(storage: "The database server cannot write now; see the log.")
        default: self = .unexpected
        }
    }
}
