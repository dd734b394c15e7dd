//! One mutation: the plans side by side, who moves and why, the figures, and the button that says what will happen.

use kernschil_domain::coverage::CoverageStatus;
use maud::{Markup, html};

use crate::components::figures::facts;
use crate::components::forms::{csrf, submit};
use crate::components::icons::{Icon, icon};
use crate::components::nav::RoundRef;
use crate::components::page::{Frame, Title, page};
use crate::components::signs::standing;
use crate::components::status::{Tone, tag, warning};
use crate::components::table::{Density, export, table};
use crate::components::text::{change, counted, number};

/// One mutation.
#[derive(Debug, Clone, Default)]
pub struct MutationView {
    /// Which round.
    pub round: RoundRef,
    /// Identifier in addresses.
    pub id: String,
    /// What happened.
    pub what: String,
    /// The kind.
    pub kind: String,
    /// How far it is.
    pub state: Option<(Tone, String)>,
    /// When it was noted, and by whom where that may be known.
    pub noted: String,
    /// When it ended, or nothing.
    pub ended: String,
    /// A note for colleagues, or nothing.
    pub note: String,
    /// Version, for the forms.
    pub version: String,
    /// How far it is, for what can be done.
    pub stage: Stage,
    /// Where one sees how far the making of the plan is, or nothing.
    pub planning: String,
    /// When the plan was made, or nothing.
    pub planned: String,
    /// The plans.
    pub options: Vec<OptionPanel>,
    /// What fewer and more moves would mean, as sentences.
    pub prices: Vec<String>,
    /// Steps of the price: students outside, students who move, and whether fewer is impossible.
    pub steps: Vec<PriceStep>,
}

/// What can be done with it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Stage {
    /// There is no plan yet.
    #[default]
    Noted,
    /// There is a plan that answers the round.
    Planned,
    /// There is a plan, and the round changed since.
    Outdated,
    /// It was carried out.
    Done,
    /// It was taken back.
    Cancelled,
}

/// One step of the price.
#[derive(Debug, Clone)]
pub struct PriceStep {
    /// Students outside samen opleiden, at most.
    pub outside: u32,
    /// Students who must move.
    pub moved: u32,
    /// Whether fewer is impossible.
    pub proven: String,
}

/// One way to deal with it.
#[derive(Debug, Clone, Default)]
pub struct OptionPanel {
    /// Code of the order.
    pub code: String,
    /// What goes first.
    pub title: String,
    /// What that means.
    pub lead: String,
    /// Figures: words, before, after.
    pub figures: Vec<FigureLine>,
    /// Who moves.
    pub moves: Vec<MoveLine>,
    /// Who has no place in the end, and why.
    pub waiting: Vec<(String, String)>,
    /// What else happens, as sentences.
    pub also: Vec<String>,
    /// What is proven about it.
    pub proof: String,
    /// Words on the button.
    pub button: String,
    /// Whether this is what was done.
    pub chosen: Chosen,
}

/// Whether an option was carried out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Chosen {
    /// It was.
    Yes,
    /// It was not, or nothing was yet.
    #[default]
    No,
}

/// A figure before and after.
#[derive(Debug, Clone)]
pub struct FigureLine {
    /// What is counted.
    pub label: String,
    /// Before.
    pub before: u32,
    /// After.
    pub after: u32,
}

/// Who goes from where to where.
#[derive(Debug, Clone)]
pub struct MoveLine {
    /// Identifier of the student.
    pub student: String,
    /// Name.
    pub name: String,
    /// Number and phase.
    pub about: String,
    /// From where; nothing means no place.
    pub from: Option<StopCell>,
    /// To where; nothing means no place.
    pub to: Option<StopCell>,
    /// Why.
    pub why: String,
}

/// A school in a move.
#[derive(Debug, Clone)]
pub struct StopCell {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// What it counts as.
    pub status: CoverageStatus,
    /// Minutes and wish, in words.
    pub about: String,
}

