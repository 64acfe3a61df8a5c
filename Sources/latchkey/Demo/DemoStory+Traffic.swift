import LatchkeyApp
import LatchkeyCore

// What tokens are used for, hour by hour.
extension DemoStory {
    /// Saturdays and Sundays; day 0 of 1970 was a Thursday.
    func isWeekend(_ ago: Int) -> Bool {
        [2, 3].contains((end.dayNumber - Int64(ago)) % 7)
    }

    mutating func use(_ ago: Int, hour: Int, from midnight: Timestamp) async {
        for place in tokens.indices {
            let token = tokens[place]
            guard let load = token.part.load, load.hours.contains(hour), load.worksOnWeekends || !isWeekend(ago)
            else { continue }
            let moment = midnight + .hours(hour) + .seconds(place * 3500 / tokens.count)
            guard moment <= end else { return }
            clock.move(to: moment)
            for _ in 0..<chance.number(in: load.uses) {
                if token.part.isUsed(ago) { await use(token.secret, load, token.part) }
                if let successor = token.successor, successor.provenSince.map({ ago <= $0 }) == true {
                    await use(successor.secret, load, token.part)
                }
            }
        }
    }

    /// A token that does not work (any more) is refused here, as anywhere, and leaves its trace. Who is refused tries
    /// again now and then.
    private mutating func use(_ secret: TokenSecret, _ load: DemoLoad, _ part: DemoToken) async {
        guard !refused.contains(secret.hint) || chance.happens(8) else { return }
        let call = chance.one(of: load.calls)
        let origin = Origin(address: Address(chance.one(of: load.addresses)), userAgent: load.agent)
        let isSlip = chance.number(in: 0...99) == 0
        guard let bearer = try? await present(secret, method: call.method, route: call.route, from: origin) else {
            refused.insert(secret.hint)
            return
        }
        let isDenied = call.method == "PUT" && part.limits.actions != nil
        app.recordUse(
            by: bearer, method: call.method, route: call.route, from: origin,
            outcome: isDenied ? .denied : isSlip ? .failed : .allowed)
    }

    func present(
        _ secret: TokenSecret, method: String, route: String, from origin: Origin
    ) async throws(Refusal) -> Bearer {
        try await app.authenticate(secret.reveal()[...], method: method, route: route, from: origin)
    }
}

extension DemoToken {
    fileprivate func isUsed(_ ago: Int) -> Bool {
        quietSince.map { ago > $0 } ?? true
    }
}
