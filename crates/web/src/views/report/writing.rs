//! Writing the report: a field for each text, between the findings that are taken over.

use kernschil_domain::reviews::{ReportContent, ReportParagraph, ReportSection};
use maud::{Markup, html};

use super::content::anchor;
use crate::components::forms::{FieldError, csrf, submit};
use crate::components::markdown::markdown;
use crate::components::page::{Frame, Title, form_page};
use crate::components::status::warning;
use crate::views::reflection::Dossier;

/// A text that is written.
#[derive(Debug, Clone, Default)]
pub struct TextField {
    /// The key of its paragraph.
    pub key: String,
    /// What stands in the field.
    pub text: String,
    /// What somebody else saved meanwhile, where that is something else.
    pub stored: Option<String>,
}

/// Writing the report.
#[derive(Debug, Clone)]
pub struct WriteView {
    /// The dossier.
    pub dossier: Dossier,
    /// The number of the version that is written on.
    pub number: i32,
    /// What that version says.
    pub content: ReportContent,
    /// The texts that are written.
    pub fields: Vec<TextField>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// Words above the field of a text.
fn label(section: &ReportSection, paragraph: &ReportParagraph) -> String {
    let label = paragraph.label();
    if !label.is_empty() {
        return label;
    }
    if paragraph.key.ends_with("/beeld") { format!("Het beeld van het panel: {}", section.title) } else { section.title.clone() }
}

fn field(view: &WriteView, section: &ReportSection, paragraph: &ReportParagraph) -> Markup {
    let id = format!("veld-{}", anchor(&paragraph.key));
    let found = view.fields.iter().find(|field| field.key == paragraph.key);
    let text = found.map_or(paragraph.text.as_str(), |field| field.text.as_str());
    html! {
        div class="field" {
            label for=(id) { (label(section, paragraph)) }
            @if let Some(stored) = found.and_then(|field| field.stored.as_ref()) {
                div class="note note-signal" {
                    div {
                        p { strong { "Intussen door een ander bewaard:" } }
                        @if stored.is_empty() { p class="muted" { "Een lege tekst." } } @else { (markdown(stored)) }
                    }
                }
            }
            textarea class="input" id=(id) name={ "tekst:" (paragraph.key) } rows="6" { (text) }
        }
    }
}

fn taken_over(paragraph: &ReportParagraph) -> Markup {
    html! {
        div class="report-paragraph" {
            p class="report-label" { (paragraph.label()) }
            (markdown(&paragraph.text))
            @for dissent in &paragraph.dissents { div class="report-aside" { (markdown(dissent)) } }
        }
    }
}

fn section(view: &WriteView, section: &ReportSection) -> Markup {
    let findings: Vec<_> = section.paragraphs.iter().filter(|paragraph| !paragraph.about.is_written()).collect();
    html! {
        section class="panel" aria-labelledby={ "deel-" (section.key) } {
            h2 id={ "deel-" (section.key) } { (section.title) }
            @for paragraph in section.paragraphs.iter().filter(|paragraph| paragraph.about.is_written()) { (field(view, section, paragraph)) }
            @if !findings.is_empty() {
                details class="more" {
                    summary { "Bevindingen die in dit deel staan: " (findings.len()) }
                    @for paragraph in findings { (taken_over(paragraph)) }
                }
            }
        }
    }
}

/// `/peer-reviews/{slug}/rapport/schrijven`
pub fn write_page(frame: &Frame, view: &WriteView) -> Markup {
    let is_stale = view.fields.iter().any(|field| field.stored.is_some());
    let body = html! {
        @if is_stale {
            (warning(&html! {
                p { "Iemand anders heeft intussen versie " (view.number) " bewaard. Wat u schreef staat nog in de velden; bij elk verschil staat wat de ander schreef. Voeg samen wat nodig is en bewaar opnieuw." }
            }))
        }
        form class="form report-form" method="post" action=(view.dossier.path("rapport/schrijven")) data-draft {
            (csrf(&frame.csrf))
            input type="hidden" name="nummer" value=(view.number);
            p class="hint" { "U kunt Markdown gebruiken: # voor een kop, - voor een lijst, **vet**. Een leeg veld komt niet in het rapport. Bevindingen wijzigt u bij Samen wegen." }
            @for one in &view.content.sections { (section(view, one)) }
            (submit("Bewaar als nieuwe versie"))
        }
    };
    let (dossier, reports) = (view.dossier.path(""), view.dossier.path("rapport"));
    let trail = [(view.dossier.name.as_str(), dossier.as_str()), ("Rapport", reports.as_str())];
    form_page(
        frame,
        Title::new("Rapport schrijven").lead(&format!("U schrijft verder op versie {}.", view.number)).trail(&trail),
        &view.errors,
        &body,
    )
}
