//! Scenarios of a round: the list, making one, one of them with what came out, choosing and removing, and two beside
//! each other.

mod comparison;
mod form;
mod one;

use maud::{Markup, html};

pub use comparison::{Beside, ComparisonView, DifferenceRow, SideView, comparison_page};
pub use form::{AimField, OfferField, PartField, RuleField, ScenarioForm};
pub use one::{ChoiceView, Found, RemovalView, ScenarioView, choice_page, removal_page, scenario_page};

use crate::components::figures::empty;
use crate::components::filters::{FilterOption, select};
use crate::components::forms::{Choice, FieldError, Input, csrf, input, radios, submit};
use crate::components::nav::RoundRef;
use crate::components::page::{Frame, Title, form_page, page};
use crate::components::signs::{Sign, sign};
use crate::components::status::{Tone, tag, warning};
use crate::components::table::{Density, table};
use crate::components::text::{number, percent};

/// How far a scenario is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// It was never solved.
    New,
    /// It is being solved; the address of the work.
    Solving(String),
    /// What came out still holds.
    Current,
    /// The scenario, or the round, changed since.
    Outdated,
}

impl Stage {
    fn tag(&self) -> Markup {
        match self {
            Self::New => tag(Tone::Quiet, "nog niet doorgerekend"),
            Self::Solving(_) => tag(Tone::Busy, "wordt doorgerekend"),
            Self::Current => tag(Tone::Good, "doorgerekend"),
            Self::Outdated => tag(Tone::Signal, "verouderd"),
        }
    }
}

/// The figures of a line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineFigures {
    /// Students who need a place.
    pub demands: u32,
    /// With one.
    pub placed: u32,
    /// Without one.
    pub unplaced: u32,
    /// At a kern school.
    pub kern: u32,
    /// At a schil school.
    pub schil: u32,
    /// Outside.
    pub outside: u32,
    /// Covered, of those that count.
    pub covered: (u32, u32),
    /// At their first wish.
    pub first_wish: u32,
    /// Average minutes of travel.
    pub average: Option<u32>,
}

/// A scenario in the list.
#[derive(Debug, Clone)]
pub struct ScenarioLine {
    /// Identifier in addresses.
    pub id: String,
    /// Name.
    pub name: String,
    /// How far it is.
    pub stage: Stage,
    /// What it has otherwise than the round, as sentences.
    pub deviations: Vec<String>,
    /// What came out.
    pub figures: Option<LineFigures>,
}

/// A scenario that is ready to be made.
#[derive(Debug, Clone)]
pub struct ReadyCard {
    /// Code in the form.
    pub code: String,
    /// Name it gets.
    pub name: String,
    /// What it is for.
    pub explanation: String,
}

/// The scenarios of a round.
#[derive(Debug, Clone, Default)]
pub struct ScenariosView {
    /// Which round.
    pub round: RoundRef,
    /// What is on the board now.
    pub board: LineFigures,
    /// The scenarios.
    pub lines: Vec<ScenarioLine>,
    /// Those that are ready and were not made yet.
    pub ready: Vec<ReadyCard>,
    /// What has to be done first; empty when nothing has.
    pub missing: String,
}

fn figure_cells(figures: &LineFigures) -> Markup {
    html! {
        td class="figure" { (number(figures.placed)) }
        td class="figure" { @if figures.unplaced > 0 { span class="signal-text" { (number(figures.unplaced)) } } @else { "0" } }
        td class="figure" { (percent(figures.covered.0, figures.covered.1)) }
        td class="figure" { (number(figures.kern)) }
        td class="figure" { (number(figures.schil)) }
        td class="figure" { (number(figures.outside)) }
        td class="figure" { (number(figures.first_wish)) }
        td class="figure" { @if let Some(minutes) = figures.average { (minutes) " min" } @else { "–" } }
    }
}

fn lines(view: &ScenariosView) -> Markup {
    let head = html! {
        tr {
            th scope="col" { "Scenario" }
            th scope="col" class="figure" { "Geplaatst" }
            th scope="col" class="figure" { (sign(Sign::Unplaced)) " Niet" }
            th scope="col" class="figure" { "Dekking" }
            th scope="col" class="figure" { (sign(Sign::Kern)) " Kern" }
            th scope="col" class="figure" { (sign(Sign::Schil)) " Schil" }
            th scope="col" class="figure" { (sign(Sign::Outside)) " Buiten" }
            th scope="col" class="figure" { "Eerste voorkeur" }
            th scope="col" class="figure" { "Gem. reis" }
        }
    };
    let rows = html! {
        tr class="total" { th scope="row" { a href=(view.round.path("plaatsbord")) { "Het plaatsbord nu" } } (figure_cells(&view.board)) }
        @for line in &view.lines {
            tr {
                th scope="row" {
                    a href=(view.round.path(&format!("scenarios/{}", line.id))) { (line.name) }
                    " " (line.stage.tag())
                    @for sentence in line.deviations.iter().take(3) { span class="row-code" { (sentence) } }
                    @if line.deviations.len() > 3 { span class="row-code" { "en nog " (line.deviations.len() - 3) " wijzigingen" } }
                }
                @match &line.figures {
                    Some(figures) => (figure_cells(figures)),
                    None => { td colspan="8" class="muted" { "Reken dit scenario door om de cijfers te zien." } },
                }
            }
        }
    };
    table("Scenario's en hun cijfers", Density::Roomy, &head, &rows)
}

