//! Who is waited for: the schools of a round with what they said.

use maud::{Markup, html};
use serde::Deserialize;

use crate::components::figures::{Figure, empty, figures};
use crate::components::filters::{FilterOption, apply, search, select};
use crate::components::forms::csrf;
use crate::components::nav::RoundRef;
use crate::components::page::{Frame, Title, page};
use crate::components::status::{Tone, tag};
use crate::components::table::{Density, Direction, Order, Paging, export, pagination, pagination_below, table};
use crate::components::text::{counted, number};
use crate::components::url::href;

/// Column the schools are ordered by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerSort {
    /// By name.
    #[default]
    Naam,
    /// By board.
    Bestuur,
    /// By what they said: those that are waited for first.
    Antwoord,
    /// By when they were asked.
    Gevraagd,
}

impl AnswerSort {
    fn code(self) -> &'static str {
        match self {
            Self::Naam => "naam",
            Self::Bestuur => "bestuur",
            Self::Antwoord => "antwoord",
            Self::Gevraagd => "gevraagd",
        }
    }
}

/// What is asked of the list, as it stands in the address. Empty means no filter.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct AnswerFilter {
    /// Text in code, name, place or board.
    pub zoek: String,
    /// Code of an answer.
    pub antwoord: String,
    /// Name of a partnership.
    pub partnerschap: String,
    /// `ja` or `nee`: has an e-mail address.
    pub mail: String,
    /// Column of the order.
    pub volgorde: AnswerSort,
    /// Direction of the order.
    pub richting: Direction,
    /// Page, from 1; 0 means the first.
    pub pagina: u32,
    /// Rows on a page; 0 means 50.
    pub aantal: u32,
    /// What just happened.
    pub gedaan: String,
    /// Mails that were just queued.
    pub mails: u32,
    /// Schools without an address just then.
    pub zonder: u32,
}

impl AnswerFilter {
    fn filters(&self) -> Vec<(&'static str, &str)> {
        let pairs =
            [("zoek", self.zoek.as_str()), ("antwoord", &self.antwoord), ("partnerschap", &self.partnerschap), ("mail", &self.mail)];
        pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// Filters, order and page size.
    pub fn pairs(&self) -> Vec<(&'static str, &str)> {
        let mut pairs = self.filters();
        if self.volgorde != AnswerSort::default() {
            pairs.push(("volgorde", self.volgorde.code()));
        }
        pairs.push(("richting", self.richting.value()));
        pairs.push(("aantal", if self.aantal == 100 { "100" } else { "" }));
        pairs
    }
}

/// The list of schools with what they said.
#[derive(Debug, Clone, Default)]
pub struct AnswersView {
    /// Which round.
    pub round: RoundRef,
    /// What was asked.
    pub filter: AnswerFilter,
    /// Answers to choose from.
    pub answers: Vec<FilterOption>,
    /// Partnerships to choose from.
    pub partnerships: Vec<FilterOption>,
    /// With an e-mail address or not.
    pub contacts: Vec<FilterOption>,
    /// The rows of this page.
    pub rows: Vec<AnswerRow>,
    /// Which page it is.
    pub paging: Paging,
    /// Schools in all that are waited for.
    pub waiting: u32,
    /// Of those, that mail reaches and that were not asked today.
    pub reachable: u32,
    /// Of those, without an e-mail address.
    pub without_address: u32,
    /// Schools without places.
    pub none: u32,
    /// Schools with places.
    pub with_places: u32,
    /// Schools in all.
    pub schools: u32,
    /// When the places are due, in words; empty when there is no date.
    pub due: String,
    /// Whether the round can still be changed.
    pub round_state: RoundLock,
}

/// Whether answers can still be noted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RoundLock {
    /// They can.
    #[default]
    Open,
    /// The round is fixed.
    Locked,
}

/// What a school said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// Nothing yet.
    Waiting,
    /// No places.
    None,
    /// So many places.
    Places(u32),
}

/// One school.
#[derive(Debug, Clone)]
pub struct AnswerRow {
    /// School code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Place.
    pub place: String,
    /// Board.
    pub board: String,
    /// Kern or schil.
    pub tier: String,
    /// What it said.
    pub said: Said,
    /// When it was asked, in words.
    pub asked: String,
    /// When it was reminded, in words.
    pub reminded: String,
    /// When it answered, in words.
    pub answered: String,
    /// Words when no mail reaches it; empty otherwise.
    pub contact: String,
}

impl Said {
    /// The words in a table.
    pub fn words(self) -> String {
        match self {
            Self::Waiting => "nog geen antwoord".to_owned(),
            Self::None => "geen plekken".to_owned(),
            Self::Places(places) => counted(places, "plek", "plekken"),
        }
    }

    fn tag(self) -> Markup {
        match self {
            Self::Waiting => tag(Tone::Signal, &self.words()),
            Self::None => tag(Tone::Quiet, &self.words()),
            Self::Places(_) => tag(Tone::Good, &self.words()),
        }
    }
}

