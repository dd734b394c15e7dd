//! "Waarom hier?": why a student is where he or she is, and what else there is.

use kernschil_domain::coverage::CoverageStatus;
use maud::{Markup, html};

use super::history::{HistoryOf, StayLine, history};

use crate::components::figures::facts;
use crate::components::nav::RoundRef;
use crate::components::page::{Frame, Title, page};
use crate::components::signs::{sign, sign_of, standing};
use crate::components::table::{Density, table};
use crate::components::text::{counted, number};

/// A student with the places he or she needs.
#[derive(Debug, Clone, Default)]
pub struct StudentView {
    /// Who was where from when to when.
    pub stays: Vec<StayLine>,
    /// Which round.
    pub round: RoundRef,
    /// Where the reasons are.
    pub why_href: String,
    /// Name.
    pub name: String,
    /// Number at the institute.
    pub number: String,
    /// Student or zij-instromer.
    pub kind: String,
    /// Institute and programme.
    pub programme: String,
    /// Digits of the home postcode, without letters.
    pub home: String,
    /// What "maatwerk" changes, such as a lower travel limit; never why.
    pub custom: String,
    /// One per place needed.
    pub demands: Vec<DemandStory>,
    /// Places in earlier years.
    pub history: Vec<String>,
}

/// Why a place was (not) found.
#[derive(Debug, Clone)]
pub struct DemandStory {
    /// Name of the period, and phase.
    pub title: String,
    /// Days and groups that are needed.
    pub needs: String,
    /// How the student counts.
    pub status: CoverageStatus,
    /// Name and code of the school, or nothing.
    pub school: Option<(String, String)>,
    /// Travel time in minutes.
    pub minutes: Option<u32>,
    /// Where the placement came from and how far it is, in words.
    pub source: String,
    /// One or two sentences: why here, or why not.
    pub because: Vec<String>,
    /// What became of each wish.
    pub wishes: Vec<WishOutcome>,
    /// Capacities that were full, in words.
    pub full: Vec<String>,
    /// How many schools each rule took away.
    pub removed: Vec<RemovedBy>,
    /// Schools that were possible, best first.
    pub candidates: Vec<CandidateRow>,
    /// How many were possible in all.
    pub candidate_count: u32,
    /// Where a person can choose another place.
    pub board_href: String,
}

/// A wish and what became of it.
#[derive(Debug, Clone)]
pub struct WishOutcome {
    /// Its rank, from 1.
    pub rank: u32,
    /// Name of the school or board.
    pub target: String,
    /// Whether it was given.
    pub given: WishGiven,
    /// Why not, or nothing.
    pub reason: String,
}

/// Whether a wish was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WishGiven {
    /// The student goes there.
    Yes,
    /// The student does not.
    No,
}

/// A rule and the number of schools it took away.
#[derive(Debug, Clone)]
pub struct RemovedBy {
    /// The rule as a sentence.
    pub rule: String,
    /// Number of schools.
    pub schools: u32,
}

/// A school that was possible.
#[derive(Debug, Clone)]
pub struct CandidateRow {
    /// School code.
    pub code: String,
    /// Name.
    pub name: String,
    /// What it would count as.
    pub status: CoverageStatus,
    /// Travel time in minutes.
    pub minutes: Option<u32>,
    /// Rank of the wish, when it is one.
    pub wish: Option<u32>,
    /// Places left.
    pub free: u32,
    /// Places offered.
    pub count: u32,
}

fn verdict(round: &RoundRef, story: &DemandStory) -> Markup {
    html! {
        div class={ "verdict verdict-" (sign_of(story.status).class()) } {
            (sign(sign_of(story.status)))
            div {
                p class="verdict-place" {
                    @match &story.school {
                        Some((name, code)) => { a href=(round.path(&format!("scholen/{code}"))) { (name) } }
                        None => { "Nog geen plek" }
                    }
                }
                p class="muted" {
                    (story.status.dutch())
                    @if let Some(minutes) = story.minutes { " · reis " (minutes) " min" }
                    @if !story.source.is_empty() { " · " (story.source) }
                }
            }
        }
    }
}

fn wishes(list: &[WishOutcome]) -> Markup {
    html! {
        h3 { "Voorkeuren" }
        @if list.is_empty() { p class="muted" { "Deze student gaf geen voorkeuren op." } }
        @else {
            ol class="wishes" {
                @for wish in list {
                    li class=[(wish.given == WishGiven::Yes).then_some("wish-given")] {
                        span class="wish-rank" { (wish.rank) }
                        div {
                            strong { (wish.target) }
                            p class="hint" { @if wish.given == WishGiven::Yes { "Gekregen." } @else { "Niet gekregen. " (wish.reason) } }
                        }
                    }
                }
            }
        }
    }
}

