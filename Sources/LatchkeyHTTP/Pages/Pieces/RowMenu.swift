/// What can be done with a row, for the partial `menu`: a button ⋮ and a list of links that opens over the page.
struct RowMenu: View {
    /// Unique on the page.
    let id: String
    /// What the button is called for those who do not see the row: `Actions for Pipeline Automation`.
    let label: String
    let links: [MenuLink]
}

struct MenuLink: View {
    let label: String
    let path: String
    let icon: String
    /// Shown in the colour of danger.
    var isGrave = false
    /// Whether the page that it leads to is opened as a dialog where scripts run.
    var isDialog = false
}