fn stop(round: &RoundRef, cell: Option<&StopCell>) -> Markup {
    html! {
        @if let Some(cell) = cell {
            a href=(round.path(&format!("scholen/{}", cell.code))) { (cell.name) }
            " " (standing(cell.status))
            @if !cell.about.is_empty() { span class="row-code" { (cell.about) } }
        } @else { span class="signal-text" { "geen plek" } }
    }
}

fn moves(view: &MutationView, panel: &OptionPanel) -> Markup {
    let head = html! { tr { th scope="col" { "Student" } th scope="col" { "Van" } th scope="col" { "Naar" } th scope="col" { "Waarom" } } };
    let rows = html! {
        @for line in &panel.moves {
            tr {
                th scope="row" { a href=(view.round.path(&format!("studenten/{}", line.student))) { (line.name) } span class="row-code" { (line.about) } }
                td { (stop(&view.round, line.from.as_ref())) }
                td { (stop(&view.round, line.to.as_ref())) }
                td { (line.why) }
            }
        }
    };
    html! {
        @if panel.moves.is_empty() { p { "Niemand verhuist en niemand verliest een plek." } }
        @else { (table(&format!("Wie verhuist, {}", panel.title), Density::Dense, &head, &rows)) }
    }
}

fn figures(panel: &OptionPanel) -> Markup {
    let head = html! { tr { th scope="col" { "Cijfers" } th scope="col" class="figure" { "Voor" } th scope="col" class="figure" { "Na" } th scope="col" class="figure" { "Verschil" } } };
    let difference = |line: &FigureLine| i32::try_from(i64::from(line.after) - i64::from(line.before)).unwrap_or_default();
    let rows = html! {
        @for line in &panel.figures {
            tr {
                th scope="row" { (line.label) }
                td class="figure" { (number(line.before)) }
                td class="figure" { (number(line.after)) }
                td class="figure" { (change(difference(line))) }
            }
        }
    };
    table(&format!("Voor en na, {}", panel.title), Density::Dense, &head, &rows)
}

fn panel(frame: &Frame, view: &MutationView, panel: &OptionPanel) -> Markup {
    let base = view.round.path(&format!("wijzigingen/{}", view.id));
    html! {
        section class="panel" aria-labelledby={ "plan-" (panel.code) } {
            div class="panel-head" {
                h2 id={ "plan-" (panel.code) } { (panel.title) @if panel.chosen == Chosen::Yes { " " (tag(Tone::Good, "doorgevoerd")) } }
                (export(&format!("{base}/verplaatsingen.xlsx?volgorde={}", panel.code)))
            }
            p class="muted" { (panel.lead) }
            @if !panel.also.is_empty() { ul class="bullets" { @for sentence in &panel.also { li { (sentence) } } } }
            @if view.stage == Stage::Planned {
                form class="form plan-button" method="post" action={ (base) "/doorvoeren" } {
                    (csrf(&frame.csrf))
                    input type="hidden" name="versie" value=(view.version);
                    input type="hidden" name="volgorde" value=(panel.code);
                    (submit(&panel.button))
                }
            }
            (figures(panel))
            (moves(view, panel))
            @if !panel.waiting.is_empty() {
                h3 { "Zonder plek: op de wachtlijst" }
                ul class="bullets" { @for (name, why) in &panel.waiting { li { strong { (name) } @if !why.is_empty() { ". " (why) } } } }
            }
            @if !panel.proof.is_empty() { p class="small muted" { (panel.proof) } }
        }
    }
}

fn prices(view: &MutationView) -> Markup {
    let head = html! { tr { th scope="col" class="figure" { "Hoogstens buiten" } th scope="col" class="figure" { "Verhuizen ten minste" } th scope="col" { "Bewijs" } } };
    let rows = html! { @for step in &view.steps { tr { td class="figure" { (number(step.outside)) } td class="figure" { (number(step.moved)) } td { (step.proven) } } } };
    html! {
        @if !view.prices.is_empty() {
            section class="panel" aria-labelledby="prijs" {
                h2 id="prijs" { "Wat een verhuizing meer of minder oplevert" }
                ul class="bullets" { @for sentence in &view.prices { li { (sentence) } } }
                @if view.steps.len() > 1 { (table("Prijs van minder studenten buiten samen opleiden", Density::Dense, &head, &rows)) }
            }
        }
    }
}

