//! The schools of a round with their places.

use maud::{Markup, html};
use serde::Deserialize;

use crate::components::figures::{empty, meter};
use crate::components::filters::{FilterOption, apply, search, select};
use crate::components::nav::RoundRef;
use crate::components::page::{Frame, Title, page};
use crate::components::signs::{Sign, sign};
use crate::components::status::{Met, met};
use crate::components::table::{Density, Direction, Order, Paging, export, pagination, pagination_below, table};
use crate::components::text::{counted, number};
use crate::components::url::href;

/// Column the schools are ordered by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SchoolSort {
    /// By school code.
    Code,
    /// By name.
    #[default]
    Naam,
    /// By board.
    Bestuur,
    /// By places offered.
    Aangeboden,
    /// By places taken.
    Bezet,
    /// By places left.
    Vrij,
}

impl SchoolSort {
    fn code(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Naam => "naam",
            Self::Bestuur => "bestuur",
            Self::Aangeboden => "aangeboden",
            Self::Bezet => "bezet",
            Self::Vrij => "vrij",
        }
    }
}

/// What is asked of the list, as it stands in the address. Empty means no filter.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SchoolFilter {
    /// Text in code, name, place or board.
    pub zoek: String,
    /// Name in addresses of a partnership.
    pub partnerschap: String,
    /// Number of a board.
    pub bestuur: String,
    /// `kern`, `schil` or `buiten`.
    pub rol: String,
    /// `ja` or `nee`: meets the conditions.
    pub voorwaarden: String,
    /// `ja` or `nee`: has a place left.
    pub vrij: String,
    /// Column of the order.
    pub volgorde: SchoolSort,
    /// Direction of the order.
    pub richting: Direction,
    /// Page, from 1; 0 means the first.
    pub pagina: u32,
    /// Rows on a page; 0 means 50.
    pub aantal: u32,
}

