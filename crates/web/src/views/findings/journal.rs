//! Every change of one's own findings.

use maud::{Markup, html};

use crate::components::figures::empty;
use crate::components::forms::csrf;
use crate::components::markdown::markdown;
use crate::components::page::{Frame, Title, page};
use crate::components::status::{Tone, note, tag};
use crate::views::reflection::Dossier;

/// A change of a finding.
#[derive(Debug, Clone, Default)]
pub struct ChangeLine {
    /// Identifier.
    pub id: String,
    /// When, in words.
    pub at: String,
    /// What happened, in words.
    pub change: String,
    /// Whether the finding was taken away.
    pub is_removal: bool,
    /// What kind of finding it is, and about what.
    pub about: String,
    /// What it said. Markdown.
    pub text: String,
    /// Words on the button that puts it back; empty when there is nothing to put back.
    pub back: String,
    /// Whether the finding stands like this now.
    pub is_now: bool,
}

/// Every change of one's own findings.
#[derive(Debug, Clone, Default)]
pub struct JournalView {
    /// The dossier.
    pub dossier: Dossier,
    /// What her findings are recognised by as she sees them.
    pub seen: String,
    /// Why nothing can be put back; empty when it can.
    pub lock: String,
    /// The changes, the latest first.
    pub changes: Vec<ChangeLine>,
}

fn change(frame: &Frame, view: &JournalView, line: &ChangeLine) -> Markup {
    let start: String = line.text.chars().take(40).collect();
    html! {
        li class="panel" {
            p {
                (tag(if line.is_removal { Tone::Signal } else { Tone::Quiet }, &line.change)) " "
                span class="muted" { (line.at) } " · " (line.about)
                @if line.is_now { " " (tag(Tone::Good, "staat er nu zo")) }
            }
            (markdown(&line.text))
            @if !line.back.is_empty() {
                form method="post" action=(view.dossier.path("bevindingen-geschiedenis")) {
                    (csrf(&frame.csrf))
                    input type="hidden" name="gezien" value=(view.seen);
                    input type="hidden" name="wijziging" value=(line.id);
                    button class="button button-second" type="submit" { (line.back) span class="visually-hidden" { ": " (start) } }
                }
            }
        }
    }
}

/// `/peer-reviews/{slug}/bevindingen-geschiedenis`
pub fn journal_page(frame: &Frame, view: &JournalView) -> Markup {
    let body = html! {
        @if view.changes.is_empty() {
            (empty("Er is nog geen geschiedenis", &html! {
                p { "U schreef nog geen bevinding. Alles wat u schrijft, wijzigt of verwijdert, komt hier te staan." }
                p { a class="button" href=(view.dossier.path("bevindingen")) { "Naar uw bevindingen" } }
            }))
        } @else {
            @if view.lock.is_empty() {
                (note(&html! { p { "Alleen u ziet deze geschiedenis. Wat u terugzet, komt er als wijziging bij; er gaat niets verloren." } }))
            } @else { (note(&html! { p { "Alleen u ziet deze geschiedenis. " (view.lock) } })) }
            ul class="findings-list" { @for line in &view.changes { (change(frame, view, line)) } }
        }
    };
    let (dossier, findings) = (view.dossier.path(""), view.dossier.path("bevindingen"));
    let title = Title::new("Geschiedenis van uw bevindingen");
    page(frame, title.trail(&[(&view.dossier.name, &dossier), ("Bevindingen", &findings)]), &body)
}