fn row(frame: &Frame, view: &AnswersView, school: &AnswerRow) -> Markup {
    let button = match (view.round_state, school.said) {
        (RoundLock::Locked, _) | (_, Said::Places(_)) => None,
        (RoundLock::Open, Said::Waiting) => Some(("none", "Geen plekken noteren")),
        (RoundLock::Open, Said::None) => Some(("waiting", "Toch nog wachten")),
    };
    html! {
        tr {
            th scope="row" {
                a href=(view.round.path(&format!("scholen/{}", school.code))) { (school.name) }
                span class="row-code" { (school.code) @if !school.place.is_empty() { " · " (school.place) } }
            }
            td { (school.board) }
            td { (school.tier) }
            td { (school.said.tag()) @if !school.answered.is_empty() { span class="row-code" { "op " (school.answered) } } }
            td { (school.asked) @if !school.reminded.is_empty() { span class="row-code" { "herinnerd op " (school.reminded) } } }
            td {
                @if let Some((said, words)) = button {
                    form method="post" action=(view.round.path(&format!("antwoorden/{}", school.code))) {
                        (csrf(&frame.csrf))
                        input type="hidden" name="answer" value=(said);
                        button class="link-button" type="submit" { (words) span class="visually-hidden" { " bij " (school.name) } }
                    }
                }
                @if school.said == Said::Waiting && !school.contact.is_empty() { span class="row-code" { (school.contact) } }
            }
        }
    }
}

fn ask(frame: &Frame, view: &AnswersView) -> Markup {
    html! {
        section class="panel" aria-labelledby="vragen" {
            h2 id="vragen" { "Vragen en herinneren" }
            @if view.waiting == 0 { p { "Alle scholen hebben geantwoord. U hoeft op niemand te wachten." } }
            @else if view.due.is_empty() {
                p { "Er is nog geen datum waarop de plekken binnen moeten zijn. " a href=(view.round.path("stappen")) { "Vul die datum eerst in" } "." }
            } @else {
                p {
                    "U wacht op " strong { (counted(view.waiting, "school", "scholen")) } ". De plekken moeten binnen zijn op " (view.due) "."
                    @if view.without_address > 0 {
                        " Van " (counted(view.without_address, "school", "scholen")) " is geen e-mailadres bekend: "
                        a href=(href(&view.round.path("antwoorden"), &[("antwoord", "waiting"), ("mail", "nee")])) { "bekijk die en bel" } "."
                    }
                }
                @if view.round_state == RoundLock::Open && view.reachable > 0 {
                    form method="post" action=(view.round.path("antwoorden/vragen")) {
                        (csrf(&frame.csrf))
                        button class="button" type="submit" { "Mail " (counted(view.reachable, "school", "scholen")) " nu" }
                    }
                    p class="hint" { "Elke school krijgt hoogstens één mail per dag." }
                }
            }
        }
    }
}

/// `/rondes/{slug}/antwoorden`
pub fn answers_page(frame: &Frame, view: &AnswersView) -> Markup {
    let path = view.round.path("antwoorden");
    let pairs = view.filter.pairs();
    let only = |answer: &str| href(&path, &[("antwoord", answer)]);
    let list = [
        Figure::count("Scholen", view.schools).href(path.clone()),
        Figure::count("Nog geen antwoord", view.waiting).href(only("waiting")),
        Figure::count("Met plekken", view.with_places).href(only("places")),
        Figure::count("Geen plekken", view.none).href(only("none")),
    ];
    let order = Order { path: &path, pairs: &pairs, column: view.filter.volgorde.code(), direction: view.filter.richting };
    let head = html! {
        tr {
            (order.head("naam", "School")) (order.head("bestuur", "Bestuur")) th scope="col" { "Kern of schil" }
            (order.head("antwoord", "Antwoord")) (order.head("gevraagd", "Gevraagd")) th scope="col" { "Doen" }
        }
    };
    let rows = html! { @for school in &view.rows { (row(frame, view, school)) } };
    let filter = &view.filter;
    let body = html! {
        (figures(&list))
        (ask(frame, view))
        form class="filters" method="get" action=(path) role="search" aria-label="Scholen zoeken en filteren" {
            (search("zoek", "Zoek op naam, code of plaats", &filter.zoek))
            (select("antwoord", "Antwoord", "Alle", &filter.antwoord, &view.answers))
            @if view.partnerships.len() > 1 { (select("partnerschap", "Partnerschap", "Alle", &filter.partnerschap, &view.partnerships)) }
            (select("mail", "E-mailadres bekend", "Alle", &filter.mail, &view.contacts))
            (apply((!filter.filters().is_empty()).then_some(path.as_str())))
        }
        @if view.rows.is_empty() { (empty("Geen school past bij deze filters", &html! { p { a href=(path) { "Wis de filters" } } })) }
        @else {
            div class="table-bar" { (pagination(&path, &pairs, &view.paging)) (export(&href(&view.round.path("antwoorden.xlsx"), &pairs))) }
            (table("Scholen en hun antwoord", Density::Dense, &head, &rows))
            (pagination_below(&path, &pairs, &view.paging))
        }
    };
    let lead = format!("{} van {} hebben geantwoord.", number(view.schools - view.waiting), counted(view.schools, "school", "scholen"));
    let overview = view.round.path("");
    page(frame, Title::new("Op wie wacht u?").lead(&lead).trail(&[(&view.round.name, &overview)]), &body)
}
