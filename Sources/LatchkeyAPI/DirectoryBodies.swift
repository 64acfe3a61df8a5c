/// Directory sync as its administrator sees it.
public struct DirectorySyncBody: Codable, Hashable, Sendable {
    /// The base URL that is entered in the directory.
    public let url: String
    /// Whether the roles that a directory sends set roles here.
    public let governsRoles: Bool
    /// Live SCIM tokens.
    public let tokens: [TokenBody]
    public let directories: [DirectoryBody]
    public let runs: [SyncRunBody]
    public let faults: [SyncFaultBody]

    enum CodingKeys: String, CodingKey {
        case url
        case governsRoles = "governs_roles"
        case tokens, directories, runs, faults
    }

    public init(
        url: String, governsRoles: Bool, tokens: [TokenBody], directories: [DirectoryBody], runs: [SyncRunBody],
        faults: [SyncFaultBody]
    ) {
        self.url = url
        self.governsRoles = governsRoles
        self.tokens = tokens
        self.directories = directories
        self.runs = runs
        self.faults = faults
    }
}

/// What one directory keeps in step; without a user, what none does.
public struct DirectoryBody: Codable, Hashable, Sendable {
    public let user: UserStub?
    public let people: Int
    public let groups: Int

    public init(user: UserStub?, people: Int, groups: Int) {
        self.user = user
        self.people = people
        self.groups = groups
    }
}

/// What one run of changes amounts to.
public struct SyncRunBody: Codable, Hashable, Sendable {
    public let userID: Int64
    public let tokenID: Int64
    public let from: String
    public let until: String
    public let counts: [String: Int]

    enum CodingKeys: String, CodingKey {
        case userID = "user_id"
        case tokenID = "token_id"
        case from, until, counts
    }

    public init(userID: Int64, tokenID: Int64, from: String, until: String, counts: [String: Int]) {
        self.userID = userID
        self.tokenID = tokenID
        self.from = from
        self.until = until
        self.counts = counts
    }
}

/// Requests of a directory that were refused alike.
public struct SyncFaultBody: Codable, Hashable, Sendable {
    public let userID: Int64
    public let tokenID: Int64
    public let operation: String
    public let status: Int
    public let detail: String
    /// Of what the last one was about.
    public let subject: String
    public let count: Int
    public let first: String
    public let last: String

    enum CodingKeys: String, CodingKey {
        case userID = "user_id"
        case tokenID = "token_id"
        case operation, status, detail, subject, count, first, last
    }

    public init(
        userID: Int64, tokenID: Int64, operation: String, status: Int, detail: String, subject: String, count: Int,
        times: (first: String, last: String)
    ) {
        self.userID = userID
        self.tokenID = tokenID
        self.operation = operation
        self.status = status
        self.detail = detail
        self.subject = subject
        self.count = count
        first = times.first
        last = times.last
    }
}

/// A directory, by the account whose tokens it uses; left out, the caller's own.
public struct DirectoryRequestBody: Codable, Hashable, Sendable {
    public let userID: Int64?

    enum CodingKeys: String, CodingKey {
        case userID = "user_id"
    }
}

/// What a rehearsed sync came to.
public struct DirectoryCheckBody: Codable, Hashable, Sendable {
    public let passed: Bool
    public let steps: [Step]

    public struct Step: Codable, Hashable, Sendable {
        public let step: String
        /// Null when it would work.
        public let problem: String?

        public init(step: String, problem: String?) {
            self.step = step
            self.problem = problem
        }
    }

    public init(steps: [Step]) {
        passed = steps.allSatisfy { $0.problem == nil }
        self.steps = steps
    }
}

/// How many people and teams were let go.
public struct ReleasedBody: Codable, Hashable, Sendable {
    public let released: Int

    public init(released: Int) {
        self.released = released
    }
}
