import LatchkeyApp
import LatchkeyCore

/// An identity provider as a row of the list.
struct ProviderRow: View {
    let name: String
    let issuer: String
    let isOn: Bool
    let makesAccounts: Bool
    let domains: String
    let isOpenToAll: Bool
    let edit: String
    let check: String
    let turnOn: String
    let menu: RowMenu

    init(_ provider: IdentityProvider) {
        let path = "\(ProviderPages.one)/\(provider.id)"
        name = provider.name
        issuer = provider.issuer
        isOn = provider.isOn
        makesAccounts = provider.makesAccounts
        domains = provider.mailDomains.joined(separator: ", ")
        isOpenToAll = provider.makesAccounts && provider.mailDomains.isEmpty
        edit = "\(path)/edit"
        check = "\(path)/check"
        turnOn = "\(path)/turn-on"
        var links = [MenuLink(label: "Edit", path: "\(path)/edit", icon: "edit")]
        if provider.isOn {
            links.append(
                MenuLink(label: "Turn off", path: "\(path)/turn-off", icon: "ban", isGrave: true, isDialog: true))
        }
        links.append(MenuLink(label: "Delete", path: "\(path)/delete", icon: "trash", isGrave: true, isDialog: true))
        menu = RowMenu(id: "menu-\(provider.id)", label: "Actions for \(provider.name)", links: links)
    }
}

/// What came of trying one out.
struct ProviderChecksView: View {
    let name: String
    let isGood: Bool
    let checks: [CheckRow]
    let back: String
    let edit: String
}

struct CheckRow: View {
    let step: String
    let isGood: Bool
    let finding: String

    init(_ check: ProviderCheck) {
        step =
            switch check.step {
            case .discovery: "Discovery document"
            case .keys: "Signing keys"
            case .client: "Client id and secret"
            }
        isGood = check.isGood
        finding = check.finding
    }
}
