//! The report of a peer review: its versions, writing, responding, making final, and what is published.

mod content;
mod deciding;
mod reading;
mod responding;
mod writing;

use maud::{Markup, html};

pub use content::Edition;
pub use deciding::{FinalView, PartTick, PublicationLine, PublishView, UnreadView, final_page, publish_page};
pub use reading::{DifferenceView, DifferencesView, PublishedView, ReadView, differences_page, published_page, read_page};
pub use responding::{CommentLine, ResponseView, Typed, response_page};
pub use writing::{TextField, WriteView, write_page};

use super::reflection::Dossier;
use crate::components::figures::empty;
use crate::components::forms::{FieldError, Input, InputKind, csrf, input};
use crate::components::page::{Frame, Title, form_page};
use crate::components::status::{Tone, note, tag, warning};
use crate::components::table::{Density, table};
use crate::components::text::counted;

/// A version of a report.
#[derive(Debug, Clone, Default)]
pub struct ReportLine {
    /// Number.
    pub number: i32,
    /// How far it is, in words.
    pub state: String,
    /// Whether it is final.
    pub is_final: bool,
    /// By whom and when, in words.
    pub made: String,
    /// The version before it that the reader may see.
    pub before: Option<i32>,
}

/// The report of a review, with what the reader can do.
#[expect(clippy::struct_excessive_bools, reason = "each says whether one form or link is there")]
#[derive(Debug, Clone, Default)]
pub struct ReportsView {
    /// The dossier.
    pub dossier: Dossier,
    /// The versions, the latest first.
    pub versions: Vec<ReportLine>,
    /// The number of the latest version; 0 while there is none.
    pub latest: i32,
    /// The version of the review.
    pub version: String,
    /// Who waits for what now, as a sentence.
    pub standing: String,
    /// What is said while there is no version to see.
    pub nothing: String,
    /// Whether something changed that the latest version does not tell.
    pub is_behind: bool,
    /// Why the review was opened again after the report was final; nothing when it was not.
    pub reopened: Option<String>,
    /// What would be left out without a word.
    pub loose_ends: LooseEndsView,
    /// Whether the reader writes it.
    pub can_write: bool,
    /// Whether the latest version can be sent.
    pub can_send: bool,
    /// Whether the reader can give another last day to respond.
    pub can_extend: bool,
    /// Whether the reader can make it final.
    pub can_finalise: bool,
    /// Whether the reader can publish it.
    pub can_publish: bool,
    /// Whether it was published, so that the page can be read.
    pub is_published: bool,
    /// Words for the link to responses; empty while there are none to give or read.
    pub responses: String,
    /// The day that was filled in.
    pub day: String,
    /// What is wrong with it.
    pub errors: Vec<FieldError>,
}

impl ReportsView {
    /// Whether the latest version is final.
    fn is_final(&self) -> bool {
        self.versions.first().is_some_and(|line| line.is_final)
    }
}

/// What a report would leave out without a word.
#[derive(Debug, Clone, Default)]
pub struct LooseEndsView {
    /// How many findings of members no joint finding was made from.
    pub unweighed: u32,
    /// Development questions without an answer: keys of their paragraphs, and the questions.
    pub questions: Vec<(String, String)>,
}

/// What a report would leave out, each with the place where it is mended.
fn loose_ends(dossier: &Dossier, view: &LooseEndsView) -> Markup {
    html! {
        @if view.unweighed > 0 {
            (warning(&html! {
                p {
                    (counted(view.unweighed, "bevinding van een panellid is", "bevindingen van panelleden zijn")) " niet meegewogen en "
                    @if view.unweighed == 1 { "komt" } @else { "komen" } " niet in het rapport. "
                    a href=(dossier.path("weging#naast")) { "Bekijk ze bij Samen wegen" } "."
                }
            }))
        }
        @if !view.questions.is_empty() {
            (warning(&html! {
                p { "Op deze ontwikkelvragen staat nog geen antwoord in het rapport. Blijft dat zo, dan zegt het rapport dat het panel geen antwoord gaf." }
                ul {
                    @for (key, question) in &view.questions {
                        li { a href=(dossier.path(&format!("rapport/schrijven#veld-{}", content::anchor(key)))) { (question) } }
                    }
                }
            }))
        }
    }
}

