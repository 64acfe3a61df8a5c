import ArgumentParser

/// `latchkey resources`: what teams have access to.
struct Resources: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Resources: list, show, create, edit, delete.",
        discussion: "Example:\n  latchkey resources create --kind datastore --name warehouse",
        subcommands: [List.self, Show.self, Create.self, Edit.self, Delete.self])
}

extension Resources {
    struct List: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "List resources.", discussion: "Example:\n  latchkey resources list")
        static let columns = Column.resource

        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            try await client.all("/resources")
        }
    }

    struct Show: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one resource.", discussion: "Example:\n  latchkey resources show warehouse")

        @Argument(help: "Id or name.") var resource: String
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            try await client.get("/resources/\(try await client.resourceID(resource))")
        }
    }

    struct Create: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create a resource.",
            discussion: "Example:\n  latchkey resources create --kind datastore --name warehouse --external-id 7")

        @Option(help: "Its kind, such as datastore.") var kind: String
        @Option(help: "Its name, unique within its kind.") var name: String
        @OptionGroup var details: ResourceDetails
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            try await client.send("POST", "/resources", body: details.body(kind: kind, name: name))
        }
    }

    struct Edit: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change a resource; what is not given stays.",
            discussion: "Example:\n  latchkey resources edit warehouse --description \"the sales warehouse\"")

        @Argument(help: "Id or name.") var resource: String
        @Option(help: "Another kind.") var kind: String?
        @Option(help: "Another name.") var name: String?
        @OptionGroup var details: ResourceDetails
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            let id = try await client.resourceID(resource)
            return try await client.send("PUT", "/resources/\(id)", body: details.body(kind: kind, name: name))
        }
    }

    struct Delete: RemoteCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete a resource.", discussion: "Example:\n  latchkey resources delete warehouse")

        @Argument(help: "Id or name.") var resource: String
        @OptionGroup var server: ServerOptions

        func ask(_ client: Client) async throws -> JSONValue {
            let reply = try await client.send("DELETE", "/resources/\(try await client.resourceID(resource))")
            Terminal.remark("deleted resource \(resource)")
            return reply
        }
    }
}

/// What a resource has besides kind and name.
struct ResourceDetails: ParsableArguments {
    @Option(help: "What the system that holds it calls it.") var externalID: String?
    @Option(help: "What it is.") var description: String?

    func body(kind: String?, name: String?) -> JSONValue {
        .object(given: [
            ("kind", kind.map { .string($0) }), ("name", name.map { .string($0) }),
            ("external_id", externalID.map { .string($0) }), ("description", description.map { .string($0) }),
        ])
    }
}
