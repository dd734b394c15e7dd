//! Changes after publication: the list, and noting a new one. Names never stand in an address: searching is a POST.

use maud::{Markup, html};
use serde::Deserialize;

use crate::components::figures::empty;
use crate::components::filters::{FilterOption, apply, hidden, search, select};
use crate::components::forms::{Choice, FieldError, Input, InputKind, choose, csrf, input, radios, submit};
use crate::components::nav::RoundRef;
use crate::components::page::{Frame, Title, form_page, page};
use crate::components::status::{Tone, note, tag};
use crate::components::table::{Density, Direction, Order, Paging, export, pagination, pagination_below, table};
use crate::components::text::counted;
use crate::components::url::href;

/// Column the list is ordered by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MutationSort {
    /// By the moment it was noted, the newest first.
    #[default]
    Gemeld,
    /// By kind.
    Soort,
    /// By how far it is.
    Stand,
}

impl MutationSort {
    fn code(self) -> &'static str {
        match self {
            Self::Gemeld => "gemeld",
            Self::Soort => "soort",
            Self::Stand => "stand",
        }
    }
}

/// What is asked of the list, as it stands in the address. Empty means no filter.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct MutationFilter {
    /// Code of a kind.
    pub soort: String,
    /// Code of a state.
    pub stand: String,
    /// Column of the order.
    pub volgorde: MutationSort,
    /// Direction of the order.
    pub richting: Direction,
    /// Page, from 1; 0 means the first.
    pub pagina: u32,
    /// Rows on a page; 0 means 50.
    pub aantal: u32,
}

impl MutationFilter {
    fn filters(&self) -> Vec<(&'static str, &str)> {
        let pairs = [("soort", self.soort.as_str()), ("stand", &self.stand)];
        pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    fn pairs(&self) -> Vec<(&'static str, &str)> {
        let mut pairs = self.filters();
        if self.volgorde != MutationSort::default() {
            pairs.push(("volgorde", self.volgorde.code()));
        }
        pairs.push(("richting", self.richting.value()));
        pairs.push(("aantal", if self.aantal == 100 { "100" } else { "" }));
        pairs
    }
}

/// Whether something can be noted in the round as it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Noting {
    /// It can.
    #[default]
    Open,
    /// It cannot, and why.
    Shut(String),
}

/// The list of mutations.
#[derive(Debug, Clone, Default)]
pub struct MutationsView {
    /// Which round.
    pub round: RoundRef,
    /// What was asked.
    pub filter: MutationFilter,
    /// Text that was searched for by POST, or nothing.
    pub search: String,
    /// Kinds to choose from.
    pub kinds: Vec<FilterOption>,
    /// States to choose from.
    pub states: Vec<FilterOption>,
    /// The rows of this page; of a search all that were found.
    pub rows: Vec<MutationLine>,
    /// Which page it is; of a search only `rows` is used.
    pub paging: Paging,
    /// Students without a place.
    pub waiting: u32,
    /// Whether something can be noted.
    pub noting: Noting,
}

/// One mutation.
#[derive(Debug, Clone)]
pub struct MutationLine {
    /// Identifier in addresses.
    pub id: String,
    /// What happened.
    pub what: String,
    /// The kind.
    pub kind: String,
    /// How far it is, with its tone.
    pub state: (Tone, String),
    /// When it was noted.
    pub noted: String,
    /// By whom, or nothing.
    pub by: String,
    /// What came of it, or nothing.
    pub outcome: String,
}

fn row(round: &RoundRef, line: &MutationLine) -> Markup {
    html! {
        tr {
            th scope="row" { a href=(round.path(&format!("wijzigingen/{}", line.id))) { (line.what) } }
            td { (line.kind) }
            td { (tag(line.state.0, &line.state.1)) }
            td { (line.noted) @if !line.by.is_empty() { span class="row-code" { (line.by) } } }
            td { @if line.outcome.is_empty() { span class="muted" { "–" } } @else { (line.outcome) } }
        }
    }
}

fn filter_forms(frame: &Frame, view: &MutationsView, path: &str) -> Markup {
    let filter = &view.filter;
    html! {
        form class="filters" method="post" action=(path) role="search" aria-label="Wijziging zoeken" {
            (csrf(&frame.csrf))
            (search("zoek", "Zoek op student, school of opleider", &view.search))
            (apply((!view.search.is_empty()).then_some(path)))
        }
        form class="filters" method="get" action=(path) aria-label="Wijzigingen filteren" {
            (select("soort", "Wat er gebeurde", "Alles", &filter.soort, &view.kinds))
            (select("stand", "Stand", "Alle", &filter.stand, &view.states))
            (hidden(&[("volgorde", if filter.volgorde == MutationSort::default() { "" } else { filter.volgorde.code() }), ("richting", filter.richting.value())]))
            (apply((!filter.filters().is_empty()).then_some(path)))
        }
    }
}

