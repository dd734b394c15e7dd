//! Who may do what: the policy table as people read it, with one's own roles on top.

use maud::{Markup, html};

use crate::components::icons::{Icon, icon};
use crate::components::page::{Frame, Title, page};
use crate::components::table::{Density, table};

/// The policy table.
#[derive(Debug, Clone, Default)]
pub struct PolicyView {
    /// The reader's own roles, each as a sentence.
    pub own: Vec<String>,
    /// The roles, in their usual order.
    pub roles: Vec<RoleDoc>,
    /// The permissions, each with what every role may.
    pub permissions: Vec<PermissionRow>,
}

/// A role.
#[derive(Debug, Clone)]
pub struct RoleDoc {
    /// Its name.
    pub name: String,
    /// What it is, in a sentence.
    pub what: String,
    /// What it is granted for, in words.
    pub scopes: String,
    /// Everything it may, in words.
    pub may: Vec<String>,
}

/// A permission.
#[derive(Debug, Clone)]
pub struct PermissionRow {
    /// What it is.
    pub name: String,
    /// Whether each role holds it, in the order of the roles.
    pub held: Vec<Held>,
}

/// Whether a role holds a permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// Within what it was granted for.
    Yes,
    /// Only who holds it for everything.
    Everything,
    /// Not.
    No,
}

fn cell(held: Held) -> Markup {
    match held {
        Held::Yes => html! { td class="policy-cell" { (icon(Icon::Tick)) span class="visually-hidden" { "mag" } } },
        Held::Everything => html! { td class="policy-cell" { (icon(Icon::Tick)) " " span class="small" { "alles" } } },
        Held::No => html! { td class="policy-cell muted" { "–" span class="visually-hidden" { " mag niet" } } },
    }
}

/// `/hulp/wie-mag-wat`
pub fn policy_page(frame: &Frame, view: &PolicyView) -> Markup {
    let head = html! { tr { th scope="col" { "Wat" } @for role in &view.roles { th scope="col" class="policy-cell" { (role.name) } } } };
    let rows = html! { @for row in &view.permissions { tr { th scope="row" { (row.name) } @for held in &row.held { (cell(*held)) } } } };
    let body = html! {
        section class="panel" aria-labelledby="eigen" {
            h2 id="eigen" { "Uw rollen" }
            @if view.own.is_empty() { p { "U hebt op dit moment geen rol, en ziet daarom niets. Vraag de beheerder om een rol." } }
            @else { ul class="bullets" { @for sentence in &view.own { li { (sentence) } } } }
        }
        h2 class="policy-head" { "Wat elke rol mag" }
        p { "Een rol geldt alleen voor waar hij voor gegeven is: een partnerschapscoördinator van Almere ziet niets van een ander partnerschap." }
        div class="cards cards-wide" {
            @for role in &view.roles {
                article class="card" {
                    h3 { (role.name) }
                    p class="small muted" { (role.what) " Geldt voor: " (role.scopes) "." }
                    ul class="bullets small" { @for what in &role.may { li { (what) } } }
                }
            }
        }
        h2 class="policy-head" { "Alles naast elkaar" }
        p { "“alles” betekent: alleen wie de rol voor alles heeft." }
        (table("Wie mag wat", Density::Dense, &head, &rows))
    };
    let lead = "Kernschil toont u alleen wat bij uw rollen hoort. Dit zijn de regels.";
    page(frame, Title::new("Wie mag wat").lead(lead).trail(&[("Hulp", "/hulp")]), &body)
}
