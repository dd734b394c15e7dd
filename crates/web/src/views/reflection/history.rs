//! What a text was before, what changed, and putting a version back.

use kernschil_app::reviews::reflection::ReflectionAccess;
use kernschil_domain::reviews::DiffLine;
use maud::{Markup, html};

use super::Dossier;
use crate::components::figures::empty;
use crate::components::forms::csrf;
use crate::components::page::{Frame, Title, page};
use crate::components::status::{Tone, tag};
use crate::components::table::{Density, table};

/// A version in the list.
#[derive(Debug, Clone, Default)]
pub struct VersionLine {
    /// Number.
    pub number: String,
    /// When, in words.
    pub at: String,
    /// Who.
    pub by: String,
    /// Why, in words.
    pub cause: String,
    /// Whether it was kept beside the text, and was not brought into it since.
    pub waits: bool,
    /// Signs in it, with points.
    pub signs: String,
}

/// Everything that was ever saved about a part.
#[derive(Debug, Clone)]
pub struct HistoryView {
    /// The dossier.
    pub dossier: Dossier,
    /// Code of the part.
    pub code: String,
    /// What the part says.
    pub title: String,
    /// The versions, the latest first.
    pub versions: Vec<VersionLine>,
    /// Number of the version that is the text now.
    pub current: String,
    /// The version that is looked at: its number, what it is compared with, and what differs.
    pub shown: Option<(String, String, Vec<DiffLine>)>,
    /// What the reader may do.
    pub access: ReflectionAccess,
}

/// What differs between two texts, line by line.
pub(crate) fn diff(lines: &[DiffLine]) -> Markup {
    html! {
        div class="diff" {
            @for line in lines {
                @match line {
                    DiffLine::Same(text) => p class="diff-same" { (text) },
                    DiffLine::Gone(text) => p class="diff-gone" { span class="visually-hidden" { "Weg: " } del { (text) } },
                    DiffLine::New(text) => p class="diff-new" { span class="visually-hidden" { "Nieuw: " } ins { (text) } },
                }
            }
            @if lines.iter().all(|line| matches!(line, DiffLine::Same(_))) { p class="muted" { "Er is geen verschil." } }
        }
    }
}

fn versions(view: &HistoryView, here: &str) -> Markup {
    let head = html! {
        tr { th scope="col" class="figure" { "Versie" } th scope="col" { "Wanneer" } th scope="col" { "Wie" } th scope="col" { "Hoe" } th scope="col" class="figure" { "Tekens" } th scope="col" { "Bekijken" } }
    };
    let rows = html! {
        @for line in &view.versions {
            tr {
                th scope="row" class="figure" { (line.number) }
                td { (line.at) }
                td { (line.by) }
                td {
                    (line.cause)
                    @if line.number == view.current { " " (tag(Tone::Good, "nu de tekst")) }
                    @if line.waits && view.access == ReflectionAccess::Write { " " a href=(view.dossier.path(&format!("reflectie/{}/samenvoegen?versie={}", view.code, line.number))) { "Voeg samen" span class="visually-hidden" { ": versie " (line.number) } } }
                }
                td class="figure" { (line.signs) }
                td {
                    a href={ (here) "?versie=" (line.number) "#verschil" } {
                        @if view.access == ReflectionAccess::Write && line.number != view.current { "Bekijk of zet terug" } @else { "Bekijk" }
                        span class="visually-hidden" { ": versie " (line.number) }
                    }
                }
            }
        }
    };
    table("Versies van deze tekst", Density::Roomy, &head, &rows)
}

fn shown(frame: &Frame, view: &HistoryView, here: &str) -> Markup {
    html! {
        @if let Some((number, with, lines)) = &view.shown {
            section class="panel" aria-labelledby="verschil" {
                h2 id="verschil" { "Versie " (number) @if !with.is_empty() { ", naast versie " (with) } }
                (diff(lines))
                @if view.access == ReflectionAccess::Write && *number != view.current {
                    form method="post" action=(here) {
                        (csrf(&frame.csrf))
                        input type="hidden" name="versie" value=(view.current);
                        input type="hidden" name="terug" value=(number);
                        button class="button button-second" type="submit" { "Zet versie " (number) " terug" }
                        p class="small muted" { "De tekst van nu blijft in de geschiedenis staan." }
                    }
                }
            }
        }
    }
}

/// `/peer-reviews/{slug}/reflectie/{part}/geschiedenis`
pub fn history_page(frame: &Frame, view: &HistoryView) -> Markup {
    let part = view.dossier.path(&format!("reflectie/{}", view.code));
    let here = format!("{part}/geschiedenis");
    let body = html! {
        @if view.versions.is_empty() {
            (empty("Er is nog geen geschiedenis", &html! {
                p { "Over dit onderdeel schreef nog niemand. Begin met schrijven; elke keer dat u opslaat, komt er een versie bij." }
                p { a class="button" href=(part) { "Schrijf" } }
            }))
        } @else {
            (shown(frame, view, &here))
            section class="panel" aria-labelledby="versies" {
                h2 id="versies" { "Versies" }
                (versions(view, &here))
            }
        }
    };
    let (dossier, all) = (view.dossier.path(""), view.dossier.path("reflectie"));
    let name = format!("{} {}", view.code, view.title);
    let trail = [(view.dossier.name.as_str(), dossier.as_str()), ("Kritische reflectie", all.as_str()), (name.as_str(), part.as_str())];
    page(frame, Title::new("Geschiedenis").lead("Alles wat over dit onderdeel is opgeslagen. Er gaat niets weg.").trail(&trail), &body)
}