fn limits(story: &DemandStory) -> Markup {
    html! {
        @if !story.full.is_empty() {
            h3 { "Wat vol was" }
            ul class="bullets" { @for text in &story.full { li { (text) } } }
        }
        @if !story.removed.is_empty() {
            h3 { "Welke scholen afvielen" }
            ul class="removed" {
                @for removed in &story.removed { li { span class="removed-count" { (number(removed.schools)) } span { (removed.rule) } } }
            }
        }
    }
}

fn candidates(round: &RoundRef, story: &DemandStory) -> Markup {
    let head = html! { tr { th scope="col" { "School" } th scope="col" { "Telt als" } th scope="col" class="figure" { "Reis" } th scope="col" class="figure" { "Voorkeur" } th scope="col" class="figure" { "Plek vrij" } } };
    let rows = html! {
        @for school in &story.candidates {
            tr {
                th scope="row" { a href=(round.path(&format!("scholen/{}", school.code))) { (school.name) } span class="row-code" { (school.code) } }
                td { (standing(school.status)) }
                td class="figure" { @if let Some(minutes) = school.minutes { (minutes) " min" } @else { "–" } }
                td class="figure" { @if let Some(rank) = school.wish { (rank) } @else { "–" } }
                td class="figure" { @if school.free == 0 { span class="signal-text" { "vol" } } @else { (number(school.free)) " van " (number(school.count)) } }
            }
        }
    };
    let shown = u32::try_from(story.candidates.len()).unwrap_or(u32::MAX);
    html! {
        h3 { "Scholen die konden (" (number(story.candidate_count)) ")" }
        @if story.candidates.is_empty() { p { "Geen enkele school voldoet aan alle harde regels." } }
        @else {
            (table(&format!("Mogelijke scholen, {}", story.title), Density::Dense, &head, &rows))
            @if story.candidate_count > shown { p class="small muted" { "De beste " (number(shown)) " staan hier. " a href=(story.board_href) { "Bekijk ze alle op het plaatsbord" } "." } }
        }
    }
}

fn story(round: &RoundRef, why_href: &str, at: usize, demand: &DemandStory) -> Markup {
    html! {
        section class="panel" aria-labelledby={ "plek-" (at) } {
            div class="panel-head" {
                h2 id={ "plek-" (at) } { (demand.title) }
                a class="button button-second" href=(demand.board_href) { @if demand.school.is_some() { "Kies een andere plek" } @else { "Kies een plek" } }
            }
            p class="muted" { (demand.needs) }
            (verdict(round, demand))
            div class="two-columns even" {
                div {
                    h3 { @if demand.school.is_some() { "Waarom hier?" } @else { "Waarom geen plek?" } }
                    @for sentence in &demand.because { p { (sentence) } }
                    p { a href=(why_href) { "Alle redenen, en wat er zou moeten veranderen" } }
                    (limits(demand))
                }
                div { (wishes(&demand.wishes)) }
            }
            (candidates(round, demand))
        }
    }
}

/// `/rondes/{slug}/studenten/{id}`
pub fn student_page(frame: &Frame, view: &StudentView) -> Markup {
    let mut known = vec![
        ("Studentnummer", html! { (view.number) }),
        ("Soort", html! { (view.kind) }),
        ("Opleiding", html! { (view.programme) }),
        ("Postcodegebied", html! { @if view.home.is_empty() { span class="muted" { "niet bekend" } } @else { (view.home) } }),
    ];
    if !view.custom.is_empty() {
        known.push(("Maatwerk", html! { (view.custom) }));
    }
    let body = html! {
        (facts(&known))
        @if view.demands.is_empty() { p { "Deze student heeft in deze ronde geen plek nodig." } }
        @for (at, demand) in view.demands.iter().enumerate() { (story(&view.round, &view.why_href, at, demand)) }
        (history(&view.round, HistoryOf::Student, &view.stays))
        @if !view.history.is_empty() {
            section class="panel" aria-labelledby="eerder" {
                h2 id="eerder" { "Eerdere plekken" }
                ul class="bullets" { @for text in &view.history { li { (text) } } }
            }
        }
    };
    let lead = format!("{} nodig in deze ronde.", counted(u32::try_from(view.demands.len()).unwrap_or(0), "plek", "plekken"));
    let up = view.round.path("studenten");
    page(frame, Title::new(&view.name).lead(&lead).trail(&[(&view.round.name, &view.round.path("")), ("Studenten", &up)]), &body)
}
