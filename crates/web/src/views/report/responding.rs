//! What the receiving side says about each paragraph, and what the panel does with it.

use kernschil_domain::reviews::ReportContent;
use maud::{Markup, html};

use super::content::{Edition, anchor, told};
use crate::components::figures::empty;
use crate::components::forms::{FieldError, csrf, error_at};
use crate::components::markdown::markdown;
use crate::components::page::{Frame, Title, form_page};
use crate::components::status::{Tone, note, tag};
use crate::views::reflection::Dossier;

/// A comment.
#[derive(Debug, Clone, Default)]
pub struct CommentLine {
    /// Identifier in addresses.
    pub id: String,
    /// The version of the report it is about.
    pub number: i32,
    /// The key of the paragraph.
    pub paragraph: String,
    /// What that is, in words.
    pub about: String,
    /// What was said.
    pub text: String,
    /// By whom and when.
    pub made: String,
    /// What the panel did with it.
    pub reply: Option<String>,
    /// Version.
    pub version: String,
}

/// What somebody filled in that was not stored.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// The paragraph or comment it was at.
    pub at: String,
    /// The text.
    pub text: String,
}

/// Responding to a report.
#[derive(Debug, Clone, Default)]
pub struct ResponseView {
    /// The dossier.
    pub dossier: Dossier,
    /// The version that was sent last, with what it says; nothing while none was.
    pub sent: Option<(i32, ReportContent)>,
    /// What was said, the oldest first.
    pub comments: Vec<CommentLine>,
    /// Until when one can respond, or that it is over, as a sentence.
    pub term: String,
    /// Whether the reader can comment.
    pub can_comment: bool,
    /// Whether the reader can answer.
    pub can_reply: bool,
    /// What was filled in and not stored.
    pub typed: Typed,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// A field for a text; where something was filled in wrongly, with that and what is wrong.
fn text_field(view: &ResponseView, at: &str, label: &str, stored: &str) -> Markup {
    let is_here = view.typed.at == at;
    let error = is_here.then(|| error_at(&view.errors, "tekst")).flatten();
    let id = if is_here { "veld-tekst".to_owned() } else { format!("veld-{}", anchor(at)) };
    html! {
        div class={ "field" @if error.is_some() { " field-wrong" } } {
            label for=(id) { (label) }
            @if let Some(error) = error { p class="field-error" id="fout-tekst" { strong { "Fout: " } (error) } }
            textarea class="input" id=(id) name="tekst" rows="3" aria-describedby=[error.map(|_| "fout-tekst")] aria-invalid=[error.map(|_| "true")] {
                @if is_here { (view.typed.text) } @else { (stored) }
            }
        }
    }
}

fn forms(frame: &Frame, view: &ResponseView, comment: &CommentLine) -> Markup {
    let here = view.dossier.path(&format!("rapport/reactie/{}", comment.id));
    let hidden = html! { (csrf(&frame.csrf)) input type="hidden" name="versie" value=(comment.version); };
    html! {
        @if view.can_reply {
            details class="more" open[comment.reply.is_none() || view.typed.at == comment.id] {
                summary { @if comment.reply.is_none() { "Beantwoord" } @else { "Wijzig het antwoord" } span class="visually-hidden" { ": " (comment.about) } }
                form class="form" method="post" action={ (here) "/antwoord" } data-draft {
                    (hidden)
                    (text_field(view, &comment.id, "Wat doet het panel hiermee?", comment.reply.as_deref().unwrap_or_default()))
                    button class="button" type="submit" { "Bewaar het antwoord" }
                }
            }
        }
        @if view.can_comment && comment.reply.is_none() {
            details class="more" open[view.typed.at == comment.id] {
                summary { "Wijzig of verwijder" span class="visually-hidden" { ": " (comment.about) } }
                form class="form" method="post" action=(here) data-draft {
                    (hidden)
                    (text_field(view, &comment.id, "Reactie", &comment.text))
                    button class="button" type="submit" { "Bewaar de reactie" }
                }
                form method="post" action={ (here) "/verwijderen" } { (hidden) button class="button button-quiet" type="submit" { "Verwijder de reactie" } }
            }
        }
    }
}

fn line(frame: &Frame, view: &ResponseView, comment: &CommentLine) -> Markup {
    html! {
        li class="report-comment" id={ "reactie-" (comment.id) } {
            p class="small muted" { (comment.made) @if comment.reply.is_none() { " " (tag(Tone::Signal, "nog niet beantwoord")) } }
            (markdown(&comment.text))
            @if let Some(reply) = &comment.reply { div class="report-aside" { p { strong { "Wat het panel ermee deed:" } } (markdown(reply)) } }
            (forms(frame, view, comment))
        }
    }
}

fn beside(frame: &Frame, view: &ResponseView, number: i32, key: &str) -> Markup {
    let here: Vec<_> = view.comments.iter().filter(|comment| comment.paragraph == key && comment.number == number).collect();
    html! {
        div class="report-response" {
            @if !here.is_empty() { ul class="plain-list" { @for comment in here { (line(frame, view, comment)) } } }
            @if view.can_comment {
                details class="more" open[view.typed.at == key] {
                    summary { "Reageer op deze alinea" span class="visually-hidden" { ": " (key) } }
                    form class="form" method="post" action=(view.dossier.path("rapport/reactie")) data-draft=(key) {
                        (csrf(&frame.csrf))
                        input type="hidden" name="nummer" value=(number);
                        input type="hidden" name="alinea" value=(key);
                        (text_field(view, key, "Reactie", ""))
                        button class="button" type="submit" { "Plaats de reactie" }
                    }
                }
            }
        }
    }
}

/// `/peer-reviews/{slug}/rapport/reactie`
pub fn response_page(frame: &Frame, view: &ResponseView) -> Markup {
    let number = view.sent.as_ref().map(|(number, _)| *number);
    // What was said about an earlier version, or about a paragraph that is not there any more, stands below.
    let keys: Vec<String> =
        view.sent.as_ref().map(|(_, content)| content.texts().into_iter().map(|text| text.key).collect()).unwrap_or_default();
    let is_shown = |comment: &&CommentLine| Some(comment.number) == number && keys.contains(&comment.paragraph);
    let others: Vec<_> = view.comments.iter().filter(|comment| !is_shown(comment)).collect();
    let body = html! {
        @if !view.term.is_empty() { (note(&html! { p { (view.term) } })) }
        @match &view.sent {
            None => (empty("Er is nog niets om op te reageren", &html! { p { "Het panel verstuurt het conceptrapport als het klaar is. U krijgt daar bericht van." } })),
            Some((number, content)) => (told(content, Edition::Concept, &|key| beside(frame, view, *number, key))),
        }
        @if !others.is_empty() {
            section class="panel" aria-labelledby="eerder" {
                h2 id="eerder" { "Reacties op eerdere versies" }
                ul class="plain-list" { @for comment in others { li { h3 { (comment.about) ", versie " (comment.number) } ul class="plain-list" { (line(frame, view, comment)) } } } }
            }
        }
    };
    let (dossier, reports) = (view.dossier.path(""), view.dossier.path("rapport"));
    let trail = [(view.dossier.name.as_str(), dossier.as_str()), ("Rapport", reports.as_str())];
    let title = number.map_or("Reacties op het rapport".to_owned(), |number| format!("Reacties op versie {number} van het rapport"));
    form_page(frame, Title::new(&title).trail(&trail), &view.errors, &body)
}