fn new_link(view: &MutationsView) -> Markup {
    html! {
        @match &view.noting {
            Noting::Open => { p { a class="button" href=(view.round.path("wijzigingen/nieuw")) { "Meld een wijziging" } } }
            Noting::Shut(why) => { (note(&html! { p { (why) } })) }
        }
    }
}

/// `/rondes/{slug}/wijzigingen`
pub fn mutations_page(frame: &Frame, view: &MutationsView) -> Markup {
    let path = view.round.path("wijzigingen");
    let pairs = view.filter.pairs();
    let order = Order { path: &path, pairs: &pairs, column: view.filter.volgorde.code(), direction: view.filter.richting };
    let head = html! {
        tr {
            th scope="col" { "Wat er gebeurde" }
            (order.head("soort", "Soort"))
            (order.head("stand", "Stand"))
            (order.head("gemeld", "Gemeld"))
            th scope="col" { "Gevolg" }
        }
    };
    let rows = html! { @for line in &view.rows { (row(&view.round, line)) } };
    let is_bare = view.search.is_empty() && view.filter.filters().is_empty();
    let body = html! {
        (new_link(view))
        p { a href=(view.round.path("wachtlijst")) { "Wachtlijst: " (counted(view.waiting, "student", "studenten")) " zonder plek" } }
        @if view.rows.is_empty() && is_bare {
            (empty("Er zijn nog geen wijzigingen", &html! {
                p { "Hier meldt u wat er na de bekendmaking verandert: een school trekt plekken in, een opleider valt uit, een student stopt, komt later of wordt geweigerd, of er komen meer studenten." }
                p { "Kernschil zoekt dan wie er zo weinig mogelijk moet verhuizen. U kiest het plan; alleen wie het aangaat, krijgt een brief." }
            }))
        } @else {
            (filter_forms(frame, view, &path))
            @if view.rows.is_empty() { (empty("Geen wijziging past hierbij", &html! { p { a href=(path) { "Toon alle wijzigingen" } } })) }
            @else {
                div class="table-bar" {
                    @if view.search.is_empty() { (pagination(&path, &pairs, &view.paging)) (export(&href(&view.round.path("wijzigingen.xlsx"), &pairs))) }
                    @else { p { (counted(view.paging.rows, "wijziging gevonden", "wijzigingen gevonden")) } }
                }
                (table("Wijzigingen na de bekendmaking", Density::Roomy, &head, &rows))
                @if view.search.is_empty() { (pagination_below(&path, &pairs, &view.paging)) }
            }
        }
    };
    let lead = "Wat er verandert nadat scholen en studenten het weten, met zo weinig mogelijk verhuizingen.";
    page(frame, Title::new("Wijzigingen").lead(lead).trail(&[(&view.round.name, &view.round.path(""))]), &body)
}