/// A form that asks which two to put beside each other.
fn beside(round: &RoundRef, options: &[FilterOption], chosen: (&str, &str)) -> Markup {
    html! {
        form class="filters filters-two" method="get" action=(round.path("scenarios/vergelijken")) {
            (select("a", "Vergelijk", "Het plaatsbord nu", chosen.0, options))
            (select("b", "met", "Het plaatsbord nu", chosen.1, options))
            div class="filter-buttons" { button class="button button-second" type="submit" { "Vergelijk" } }
        }
    }
}

fn ready(frame: &Frame, view: &ScenariosView) -> Markup {
    html! {
        @if !view.ready.is_empty() {
            section aria-labelledby="klaar" {
                h2 id="klaar" { "Om mee te beginnen" }
                ul class="cards" {
                    @for card in &view.ready {
                        li class="card" {
                            div class="card-head" { h3 { (card.name) } }
                            p { (card.explanation) }
                            form class="card-foot" method="post" action=(view.round.path("scenarios")) {
                                (csrf(&frame.csrf))
                                input type="hidden" name="begin" value=(card.code);
                                input type="hidden" name="naam" value=(card.name);
                                input type="hidden" name="daarna" value="doorrekenen";
                                button class="button button-second" type="submit" { "Maak en reken door" span class="visually-hidden" { ": " (card.name) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// `/rondes/{slug}/scenarios`
pub fn scenarios_page(frame: &Frame, view: &ScenariosView) -> Markup {
    let solved: Vec<_> = view.lines.iter().filter(|line| line.figures.is_some()).collect();
    let options: Vec<_> =
        solved.iter().map(|line| FilterOption { value: line.id.clone(), label: line.name.clone(), count: None }).collect();
    let last = options.last().map(|option| option.value.clone()).unwrap_or_default();
    let body = html! {
        @if !view.missing.is_empty() { (warning(&html! { p { (view.missing) } p { a href="/importeren" { "Laad de gegevens die missen" } } })) }
        @if view.lines.is_empty() {
            (empty("Er zijn nog geen scenario's", &html! {
                p { "Een scenario is een kopie van de ronde met andere regels, plekken of instroom. U rekent het door en legt het naast het plaatsbord. In de ronde zelf verandert niets tot u een scenario kiest." }
                p { a class="button" href=(view.round.path("scenarios/nieuw")) { "Maak een scenario" } }
            }))
        } @else {
            section class="panel" aria-labelledby="lijst" {
                div class="panel-head" {
                    h2 id="lijst" { "Naast elkaar" }
                    a class="button" href=(view.round.path("scenarios/nieuw")) { "Maak een scenario" }
                }
                (lines(view))
                @if !options.is_empty() { (beside(&view.round, &options, ("", &last))) }
            }
        }
        @if view.missing.is_empty() { (ready(frame, view)) }
    };
    let lead = "Wat gebeurt er bij andere regels, andere plekken of meer studenten? Reken het door naast de ronde.";
    page(frame, Title::new("Scenario's").lead(lead), &body)
}

/// Making a scenario.
#[derive(Debug, Clone, Default)]
pub struct NewScenarioView {
    /// Which round.
    pub round: RoundRef,
    /// The name that was filled in.
    pub name: String,
    /// What it begins as.
    pub begin: String,
    /// What it can begin as.
    pub begins: Vec<Choice>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// `/rondes/{slug}/scenarios/nieuw`
pub fn new_scenario_page(frame: &Frame, view: &NewScenarioView) -> Markup {
    let name = Input::text("naam", "Naam", &view.name).hint("Zoals u het scenario in de lijst terugvindt. Elke naam komt één keer voor.");
    let body = html! {
        form class="form" method="post" action=(view.round.path("scenarios")) {
            (csrf(&frame.csrf))
            (input(name, &view.errors))
            (radios("begin", "Waar begint u mee?", &view.begin, &view.begins, &view.errors))
            (submit("Maak het scenario"))
            p class="small muted" { "Daarna past u het aan en rekent u het door. In de ronde verandert niets." }
        }
    };
    let list = view.round.path("scenarios");
    form_page(frame, Title::new("Scenario maken").trail(&[("Scenario's", &list)]), &view.errors, &body)
}
