import LatchkeyApp
import LatchkeyCore

/// The page that shows a token's value, this once: to copy, to save, and as the lines that put it where it belongs.
enum TokenShown {
    /// - Parameters:
    ///   - rootPath: of the API, where the token is shown to work.
    ///   - next: where “Done” leads.
    static func page(
        _ issued: IssuedToken, app: App, rootPath: String, next: String, now: Timestamp
    ) -> PageReply {
        let token = issued.summary.token
        let value = issued.secret.reveal()
        let slug = slug(token.name)
        let view = TokenShownView(
            name: token.name, user: issued.summary.owner.handle, value: value, file: "\(slug)-token.txt",
            expires: Moment(token.expiresAt, now: now), isSCIMOnly: token.isSCIMOnly,
            curl: #"curl -H "Authorization: Bearer \#(value)" \#(app.settings.publicURL)\#(rootPath)/users/me"#,
            places: places(value, slug: slug, url: app.settings.publicURL), next: next)
        return .page("The token", "token/shown", view)
    }

    /// A name fit for a file: `Pipeline Production` → `pipeline-production`.
    static func slug(_ name: String) -> String {
        let kept = name.folded.unicodeScalars.map { scalar -> Character in
            switch scalar {
            case "a"..."z", "0"..."9": Character(scalar)
            default: "-"
            }
        }
        let words = String(kept).split(separator: "-").joined(separator: "-")
        return words.isEmpty ? "latchkey" : String(words.prefix(60))
    }

    /// A token is letters, digits, `-`, `_` and `.`, so quotes hold it in any shell.
    private static func places(_ value: String, slug: String, url: String) -> [Place] {
        [
            Place(
                id: "airflow", name: "Airflow",
                line: "export AIRFLOW_CONN_\(slug.replacing("-", with: "_").uppercased())='{\"conn_type\": \"http\", "
                    + "\"host\": \"\(url)\", \"extra\": {\"Authorization\": \"Bearer \(value)\"}}'"),
            Place(id: "dbt", name: "dbt", line: "export DBT_ENV_SECRET_LATCHKEY_TOKEN='\(value)'"),
            Place(id: "github", name: "GitHub Actions", line: "gh secret set LATCHKEY_TOKEN --body '\(value)'"),
            Place(id: "vault", name: "HashiCorp Vault", line: "vault kv put secret/latchkey/\(slug) token='\(value)'"),
            Place(
                id: "aws", name: "AWS Secrets Manager",
                line: "aws secretsmanager create-secret --name latchkey/\(slug) --secret-string '\(value)'"),
            Place(
                id: "azure", name: "Azure Key Vault",
                line: "az keyvault secret set --vault-name YOUR-VAULT --name latchkey-\(slug) --value '\(value)'"),
        ]
    }
}

private struct TokenShownView: View {
    let name: String
    let user: String
    let value: String
    let file: String
    let expires: Moment?
    let isSCIMOnly: Bool
    let curl: String
    let places: [Place]
    let next: String
}

private struct Place: View {
    let id: String
    let name: String
    let line: String
}