fn post(frame: &Frame, view: &MutationView, action: &str, button: &Markup) -> Markup {
    html! {
        form class="form inline-form" method="post" action={ (view.round.path(&format!("wijzigingen/{}", view.id))) "/" (action) } {
            (csrf(&frame.csrf))
            input type="hidden" name="versie" value=(view.version);
            (button)
        }
    }
}

fn actions(frame: &Frame, view: &MutationView) -> Markup {
    let quiet = |words: &str| html! { button class="button button-quiet" type="submit" { (words) } };
    html! {
        @if !view.planning.is_empty() { p { "Er wordt een plan gemaakt. " a href=(view.planning) { "Bekijk hoe ver het is" } } }
        @match view.stage {
            Stage::Noted if !view.planning.is_empty() => {}
            Stage::Noted => {
                p { "Er is nog geen plan. Er verhuist nog niemand." }
                (post(frame, view, "plan", &submit("Maak een plan")))
                (post(frame, view, "vervallen", &quiet("Laat deze wijziging vervallen")))
            }
            Stage::Outdated => {
                (warning(&html! { p { strong { "De ronde is veranderd sinds dit plan." } " Maak het plan opnieuw; er is nog niemand verhuisd." } }))
                (post(frame, view, "plan", &submit("Maak het plan opnieuw")))
                (post(frame, view, "vervallen", &quiet("Laat deze wijziging vervallen")))
            }
            Stage::Planned => {}
            Stage::Done => { div class="note" { (icon(Icon::Tick)) p { "Deze wijziging is doorgevoerd. Wie het aangaat, heeft een brief." } } }
            Stage::Cancelled => { p { "Deze wijziging is vervallen. Er is niets veranderd." } }
        }
    }
}

/// `/rondes/{slug}/wijzigingen/{id}`
pub fn mutation_page(frame: &Frame, view: &MutationView) -> Markup {
    let mut known = vec![("Soort", html! { (view.kind) })];
    if let Some((tone, words)) = &view.state {
        known.push(("Stand", tag(*tone, words)));
    }
    known.push(("Gemeld", html! { (view.noted) }));
    if !view.ended.is_empty() {
        known.push(("Afgerond", html! { (view.ended) }));
    }
    if !view.planned.is_empty() {
        known.push(("Plan gemaakt", html! { (view.planned) }));
    }
    if !view.note.is_empty() {
        known.push(("Notitie", html! { (view.note) }));
    }
    let shown: Vec<_> = view.options.iter().filter(|panel| view.stage != Stage::Done || panel.chosen == Chosen::Yes).collect();
    let body = html! {
        (facts(&known))
        (actions(frame, view))
        @if shown.len() > 1 { p class="lead" { "Er zijn twee plannen. Ze verschillen in wat voorgaat." } }
        div class={ @if shown.len() > 1 { "two-columns even" } } { @for one in &shown { (panel(frame, view, one)) } }
        @if view.stage != Stage::Done { (prices(view)) }
        @if view.stage == Stage::Planned { (post(frame, view, "vervallen", &html! { button class="button button-quiet" type="submit" { "Laat deze wijziging vervallen" } })) }
    };
    let up = view.round.path("wijzigingen");
    let moved = counted(u32::try_from(shown.first().map_or(0, |panel| panel.moves.len())).unwrap_or(0), "student", "studenten");
    let lead = if shown.is_empty() { String::new() } else { format!("Het gaat om {moved}; voor alle anderen verandert er niets.") };
    page(frame, Title::new(&view.what).lead(&lead).trail(&[(&view.round.name, &view.round.path("")), ("Wijzigingen", &up)]), &body)
}
