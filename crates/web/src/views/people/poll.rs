//! Which day suits: the days, who can come, one's own answers, and choosing.

use maud::{Markup, html};

use super::{ReviewRef, one_button, with_trail};
use crate::components::figures::empty;
use crate::components::forms::{FieldError, csrf, error_at, submit};
use crate::components::page::{Frame, form_page};
use crate::components::status::{Tone, note, tag};
use crate::components::table::{Density, table};

/// A proposed day.
#[derive(Debug, Clone)]
pub struct PollDayRow {
    /// The day as it is sent.
    pub day: String,
    /// The day, in words.
    pub words: String,
    /// What each of the people answered, in words; empty for no answer.
    pub answers: Vec<String>,
    /// How many can, in words.
    pub count: String,
    /// Whether it suits best.
    pub best: bool,
    /// Whether it is the visit day.
    pub chosen: bool,
    /// Whether it is a Saturday or a Sunday.
    pub weekend: bool,
    /// Code of what the reader answered.
    pub own: String,
}

/// The page.
#[derive(Debug, Clone)]
pub struct PollView {
    /// The review.
    pub review: ReviewRef,
    /// Version of the review that was seen.
    pub version: String,
    /// The visit day, in words, once chosen.
    pub visit: String,
    /// Who is asked.
    pub people: Vec<String>,
    /// The days.
    pub days: Vec<PollDayRow>,
    /// Whether the reader answers for herself.
    pub answers: bool,
    /// Whether the reader proposes days and chooses.
    pub manages: bool,
    /// Days as filled in, with room for more.
    pub fields: Vec<String>,
    /// Code and word of each answer.
    pub choices: Vec<(String, String)>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

fn overview(frame: &Frame, view: &PollView) -> Markup {
    let head = html! {
        tr {
            th scope="col" { "Dag" } th scope="col" { "Wie kan" }
            @for name in &view.people { th scope="col" { (name) } }
            @if view.manages { th scope="col" { "Kiezen" } }
        }
    };
    let rows = html! {
        @for day in &view.days {
            tr {
                th scope="row" { (day.words) @if day.chosen { " " (tag(Tone::Good, "bezoekdag")) } @else if day.best { " " (tag(Tone::Busy, "past het best")) } @if day.weekend { " " (tag(Tone::Signal, "weekend")) } }
                td { (day.count) }
                @for answer in &day.answers { td { @if answer.is_empty() { span class="muted" { "nog niet" } } @else { (answer) } } }
                @if view.manages {
                    td { @if day.chosen { "gekozen" } @else { (one_button(&frame.csrf, &view.review.path("datum/kiezen"), &[("dag", &day.day), ("versie", &view.version)], "Kies", &day.words)) } }
                }
            }
        }
    };
    table("Wie kan wanneer", Density::Dense, &head, &rows)
}

fn own(frame: &Frame, view: &PollView) -> Markup {
    html! {
        section class="panel" aria-labelledby="antwoord" {
            h2 id="antwoord" { "Wanneer kunt u?" }
            form method="post" action=(view.review.path("datum")) {
                (csrf(&frame.csrf))
                @for day in &view.days {
                    fieldset class="field radios" {
                        legend { (day.words) }
                        div class="radio-list" {
                            @for (code, words) in &view.choices {
                                @let id = format!("veld-{}-{code}", day.day);
                                div class="radio" {
                                    input type="radio" id=(id) name={ "dag-" (day.day) } value=(code) checked[*code == day.own];
                                    label for=(id) { (words) }
                                }
                            }
                        }
                    }
                }
                (submit("Bewaar mijn antwoorden"))
            }
        }
    }
}

fn proposing(frame: &Frame, view: &PollView) -> Markup {
    html! {
        section class="panel" aria-labelledby="dagen" {
            h2 id="dagen" { "Dagen voorstellen" }
            form method="post" action=(view.review.path("datum/dagen")) novalidate {
                (csrf(&frame.csrf))
                fieldset class="field" id="veld-dagen" {
                    legend { "Dagen waarop het bezoek kan zijn" }
                    p class="hint" { "Een leeg veld telt niet mee. Antwoorden op dagen die blijven staan, blijven staan." }
                    @if let Some(error) = error_at(&view.errors, "dagen") { p class="field-error" { strong { "Fout: " } (error) } }
                    @for (at, value) in (1..).zip(&view.fields) {
                        label class="visually-hidden" for={ "veld-dag-" (at) } { "Dag " (at) }
                        input class="input input-date" type="date" id={ "veld-dag-" (at) } name={ "dag-" (at) } value=(value);
                    }
                }
                (submit("Stel deze dagen voor"))
            }
        }
    }
}

/// `/peer-reviews/:slug/datum`
pub fn poll_page(frame: &Frame, view: &PollView) -> Markup {
    let body = html! {
        @if !view.visit.is_empty() { (note(&html! { p { "De bezoekdag is " strong { (view.visit) } "." } })) }
        @if view.days.is_empty() {
            (empty("Er zijn nog geen dagen voorgesteld", &html! { p { @if view.manages { "Stel hieronder dagen voor. Iedereen die meedoet, geeft zelf aan wanneer zij of hij kan." } @else { "Wie de review plant, stelt dagen voor. Daarna geeft u hier aan wanneer u kunt." } } }))
        } @else { (overview(frame, view)) }
        @if view.answers && !view.days.is_empty() { (own(frame, view)) }
        @if view.manages { (proposing(frame, view)) }
    };
    with_trail(&view.review, "Datum prikken", "Op welke dag het panel op bezoek komt.", |title| {
        form_page(frame, title, &view.errors, &body)
    })
}
