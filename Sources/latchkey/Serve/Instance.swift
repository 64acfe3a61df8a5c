import Foundation
import LatchkeyApp
import LatchkeyCore
import LatchkeyStore
import Logging

/// An opened instance: its store and its keys. What `serve` builds upon, and what commands use that work beside a
/// server or without one.
struct Instance: Sendable {
    let settings: Settings
    let store: Store
    let keys: KeyRing
    let keySource: KeySource
    let logger: Logger

    /// - Parameter now: what the rows of a new schema are dated with.
    static func open(
        _ settings: Settings, at now: Timestamp = Ambient.live.now(), logger: Logger
    ) async throws -> Instance {
        if settings.database == nil { try DataDirectory(path: settings.dataDirectory).make() }
        let source = KeySource(settings: settings, environment: ProcessInfo.processInfo.environment)
        let store = try await Store.open(settings.location, at: now, logger: logger)
        do {
            let keys = try await Custody(source: source, store: store, ambient: .live).keys()
            return Instance(settings: settings, store: store, keys: keys, keySource: source, logger: logger)
        } catch {
            await store.close()
            throw error
        }
    }

    /// Opens, runs, and closes whatever happens.
    static func with<Result>(
        _ settings: Settings, logger: Logger, _ body: (Instance) async throws -> Result
    ) async throws -> Result {
        let instance = try await open(settings, logger: logger)
        do {
            let result = try await body(instance)
            await instance.store.close()
            return result
        } catch {
            await instance.store.close()
            throw error
        }
    }

    /// - Parameter policy: only a server asks it.
    func app(publicURL: String, policy: PolicyInForce = PolicyInForce()) async throws -> App {
        var own = settings.ofInstance
        own.publicURL = publicURL
        let ambient = Ambient.live(fetchingPrivately: settings.fetchesPrivately)
        return try await App(
            store: store, keys: keys, settings: own, policy: policy, ambient: ambient, logger: logger)
    }

    /// A server says under which address the world knows it, so that a token which a command makes beside it bears the
    /// same issuer.
    func remember(publicURL url: String) async throws {
        guard try await rememberedPublicURL() != url else { return }
        try await store.write { db throws(Refusal) in
            try db.note(.setInstanceValue(name: "public_url", value: url))
        }
    }

    func rememberedPublicURL() async throws -> String? {
        try await store.read { db throws(Refusal) in try db.instanceValue("public_url") }
    }
}

extension Settings {
    var location: Store.Location {
        database.map { .postgres($0) } ?? .file(DataDirectory(path: dataDirectory).database)
    }

    var ofInstance: InstanceSettings {
        var own = InstanceSettings(
            publicURL: publicURL, serviceEmail: serviceEmail,
            tokens: TokenPolicy(
                longestDays: tokens.longestLifeDays, allowsNever: tokens.neverAllowed,
                usualDays: tokens.defaultLifeDays, grace: rotation.grace, watch: rotation.watch,
                accessMinutes: tokens.accessLifeMinutes),
            allowsPrivateFetch: fetchesPrivately, directoryGovernsRoles: scimRoles)
        own.limits = limits
        return own
    }
}
