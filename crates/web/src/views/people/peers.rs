//! The pool of peers. Names and addresses never stand in an address: searching is a POST.

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

/// Where the pool is.
pub const PEERS: &str = "/peers";

/// Column the pool is ordered by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PeerSort {
    /// By name.
    #[default]
    Naam,
    /// By region.
    Regio,
    /// By visits of the last years.
    Bezoeken,
    /// By the day of the training.
    Getraind,
}

impl PeerSort {
    fn code(self) -> &'static str {
        match self {
            Self::Naam => "naam",
            Self::Regio => "regio",
            Self::Bezoeken => "bezoeken",
            Self::Getraind => "getraind",
        }
    }
}

/// What is asked of the list, as it stands in the address. Empty means no filter.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PeerFilter {
    /// Identifier of a region.
    pub regio: String,
    /// `gestopt`, `niet-getraind`, or nothing: everybody who can be asked.
    pub stand: String,
    /// Column of the order.
    pub volgorde: PeerSort,
    /// Direction of the order.
    pub richting: Direction,
    /// Page, from 1; 0 means the first.
    pub pagina: u32,
    /// Rows on a page; 0 means 50.
    pub aantal: u32,
}

impl PeerFilter {
    fn filters(&self) -> Vec<(&'static str, &str)> {
        [("regio", self.regio.as_str()), ("stand", &self.stand)].into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    fn pairs(&self) -> Vec<(&'static str, &str)> {
        let mut pairs = self.filters();
        if self.volgorde != PeerSort::default() {
            pairs.push(("volgorde", self.volgorde.code()));
        }
        pairs.push(("richting", self.richting.value()));
        pairs.push(("aantal", if self.aantal == 100 { "100" } else { "" }));
        pairs
    }
}

/// The pool.
#[derive(Debug, Clone, Default)]
pub struct PeersView {
    /// What was asked.
    pub filter: PeerFilter,
    /// Text that was searched for by POST, or nothing.
    pub search: String,
    /// Regions to choose from.
    pub regions: Vec<FilterOption>,
    /// States to choose from.
    pub states: Vec<FilterOption>,
    /// Whether there is nobody in the pool at all.
    pub nobody: bool,
    /// The rows of this page; of a search the first hundred.
    pub rows: Vec<PeerRow>,
    /// Which page it is; of a search only `rows` is used.
    pub paging: Paging,
}

/// Somebody in the pool.
#[derive(Debug, Clone)]
pub struct PeerRow {
    /// Identifier in addresses.
    pub id: String,
    /// Name.
    pub name: String,
    /// Address for mail.
    pub email: String,
    /// Region.
    pub region: String,
    /// Partnership she visits for, or nothing.
    pub partnership: String,
    /// Whom she works for, or nothing.
    pub employer: String,
    /// Visits of the last years.
    pub visits: u32,
    /// When she was trained, in words.
    pub trained: String,
    /// Whether she can be asked: look and word.
    pub state: (Tone, &'static str),
}

fn row(peer: &PeerRow) -> Markup {
    html! {
        tr {
            th scope="row" { a href={ (PEERS) "/" (peer.id) } { (peer.name) } span class="row-code" { (peer.email) } }
            td { (peer.region) @if !peer.partnership.is_empty() { span class="row-code" { (peer.partnership) } } }
            td { @if peer.employer.is_empty() { span class="muted" { "geen" } } @else { (peer.employer) } }
            td class="figure" { (number(peer.visits)) }
            td { (peer.trained) }
            td { (tag(peer.state.0, peer.state.1)) }
        }
    }
}

fn forms(frame: &Frame, view: &PeersView) -> Markup {
    let filter = &view.filter;
    html! {
        div class="filters filters-two" {
            form class="filter-search-form" method="post" action=(PEERS) role="search" aria-label="Peers zoeken" {
                (csrf(&frame.csrf))
                (search("zoek", "Zoek op naam, adres, regio of werkgever", &view.search))
                div class="filter-buttons" { button class="button button-second" type="submit" { "Zoek" } @if !view.search.is_empty() { a class="quiet-link" href=(href(PEERS, &filter.pairs())) { "Wis zoekopdracht" } } }
            }
            form class="filters" method="get" action=(PEERS) aria-label="Peers filteren" {
                (select("regio", "Regio", "Alle", &filter.regio, &view.regions))
                (select("stand", "Stand", "Doet mee", &filter.stand, &view.states))
                (hidden(&[("aantal", if filter.aantal == 100 { "100" } else { "" })]))
                (apply((!filter.filters().is_empty()).then_some(PEERS)))
            }
        }
    }
}

/// `/peers`
pub fn peers_page(frame: &Frame, view: &PeersView) -> Markup {
    let pairs = view.filter.pairs();
    let order = Order { path: PEERS, pairs: &pairs, column: view.filter.volgorde.code(), direction: view.filter.richting };
    let searching = !view.search.is_empty();
    let head = html! {
        tr {
            @if searching {
                @for words in ["Peer", "Regio en partnerschap", "Werkgever"] { th scope="col" { (words) } }
                th scope="col" class="figure" { "Bezoeken in zes jaar" }
                th scope="col" { "Getraind" }
            } @else {
                (order.head("naam", "Peer")) (order.head("regio", "Regio en partnerschap"))
                th scope="col" { "Werkgever" }
                (order.head_figure("bezoeken", "Bezoeken in zes jaar")) (order.head("getraind", "Getraind"))
            }
            th scope="col" { "Stand" }
        }
    };
    let rows = html! { @for peer in &view.rows { (row(peer)) } };
    let shown = u32::try_from(view.rows.len()).unwrap_or(u32::MAX);
    let body = html! {
        p class="buttons" { a class="button" href={ (PEERS) "/nieuw" } { "Zet iemand in de pool" } }
        @if view.nobody {
            (empty("De pool is leeg", &html! { p { "Zet hier mensen die bij een peer review gevraagd kunnen worden, ook uit andere regio's. Een panel heeft ten minste één lid uit een andere regio nodig." } }))
        } @else {
            (forms(frame, view))
            @if view.rows.is_empty() {
                @if searching { (empty("Niemand gevonden", &html! { p { "Controleer de spelling, of zoek op een deel van de naam." } })) }
                @else { (empty("Niemand past bij deze filters", &html! { p { a href=(PEERS) { "Wis de filters" } } })) }
            } @else {
                @if searching {
                    p class="result-count" role="status" {
                        @if view.paging.rows > shown { "De eerste " (number(shown)) " van " (number(view.paging.rows)) " gevonden. Zoek preciezer om minder te zien." }
                        @else { (counted(shown, "peer", "peers")) " gevonden." }
                    }
                } @else {
                    div class="table-bar" { (pagination(PEERS, &pairs, &view.paging)) (export(&href("/peers.xlsx", &pairs))) }
                }
                (table("Peers", Density::Dense, &head, &rows))
                @if !searching { (pagination_below(PEERS, &pairs, &view.paging)) }
            }
        }
    };
    page(frame, Title::new("Pool van peers").lead("Wie gevraagd kan worden voor het panel van een peer review."), &body)
}