/// The first step of noting: what kind of thing happened.
#[derive(Debug, Clone, Default)]
pub struct KindStep {
    /// Which round.
    pub round: RoundRef,
    /// Kinds to choose from.
    pub kinds: Vec<Choice>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// `/rondes/{slug}/wijzigingen/nieuw`
pub fn kind_step_page(frame: &Frame, view: &KindStep) -> Markup {
    let path = view.round.path("wijzigingen/nieuw");
    let up = view.round.path("wijzigingen");
    let body = html! {
        form class="form" method="get" action=(path) {
            (radios("soort", "Wat is er gebeurd?", "", &view.kinds, &view.errors))
            (submit("Verder"))
        }
    };
    let title = Title::new("Wijziging melden").lead("Er verandert nog niets. U ziet eerst een plan.");
    form_page(frame, title.trail(&[(&view.round.name, &view.round.path("")), ("Wijzigingen", &up)]), &view.errors, &body)
}

/// What is asked about what happened.
#[derive(Debug, Clone, Default)]
pub enum Details {
    /// Which offer, and how many places are left.
    Places {
        /// Offers to choose from.
        offers: Vec<(String, String)>,
        /// The chosen one.
        offer: String,
        /// Places left, as filled in.
        left: String,
    },
    /// Which trainer.
    Trainer {
        /// Trainers to choose from.
        trainers: Vec<(String, String)>,
        /// The chosen one.
        trainer: String,
    },
    /// Which student; searched for first.
    Student(StudentChoice),
    /// Nothing.
    #[default]
    Nothing,
}

/// A student to choose.
#[derive(Debug, Clone, Default)]
pub struct StudentChoice {
    /// Text that was searched for, or nothing.
    pub search: String,
    /// Who was found; nobody before a search.
    pub found: Vec<FoundStudent>,
    /// The chosen demand, with its words.
    pub chosen: Option<(String, String)>,
}

/// A student who was found.
#[derive(Debug, Clone)]
pub struct FoundStudent {
    /// The demand.
    pub demand: String,
    /// Name.
    pub name: String,
    /// Number, phase, period and place.
    pub about: String,
}

/// The second step of noting.
#[derive(Debug, Clone, Default)]
pub struct DetailStep {
    /// Which round.
    pub round: RoundRef,
    /// Code of the kind.
    pub kind: String,
    /// The kind in words.
    pub kind_words: String,
    /// What it means, in a sentence.
    pub explanation: String,
    /// What is asked.
    pub details: Details,
    /// The note, as filled in.
    pub note: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

fn find_form(frame: &Frame, view: &DetailStep, choice: &StudentChoice) -> Markup {
    let path = view.round.path("wijzigingen/student");
    html! {
        form class="filters" method="post" action=(path) role="search" aria-label="Student zoeken" {
            (csrf(&frame.csrf))
            (hidden(&[("soort", view.kind.as_str())]))
            (search("zoek", "Zoek de student op naam of nummer", &choice.search))
            (apply(None))
        }
        @if !choice.search.is_empty() && choice.found.is_empty() { p { "Geen student gevonden bij wie dit kan. Probeer een deel van de naam of het nummer." } }
        @if !choice.found.is_empty() {
            ul class="plain choose-list" {
                @for student in &choice.found {
                    li {
                        a href=(href(&view.round.path("wijzigingen/nieuw"), &[("soort", view.kind.as_str()), ("vraag", student.demand.as_str())])) { (student.name) }
                        " " span class="muted" { (student.about) }
                    }
                }
            }
        }
    }
}

fn asked(view: &DetailStep) -> Markup {
    match &view.details {
        Details::Places { offers, offer, left } => html! {
            (choose("aanbod", "Welke plekken?", "School, fasen, groepen en periode; tussen haakjes hoeveel plekken bezet zijn.", offer, offers, &view.errors))
            (input(Input::text("over", "Hoeveel plekken blijven over?", left).kind(InputKind::Digits), &view.errors))
        },
        Details::Trainer { trainers, trainer } => choose(
            "opleider",
            "Welke opleider?",
            "In deze ronde begeleidt de opleider vanaf vandaag niemand meer.",
            trainer,
            trainers,
            &view.errors,
        ),
        Details::Student(choice) => html! {
            @if let Some((demand, words)) = &choice.chosen {
                p { strong { (words) } }
                (hidden(&[("vraag", demand.as_str())]))
            }
        },
        Details::Nothing => html! {},
    }
}

/// The second step: which school, trainer or student.
pub fn detail_step_page(frame: &Frame, view: &DetailStep) -> Markup {
    let path = view.round.path("wijzigingen/nieuw");
    let up = view.round.path("wijzigingen");
    let waits = matches!(&view.details, Details::Student(choice) if choice.chosen.is_none());
    let body = html! {
        p { (view.explanation) }
        @if let Details::Student(choice) = &view.details { @if waits { (find_form(frame, view, choice)) } }
        @if !waits {
            form class="form" method="post" action=(path) {
                (csrf(&frame.csrf))
                (hidden(&[("soort", view.kind.as_str())]))
                (asked(view))
                (input(Input::text("notitie", "Notitie voor collega's (mag leeg blijven)", &view.note).hint("Geen namen van anderen en niets over gezondheid."), &view.errors))
                (submit("Meld de wijziging en maak een plan"))
                p class="small muted" { "Er verhuist nog niemand en er gaat nog geen brief uit." }
            }
        }
        p { a href=(path) { "Kies iets anders" } }
    };
    let title = Title::new(&view.kind_words);
    form_page(frame, title.trail(&[(&view.round.name, &view.round.path("")), ("Wijzigingen", &up)]), &view.errors, &body)
}
