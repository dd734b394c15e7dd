//! The accounts: who has which roles. Names and addresses never stand in an address: searching is a POST.

use maud::{Markup, html};
use serde::Deserialize;

use crate::components::figures::empty;
use crate::components::filters::{FilterOption, apply, hidden, search, select};
use crate::components::forms::csrf;
use crate::components::page::{Frame, Title, page};
use crate::components::status::{Tone, tag};
use crate::components::table::{Density, Direction, Order, Paging, export, pagination, pagination_below, table};
use crate::components::text::{counted, number};
use crate::components::url::href;

/// Where the accounts are.
pub const PATH: &str = "/gebruikers";

/// Column the accounts are ordered by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UserSort {
    /// By name.
    #[default]
    Naam,
    /// By role, the one that may most first.
    Rol,
    /// By state.
    Stand,
    /// By when somebody last signed in.
    Ingelogd,
}

impl UserSort {
    fn code(self) -> &'static str {
        match self {
            Self::Naam => "naam",
            Self::Rol => "rol",
            Self::Stand => "stand",
            Self::Ingelogd => "ingelogd",
        }
    }
}

/// What is asked of the list, as it stands in the address. Empty means no filter.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct UserFilter {
    /// Code of a role that somebody has now.
    pub rol: String,
    /// Code of a state; without one removed accounts are left out.
    pub stand: String,
    /// Column of the order.
    pub volgorde: UserSort,
    /// Direction of the order.
    pub richting: Direction,
    /// Page, from 1; 0 means the first.
    pub pagina: u32,
    /// Rows on a page; 0 means 50.
    pub aantal: u32,
}

impl UserFilter {
    fn filters(&self) -> Vec<(&'static str, &str)> {
        [("rol", self.rol.as_str()), ("stand", &self.stand)].into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    fn pairs(&self) -> Vec<(&'static str, &str)> {
        let mut pairs = self.filters();
        if self.volgorde != UserSort::default() {
            pairs.push(("volgorde", self.volgorde.code()));
        }
        pairs.push(("richting", self.richting.value()));
        pairs.push(("aantal", if self.aantal == 100 { "100" } else { "" }));
        pairs
    }
}

/// The list of accounts.
#[derive(Debug, Clone, Default)]
pub struct UsersView {
    /// What was asked.
    pub filter: UserFilter,
    /// Text that was searched for by POST, or nothing.
    pub search: String,
    /// Roles to choose from.
    pub roles: Vec<FilterOption>,
    /// States to choose from.
    pub states: Vec<FilterOption>,
    /// The rows of this page; of a search the first hundred.
    pub rows: Vec<UserRow>,
    /// Which page it is; of a search only `rows` is used.
    pub paging: Paging,
}

/// An account in the list.
#[derive(Debug, Clone)]
pub struct UserRow {
    /// Identifier in addresses.
    pub id: String,
    /// Name.
    pub name: String,
    /// Address to sign in with.
    pub email: String,
    /// Roles that hold now, in words.
    pub roles: Vec<String>,
    /// Whether somebody may come in: look and word.
    pub state: (Tone, String),
    /// Whether a second factor is asked for, in a word.
    pub second_factor: String,
    /// When somebody last signed in, in words.
    pub signed_in: String,
}

fn row(user: &UserRow) -> Markup {
    html! {
        tr {
            th scope="row" { a href={ (PATH) "/" (user.id) } { (user.name) } span class="row-code" { (user.email) } }
            td { @if user.roles.is_empty() { span class="muted" { "geen" } } @else { ul class="plain" { @for role in &user.roles { li { (role) } } } } }
            td { (tag(user.state.0, &user.state.1)) }
            td { (user.second_factor) }
            td { (user.signed_in) }
        }
    }
}

fn forms(frame: &Frame, view: &UsersView) -> Markup {
    let filter = &view.filter;
    html! {
        div class="filters filters-two" {
            form class="filter-search-form" method="post" action=(PATH) role="search" aria-label="Gebruikers zoeken" {
                (csrf(&frame.csrf))
                (search("zoek", "Zoek op naam of e-mailadres", &view.search))
                div class="filter-buttons" { button class="button button-second" type="submit" { "Zoek" } @if !view.search.is_empty() { a class="quiet-link" href=(href(PATH, &filter.pairs())) { "Wis zoekopdracht" } } }
            }
            form class="filters" method="get" action=(PATH) aria-label="Gebruikers filteren" {
                (select("rol", "Rol", "Alle", &filter.rol, &view.roles))
                (select("stand", "Stand", "Alle, behalve verwijderd", &filter.stand, &view.states))
                (hidden(&[("aantal", if filter.aantal == 100 { "100" } else { "" })]))
                (apply((!filter.filters().is_empty()).then_some(PATH)))
            }
        }
    }
}

/// `/gebruikers`
pub fn users_page(frame: &Frame, view: &UsersView) -> Markup {
    let pairs = view.filter.pairs();
    let order = Order { path: PATH, pairs: &pairs, column: view.filter.volgorde.code(), direction: view.filter.richting };
    let searching = !view.search.is_empty();
    let head = html! {
        tr {
            @if searching { @for words in ["Gebruiker", "Rollen", "Stand"] { th scope="col" { (words) } } }
            @else { (order.head("naam", "Gebruiker")) (order.head("rol", "Rollen")) (order.head("stand", "Stand")) }
            th scope="col" { "Tweede factor" }
            @if searching { th scope="col" { "Laatst ingelogd" } } @else { (order.head("ingelogd", "Laatst ingelogd")) }
        }
    };
    let rows = html! { @for user in &view.rows { (row(user)) } };
    let shown = u32::try_from(view.rows.len()).unwrap_or(u32::MAX);
    let body = html! {
        p class="buttons" { a class="button" href={ (PATH) "/uitnodigen" } { "Nodig iemand uit" } a class="quiet-link" href="/hulp/wie-mag-wat" { "Wie mag wat" } }
        (forms(frame, view))
        @if view.rows.is_empty() {
            @if searching { (empty("Niemand gevonden", &html! { p { "Controleer de spelling, of zoek op een deel van de naam of het adres." } })) }
            @else { (empty("Geen gebruiker past bij deze filters", &html! { p { a href=(PATH) { "Wis de filters" } } })) }
        } @else {
            @if searching {
                p class="result-count" role="status" {
                    @if view.paging.rows > shown { "De eerste " (number(shown)) " van " (number(view.paging.rows)) " gevonden. Zoek preciezer om minder te zien." }
                    @else { (counted(shown, "gebruiker", "gebruikers")) " gevonden." }
                }
            } @else {
                div class="table-bar" { (pagination(PATH, &pairs, &view.paging)) (export(&href("/gebruikers.xlsx", &pairs))) }
            }
            (table("Gebruikers", Density::Dense, &head, &rows))
            @if !searching { (pagination_below(PATH, &pairs, &view.paging)) }
        }
    };
    page(frame, Title::new("Gebruikers en rollen").lead("Wie er in Kernschil mag, en waarvoor."), &body)
}
