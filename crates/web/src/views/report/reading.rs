//! Reading a version, how two versions differ, and the report as it was published.

use kernschil_domain::reviews::{DiffLine, ParagraphChange, ReportContent};
use maud::{Markup, html};

use super::content::{Edition, nothing, told};
use crate::components::markdown::plain;
use crate::components::page::{Frame, Title, page};
use crate::components::status::{Tone, tag};
use crate::views::reflection::Dossier;

/// A version to read.
#[derive(Debug, Clone)]
pub struct ReadView {
    /// The dossier.
    pub dossier: Dossier,
    /// The number of the version.
    pub number: i32,
    /// How far it is, by whom and when, as a sentence.
    pub made: String,
    /// Whether it is final.
    pub edition: Edition,
    /// What it says.
    pub content: ReportContent,
}

fn take_along(path: &str) -> Markup {
    html! {
        p class="buttons no-print" {
            button class="button button-second" type="button" data-print hidden { "Print het rapport" }
            a class="button button-second" href={ (path) "/rapport.docx" } { "Download als document (.docx)" }
            a class="button button-second" href={ (path) "/rapport.xlsx" } { "Download als werkboek (.xlsx)" }
        }
    }
}

/// `/peer-reviews/{slug}/rapport/versies/{number}`
pub fn read_page(frame: &Frame, view: &ReadView) -> Markup {
    let here = view.dossier.path(&format!("rapport/versies/{}", view.number));
    let body = html! { (take_along(&here)) (told(&view.content, view.edition, &nothing)) };
    let (dossier, reports) = (view.dossier.path(""), view.dossier.path("rapport"));
    let trail = [(view.dossier.name.as_str(), dossier.as_str()), ("Rapport", reports.as_str())];
    page(frame, Title::new(&format!("Rapport, versie {}", view.number)).lead(&view.made).trail(&trail), &body)
}

/// A paragraph that differs.
#[derive(Debug, Clone)]
pub struct DifferenceView {
    /// What it is.
    pub name: String,
    /// What happened to it.
    pub change: ParagraphChange,
    /// How, line by line.
    pub lines: Vec<DiffLine>,
}

/// The paragraphs that differ, one after the other. The signs of Markdown are left out: a writer knows words, not signs.
pub(super) fn differences(all: &[DifferenceView]) -> Markup {
    let tone = |change| match change {
        ParagraphChange::New => Tone::Good,
        ParagraphChange::Changed => Tone::Busy,
        ParagraphChange::Gone => Tone::Signal,
    };
    let without_signs = |line: &DiffLine| match line {
        DiffLine::Same(text) => DiffLine::Same(plain(text)),
        DiffLine::Gone(text) => DiffLine::Gone(plain(text)),
        DiffLine::New(text) => DiffLine::New(plain(text)),
    };
    html! {
        @for one in all {
            section class="panel" {
                h2 { (one.name) " " (tag(tone(one.change), one.change.dutch())) }
                (crate::views::reflection::diff(&one.lines.iter().map(without_signs).collect::<Vec<_>>()))
            }
        }
    }
}

/// How two versions differ.
#[derive(Debug, Clone, Default)]
pub struct DifferencesView {
    /// The dossier.
    pub dossier: Dossier,
    /// The earlier and the later version.
    pub between: (i32, i32),
    /// The paragraphs that differ.
    pub differences: Vec<DifferenceView>,
}

/// `/peer-reviews/{slug}/rapport/verschil`
pub fn differences_page(frame: &Frame, view: &DifferencesView) -> Markup {
    let body = html! {
        @if view.differences.is_empty() { p { "De twee versies zeggen hetzelfde." } }
        (differences(&view.differences))
    };
    let (dossier, reports) = (view.dossier.path(""), view.dossier.path("rapport"));
    let trail = [(view.dossier.name.as_str(), dossier.as_str()), ("Rapport", reports.as_str())];
    let (from, to) = view.between;
    page(frame, Title::new(&format!("Verschil tussen versie {from} en {to}")).trail(&trail), &body)
}

/// A published report.
#[derive(Debug, Clone)]
pub struct PublishedView {
    /// The dossier, for its addresses.
    pub dossier: Dossier,
    /// When it was published and which annual report carries it, as a sentence.
    pub when: String,
    /// What is published.
    pub content: ReportContent,
}

/// `/peer-reviews/{slug}/publicatie`
pub fn published_page(frame: &Frame, view: &PublishedView) -> Markup {
    let body = html! { (take_along(&view.dossier.path("publicatie"))) (told(&view.content, Edition::Final, &nothing)) };
    let trail = [("Peer reviews", "/peer-reviews")];
    page(frame, Title::new(&format!("Rapport: {}", view.content.title)).lead(&view.when).trail(&trail), &body)
}
