//! "Waarom hier?": why a student is where she is, why not at a wish, what would have to change, and what else there is.

use kernschil_domain::coverage::CoverageStatus;
use maud::{Markup, html};

use crate::components::nav::RoundRef;
use crate::components::page::{Frame, Title, page};
use crate::components::signs::{sign, sign_of, standing};
use crate::components::status::warning;

/// A student and the reasons.
#[derive(Debug, Clone, Default)]
pub struct WhyView {
    /// Which round.
    pub round: RoundRef,
    /// Name.
    pub name: String,
    /// Where the student is.
    pub student_href: String,
    /// What is known about the proposal behind it: nothing when the answers are of now.
    pub caution: String,
    /// One per place needed.
    pub demands: Vec<DemandReasons>,
}

/// Why one place was given, or none.
#[derive(Debug, Clone)]
pub struct DemandReasons {
    /// Name of the period, and phase.
    pub title: String,
    /// How the student counts.
    pub status: CoverageStatus,
    /// Name of the school and where it is; nothing without a place.
    pub school: Option<(String, String)>,
    /// Minutes of travel.
    pub minutes: Option<u32>,
    /// Why here, or why no place.
    pub because: Vec<String>,
    /// What became of each wish.
    pub wishes: Vec<WishReasons>,
    /// What would have to change; nothing when nothing has to.
    pub change: Option<String>,
    /// Capacities that together are enough.
    pub needed: Vec<String>,
    /// Other places with what they would cost.
    pub alternatives: Vec<AlternativeRow>,
    /// Where another place can be chosen; nothing for who may not.
    pub board_href: Option<String>,
}

/// What became of a wish.
#[derive(Debug, Clone)]
pub struct WishReasons {
    /// Rank, from 1.
    pub rank: u32,
    /// School or board.
    pub target: String,
    /// Whether the student is there.
    pub given: crate::views::student::WishGiven,
    /// Why not, as sentences.
    pub because: Vec<String>,
    /// What is full there.
    pub full: Vec<String>,
}

/// Another place.
#[derive(Debug, Clone)]
pub struct AlternativeRow {
    /// Name of the school.
    pub name: String,
    /// Where it is.
    pub href: String,
    /// What it would count as.
    pub status: CoverageStatus,
    /// Minutes of travel.
    pub minutes: Option<u32>,
    /// Rank of the wish.
    pub wish: Option<u32>,
    /// What it would cost, as sentences.
    pub costs: Vec<String>,
}

fn verdict(demand: &DemandReasons) -> Markup {
    html! {
        div class={ "verdict verdict-" (sign_of(demand.status).class()) } {
            (sign(sign_of(demand.status)))
            div {
                p class="verdict-place" { @match &demand.school { Some((name, href)) => { a href=(href) { (name) } }, None => "Nog geen plek" } }
                p class="muted" { (demand.status.dutch()) @if let Some(minutes) = demand.minutes { " · reis " (minutes) " min" } }
            }
        }
    }
}

fn wishes(demand: &DemandReasons) -> Markup {
    let list = &demand.wishes;
    let given = |wish: &WishReasons| wish.given == crate::views::student::WishGiven::Yes;
    html! {
        h3 { @if demand.school.is_some() { "Waarom niet een andere voorkeur?" } @else { "Waarom geen van de voorkeuren?" } }
        @if list.is_empty() { p class="muted" { "Deze student gaf geen voorkeuren op." } }
        @else {
            ol class="wishes" {
                @for wish in list {
                    li class=[given(wish).then_some("wish-given")] {
                        span class="wish-rank" { (wish.rank) }
                        div {
                            strong { (wish.target) }
                            @for sentence in &wish.because { p class="hint" { (sentence) } }
                            @if !wish.full.is_empty() { ul class="bullets small" { @for text in &wish.full { li { (text) } } } }
                        }
                    }
                }
            }
        }
    }
}

fn change(demand: &DemandReasons) -> Markup {
    html! {
        @if let Some(sentence) = &demand.change {
            h3 { "Wat zou er moeten veranderen?" }
            p { (sentence) }
            @if !demand.needed.is_empty() { ul class="bullets" { @for text in &demand.needed { li { (text) } } } }
        }
    }
}

/// What else is known of another place, in a few words.
fn facts(row: &AlternativeRow) -> String {
    let minutes = row.minutes.map(|minutes| format!(" · reis {minutes} min"));
    let wish = row.wish.map(|rank| format!(" · voorkeur {rank}"));
    [minutes, wish].into_iter().flatten().collect()
}

fn alternatives(demand: &DemandReasons) -> Markup {
    html! {
        @if !demand.alternatives.is_empty() {
            h3 { "Andere plekken die volgens de regels kunnen" }
            p class="hint" { "De beste eerst. Erbij staat wat er voor alle studenten samen zou veranderen, op het eerste doel dat slechter wordt." }
            ol class="alternatives" {
                @for row in &demand.alternatives {
                    li {
                        div { a href=(row.href) { (row.name) } p class="muted small" { (standing(row.status)) (facts(row)) } }
                        div { @for sentence in &row.costs { p class="cost" { (sentence) } } }
                    }
                }
            }
            @if let Some(href) = &demand.board_href { p class="small muted" { a href=(href) { "Bekijk ze alle op het plaatsbord" } "." } }
        }
    }
}

fn panel(at: usize, demand: &DemandReasons) -> Markup {
    html! {
        section class="panel" aria-labelledby={ "plek-" (at) } {
            div class="panel-head" {
                h2 id={ "plek-" (at) } { (demand.title) }
                @if let Some(href) = &demand.board_href { a class="button button-second" href=(href) { @if demand.school.is_some() { "Kies een andere plek" } @else { "Kies een plek" } } }
            }
            (verdict(demand))
            div class="two-columns even" {
                div {
                    h3 { @if demand.school.is_some() { "Waarom hier?" } @else { "Waarom geen plek?" } }
                    ul class="bullets" { @for sentence in &demand.because { li { (sentence) } } }
                    (change(demand))
                }
                div { (wishes(demand)) }
            }
            (alternatives(demand))
        }
    }
}

/// `/rondes/{slug}/studenten/{id}/waarom`
pub fn why_page(frame: &Frame, view: &WhyView) -> Markup {
    let body = html! {
        @if !view.caution.is_empty() { (warning(&html! { p { (view.caution) } })) }
        @if view.demands.is_empty() { p { "Deze student heeft in deze ronde geen plek nodig." } }
        @for (at, demand) in view.demands.iter().enumerate() { (panel(at, demand)) }
        p class="small muted" { "De redenen volgen uit het bewijs van het voorstel. Zij noemen aantallen en plekken, nooit andere studenten." }
    };
    let students = view.round.path("studenten");
    let title = format!("Waarom hier? {}", view.name);
    page(frame, Title::new(&title).trail(&[("Studenten", &students), (&view.name, &view.student_href)]), &body)
}