impl SchoolFilter {
    fn filters(&self) -> Vec<(&'static str, &str)> {
        let pairs = [
            ("zoek", self.zoek.as_str()),
            ("partnerschap", &self.partnerschap),
            ("bestuur", &self.bestuur),
            ("rol", &self.rol),
            ("voorwaarden", &self.voorwaarden),
            ("vrij", &self.vrij),
        ];
        pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    fn pairs(&self) -> Vec<(&'static str, &str)> {
        let mut pairs = self.filters();
        if self.volgorde != SchoolSort::default() {
            pairs.push(("volgorde", self.volgorde.code()));
        }
        pairs.push(("richting", self.richting.value()));
        pairs.push(("aantal", if self.aantal == 100 { "100" } else { "" }));
        pairs
    }
}

/// The list of schools.
#[derive(Debug, Clone, Default)]
pub struct SchoolsView {
    /// Which round.
    pub round: RoundRef,
    /// What was asked.
    pub filter: SchoolFilter,
    /// Partnerships to choose from.
    pub partnerships: Vec<FilterOption>,
    /// Boards to choose from.
    pub boards: Vec<FilterOption>,
    /// Kern, schil, outside.
    pub tiers: Vec<FilterOption>,
    /// Conditions met or not.
    pub conditions: Vec<FilterOption>,
    /// Places left or not.
    pub free: Vec<FilterOption>,
    /// The rows of this page.
    pub rows: Vec<SchoolRow>,
    /// Which page it is.
    pub paging: Paging,
    /// Places offered by all schools that fit the filters.
    pub offered: u32,
    /// Places taken at all of them.
    pub used: u32,
}

/// One school.
#[derive(Debug, Clone)]
pub struct SchoolRow {
    /// School code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Place.
    pub place: String,
    /// Name of the board.
    pub board: String,
    /// What it is in each partnership: sign and name, such as kern in "OPLIS".
    pub tiers: Vec<TierMark>,
    /// Places offered; nothing when the school has not answered yet.
    pub offered: Option<u32>,
    /// Places taken.
    pub used: u32,
    /// School trainers.
    pub trainers: u32,
    /// Whether the conditions are met, with words; nothing for a school outside the partnerships.
    pub conditions: Option<(Met, String)>,
}

/// Kern or schil in a partnership.
#[derive(Debug, Clone)]
pub struct TierMark {
    /// The sign.
    pub sign: Sign,
    /// The word: kern, schil or buiten.
    pub word: String,
    /// Name of the partnership, when there is more than one.
    pub partnership: String,
}

/// The sign and word of a tier.
pub fn tier(mark: &TierMark) -> Markup {
    html! {
        span class={ "standing standing-" (mark.sign.class()) } {
            (sign(mark.sign)) (mark.word)
            @if !mark.partnership.is_empty() { span class="muted" { " " (mark.partnership) } }
        }
    }
}

fn row(round: &RoundRef, school: &SchoolRow) -> Markup {
    html! {
        tr {
            th scope="row" {
                a href=(round.path(&format!("scholen/{}", school.code))) { (school.name) }
                span class="row-code" { (school.code) @if !school.place.is_empty() { " · " (school.place) } }
            }
            td { (school.board) }
            td { @for mark in &school.tiers { (tier(mark)) } }
            @match school.offered {
                Some(offered) => {
                    td class="figure" { (number(offered)) }
                    td class="figure" { (number(school.used)) (meter(school.used, offered)) }
                    td class="figure" { (number(offered.saturating_sub(school.used))) }
                }
                None => { td class="muted" colspan="3" { "Nog geen antwoord" } }
            }
            td class="figure" { (number(school.trainers)) }
            td { @if let Some((is, words)) = &school.conditions { (met(*is, words)) } @else { span class="muted" { "–" } } }
        }
    }
}

fn filter_form(path: &str, view: &SchoolsView) -> Markup {
    let filter = &view.filter;
    html! {
        form class="filters" method="get" action=(path) role="search" aria-label="Scholen zoeken en filteren" {
            (search("zoek", "Zoek op naam, code of plaats", &filter.zoek))
            @if view.partnerships.len() > 1 { (select("partnerschap", "Partnerschap", "Alle", &filter.partnerschap, &view.partnerships)) }
            (select("bestuur", "Bestuur", "Alle", &filter.bestuur, &view.boards))
            (select("rol", "Kern of schil", "Alle", &filter.rol, &view.tiers))
            (select("voorwaarden", "Voorwaarden", "Alle", &filter.voorwaarden, &view.conditions))
            (select("vrij", "Plek vrij", "Alle", &filter.vrij, &view.free))
            (crate::components::filters::hidden(&[("aantal", if filter.aantal == 100 { "100" } else { "" })]))
            (apply((!filter.filters().is_empty()).then_some(path)))
        }
    }
}

/// `/rondes/{slug}/scholen`
pub fn schools_page(frame: &Frame, view: &SchoolsView) -> Markup {
    let path = view.round.path("scholen");
    let pairs = view.filter.pairs();
    let order = Order { path: &path, pairs: &pairs, column: view.filter.volgorde.code(), direction: view.filter.richting };
    let head = html! {
        tr {
            (order.head("naam", "School"))
            (order.head("bestuur", "Bestuur"))
            th scope="col" { "Kern of schil" }
            (order.head_figure("aangeboden", "Plekken"))
            (order.head_figure("bezet", "Bezet"))
            (order.head_figure("vrij", "Vrij"))
            th scope="col" class="figure" { "Opleiders" }
            th scope="col" { "Voorwaarden" }
        }
    };
    let rows = html! { @for school in &view.rows { (row(&view.round, school)) } };
    let body = html! {
        (filter_form(&path, view))
        @if view.rows.is_empty() {
            @if view.filter.filters().is_empty() {
                (empty("Er zijn nog geen scholen in deze ronde", &html! { p { a href="/importeren" { "Laad een werkboek met scholen en plekken" } } }))
            } @else {
                (empty("Geen school past bij deze filters", &html! { p { a href=(path) { "Wis de filters" } } }))
            }
        } @else {
            div class="table-bar" { (pagination(&path, &pairs, &view.paging)) (export(&href(&view.round.path("scholen.xlsx"), &pairs))) }
            (table("Scholen en plekken", Density::Dense, &head, &rows))
            (pagination_below(&path, &pairs, &view.paging))
        }
    };
    let lead = format!(
        "{} met {}, waarvan {} bezet.",
        counted(view.paging.rows, "school", "scholen"),
        counted(view.offered, "plek", "plekken"),
        number(view.used)
    );
    page(frame, Title::new("Scholen en plekken").lead(&lead), &body)
}