fn versions(view: &ReportsView) -> Markup {
    let head = html! {
        tr { th scope="col" { "Versie" } th scope="col" { "Stand" } th scope="col" { "Gemaakt" } th scope="col" { "Meenemen" } th scope="col" { "Verschil" } }
    };
    let rows = html! {
        @for line in &view.versions {
            @let here = view.dossier.path(&format!("rapport/versies/{}", line.number));
            tr {
                th scope="row" { a href=(here) { "Versie " (line.number) } }
                td { (tag(if line.is_final { Tone::Good } else { Tone::Busy }, &line.state)) }
                td { (line.made) }
                td { a href={ (here) "/rapport.docx" } { "document (.docx)" } ", " a href={ (here) "/rapport.xlsx" } { "werkboek (.xlsx)" } }
                td {
                    @if let Some(before) = line.before {
                        a href=(view.dossier.path(&format!("rapport/verschil?van={before}&naar={}", line.number))) { "met versie " (before) }
                    }
                }
            }
        }
    };
    table("Versies van het rapport", Density::Roomy, &head, &rows)
}

fn day_form(frame: &Frame, view: &ReportsView, (action, hidden, words): (&str, &Markup, &str)) -> Markup {
    html! {
        form class="form" method="post" action=(view.dossier.path(action)) {
            (csrf(&frame.csrf))
            (hidden)
            (input(Input::text("datum", "Reageren kan tot en met", &view.day).kind(InputKind::Date), &view.errors))
            button class="button" type="submit" { (words) }
        }
    }
}

fn actions(frame: &Frame, view: &ReportsView) -> Markup {
    let number = html! { input type="hidden" name="nummer" value=(view.latest); };
    let version = html! { input type="hidden" name="versie" value=(view.version); };
    html! {
        @if view.can_write && view.latest > 0 {
            p class="buttons" { a class="button" href=(view.dossier.path("rapport/schrijven")) { "Schrijf aan het rapport" } }
        }
        @if view.can_write && (view.latest == 0 || view.is_behind || view.is_final()) {
            form method="post" action=(view.dossier.path("rapport/nieuw")) {
                (csrf(&frame.csrf))
                (number)
                button class={ "button" @if view.latest > 0 { " button-second" } } type="submit" {
                    @if view.latest == 0 { "Maak de eerste versie van de gezamenlijke bevindingen" } @else if view.is_final() { "Begin een nieuwe versie om te verbeteren" } @else { "Neem op wat er is veranderd" }
                }
            }
        }
        @if view.can_send {
            section class="panel" aria-labelledby="versturen" {
                h2 id="versturen" { "Ter reactie versturen" }
                p { "De ontvangende partij krijgt bericht per mail, leest versie " (view.latest) " en reageert per alinea." }
                (loose_ends(&view.dossier, &view.loose_ends))
                (day_form(frame, view, ("rapport/versturen", &number, &format!("Verstuur versie {} ter reactie", view.latest))))
            }
        }
        @if view.can_extend {
            details class="more" open[!view.can_send && !view.errors.is_empty()] {
                summary { "Geef een andere datum om te reageren" }
                (day_form(frame, view, ("rapport/termijn", &version, "Bewaar de datum en laat het weten")))
            }
        }
        @if view.can_finalise {
            p class="buttons" { a class="button button-second" href=(view.dossier.path("rapport/vaststellen")) { "Controleer en stel het rapport vast" } }
        }
        @if view.can_publish {
            p class="buttons" { a class="button button-second" href=(view.dossier.path("publiceren")) { "Publiceren" } }
        }
    }
}

/// `/peer-reviews/{slug}/rapport`
pub fn reports_page(frame: &Frame, view: &ReportsView) -> Markup {
    let body = html! {
        @if let Some(reason) = &view.reopened {
            (note(&html! {
                p { "De peer review is heropend nadat het rapport was vastgesteld. De reden: " (reason) }
                p { "Het panel kan een nieuwe versie maken en die weer vaststellen. De versies die er zijn, blijven zoals zij zijn." }
            }))
        }
        @if !view.standing.is_empty() { (note(&html! { p { (view.standing) } })) }
        @if view.is_behind && view.can_write {
            (warning(&html! { p { "Er is iets veranderd dat nog niet in de laatste versie staat: bevindingen, vragen, panel of programma." } }))
        }
        @if view.versions.is_empty() { (empty("Er is nog geen rapport om te lezen", &html! { p { (view.nothing) } })) }
        @else { (versions(view)) }
        @if !view.responses.is_empty() { p { a href=(view.dossier.path("rapport/reactie")) { (view.responses) } } }
        @if view.is_published { p { a href=(view.dossier.path("publicatie")) { "Het gepubliceerde rapport" } } }
        (actions(frame, view))
    };
    let dossier = view.dossier.path("");
    let title = Title::new("Rapport").lead("Van conceptversie, via de reactie van de ontvangende partij, naar een vastgesteld rapport.");
    form_page(frame, title.trail(&[(&view.dossier.name, &dossier)]), &view.errors, &body)
}
