public import LatchkeyCore

/// Answering what policy enforcement points ask.
extension App {
    /// Answers a batch by the policy of one moment, in order.
    ///
    /// - Parameters:
    ///   - stopping: at the first answer that is this; the rest is left out.
    ///   - route: of the call, for the record of tokens that are presented.
    public func evaluate(
        _ questions: [Evaluation], stopping: Bool? = nil, route: String, as caller: Caller
    ) async throws(Refusal) -> [EvaluationAnswer] {
        let quick = try evaluateAtOnce(questions, stopping: stopping, route: route, isCaughtUp: false, as: caller)
        if let quick { return quick }
        try await catchUp()
        return try evaluateAtOnce(questions, stopping: stopping, route: route, isCaughtUp: true, as: caller) ?? []
    }

    /// The same without waiting; `nil` when the feed must be read first, because a token in it may have been made
    /// elsewhere a moment ago.
    public func evaluateAtOnce(
        _ questions: [Evaluation], stopping: Bool? = nil, route: String, isCaughtUp: Bool, as caller: Caller
    ) throws(Refusal) -> [EvaluationAnswer]? {
        try caller.require(.askDecisions)
        let policy = policyInForce.current
        var known = KnownSubjects()
        var answers: [EvaluationAnswer] = []
        answers.reserveCapacity(questions.count)
        for question in questions {
            let asked = Asked(subject: question.subject, address: question.address)
            switch known.find(asked, else: { find(asked, route: route, isCaughtUp: isCaughtUp) }) {
            case .somebody(let subject): answers.append(answer(question.deed, of: subject, by: policy))
            case .nobody: answers.append(.unknownSubject)
            case .unsettled: return nil
            }
            if answers.last?.isAllowed == stopping { break }
        }
        return answers
    }

    /// A subject with the rights that it has now.
    fileprivate struct Subject {
        let asker: Asker
        let teams: Set<ID<Team>>
    }

    fileprivate enum Found {
        case somebody(Subject)
        case nobody
        /// The feed must be read first.
        case unsettled

        init(_ bearer: Bearer?) {
            self = bearer.map { Found.somebody(Subject(asker: $0.asker, teams: $0.teams)) } ?? .nobody
        }
    }

    fileprivate struct Asked: Hashable {
        let subject: Evaluation.Subject
        let address: Address?
    }

    /// Each subject of a batch is looked up once. Most batches are about one, which is compared and not hashed.
    private struct KnownSubjects {
        private var last: (asked: Asked, found: Found)?
        private var all: [Asked: Found] = [:]

        mutating func find(_ asked: Asked, else look: () -> Found) -> Found {
            if let last, last.asked == asked { return last.found }
            let found = all[asked] ?? look()
            all[asked] = found
            last = (asked, found)
            return found
        }
    }

    private func find(_ asked: Asked, route: String, isCaughtUp: Bool) -> Found {
        switch asked.subject {
        case .user(let name):
            let found = index.account(handle: name) ?? Int64(name).flatMap { index.account(ID($0)) }
            guard let found, found.account.isActive else { return .nobody }
            return .somebody(Subject(asker: Asker(role: found.account.role), teams: found.membership.teams))
        case .token(let id):
            return Found(verifier.standing(of: id, from: asked.address, at: ambient.now()).bearer)
        case .bearer(let text):
            return find(text, from: Origin(address: asked.address), route: route, isCaughtUp: isCaughtUp)
        }
    }

    /// A token that is presented is used, as when it is introspected: somebody holds it.
    private func find(_ presented: String, from origin: Origin, route: String, isCaughtUp: Bool) -> Found {
        do throws(Refusal) {
            let found = try authenticateAtOnce(
                presented[...], method: "POST", route: route, from: origin, isCaughtUp: isCaughtUp)
            guard let bearer = found else { return .unsettled }
            recordUse(
                by: bearer, method: "POST", route: route, from: origin,
                outcome: bearer.isSCIMOnly ? .denied : .allowed)
            return Found(bearer)
        } catch {
            return .nobody
        }
    }

    private func answer(_ deed: Evaluation.Deed, of subject: Subject, by policy: Policy) -> EvaluationAnswer {
        let level: TeamLevel = { self.index.level(on: $0, of: subject.teams) }
        switch deed {
        case .action(let name, let resource):
            return EvaluationAnswer(policy.ruling(on: name, resource, for: subject.asker, level: level))
        case .request(let method, let target):
            do throws(RequestPath.Flaw) {
                let path = try RequestPath(target)
                return EvaluationAnswer(policy.ruling(method: method, path, for: subject.asker, level: level))
            } catch {
                return EvaluationAnswer(
                    isAllowed: false, reason: Ruling.Reason.path.rawValue, detail: error.rawValue)
            }
        }
    }
}

extension EvaluationAnswer {
    fileprivate init(_ ruling: Ruling) {
        self.init(isAllowed: ruling.isAllowed, reason: ruling.reason.rawValue, detail: ruling.sentence)
    }
}
