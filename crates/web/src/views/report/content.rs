//! What a report says, on the page: what the document and the workbook say, in the same order.

use kernschil_domain::reviews::{
    DISSENT, ParagraphAbout, REPLY, ReportBlock, ReportContent, ReportPanelist, ReportParagraph, ReportPictureRow, ReportProgrammePart,
};
use maud::{Markup, html};

use crate::components::figures::facts;
use crate::components::markdown::markdown;
use crate::components::table::{Density, table};

fn panel(all: &[ReportPanelist]) -> Markup {
    let head = html! { tr { th scope="col" { "Naam" } th scope="col" { "Rol" } th scope="col" { "Van" } } };
    let rows = html! { @for one in all { tr { th scope="row" { (one.name) } td { (one.role.dutch()) } td { (one.organisation) } } } };
    table("Panel", Density::Roomy, &head, &rows)
}

fn programme(all: &[ReportProgrammePart]) -> Markup {
    let head = html! { tr { th scope="col" { "Tijd" } th scope="col" { "Onderdeel" } th scope="col" { "Met wie" } } };
    let rows = html! { @for part in all { tr { td { (part.time()) } th scope="row" { (part.title) } td { (part.audience) } } } };
    table("Programma van de bezoekdag", Density::Roomy, &head, &rows)
}

fn picture(all: &[ReportPictureRow]) -> Markup {
    let head = html! { tr { th scope="col" { "Waarborg" } th scope="col" { "Samen gevonden" } th scope="col" { "Waarover" } } };
    let rows = html! { @for one in all { tr { th scope="row" { (one.about) } td { (one.found()) } td { (one.about_what()) } } } };
    table("Het beeld per waarborg", Density::Roomy, &head, &rows)
}

/// The place of a paragraph within a page.
pub(super) fn anchor(key: &str) -> String {
    format!("alinea-{}", key.replace('/', "-"))
}

fn paragraph(one: &ReportParagraph, beside: &dyn Fn(&str) -> Markup) -> Markup {
    html! {
        div class="report-paragraph" id=(anchor(&one.key)) {
            @match one.about {
                ParagraphAbout::Written => {}
                ParagraphAbout::Answer { .. } => h3 { (one.label()) },
                ParagraphAbout::Finding { .. } => p class="report-label" { (one.label()) },
            }
            (markdown(one.told()))
            @for dissent in &one.dissents {
                div class="report-aside" { p { strong { (DISSENT) } } (markdown(dissent)) }
            }
            (beside(&one.key))
        }
    }
}

fn block(one: &ReportBlock<'_>, beside: &dyn Fn(&str) -> Markup) -> Markup {
    match one {
        ReportBlock::Facts(all) => {
            let all: Vec<_> = all.iter().map(|(word, value)| (*word, html! { (value) })).collect();
            facts(&all)
        }
        ReportBlock::Panel(all) => html! { h2 id=(anchor("panel")) { "Panel" } (panel(all)) (beside("panel")) },
        ReportBlock::Programme(all) => {
            html! { h2 id=(anchor("programma")) { "Programma van de bezoekdag" } (programme(all)) (beside("programma")) }
        }
        ReportBlock::Picture(all) => html! { h2 { "Het beeld per waarborg" } (picture(all)) },
        ReportBlock::Section(section) => html! { h2 { (section.title) } },
        ReportBlock::Kind(kind) => html! { h3 { (kind) } },
        ReportBlock::Paragraph(one) => paragraph(one, beside),
        ReportBlock::Judgements(all) => {
            let lines: Vec<_> = all.iter().map(|one| (one.about.as_str(), html! { (one.judgement.dutch()) })).collect();
            html! { h2 id=(anchor("oordeel")) { "Oordeel" } (facts(&lines)) (beside("oordeel")) }
        }
        ReportBlock::Responses(all) => html! {
            h2 { "Reacties van de ontvangende partij" }
            @for one in *all {
                div class="report-paragraph" {
                    h3 { (one.about) }
                    (markdown(&one.text))
                    div class="report-aside" { p { strong { (REPLY) } } (markdown(&one.reply)) }
                }
            }
        },
    }
}

/// Whether a report is final on a page, or still a concept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edition {
    /// The word CONCEPT stands across it.
    Concept,
    /// Nothing stands across it.
    Final,
}

/// The report, with something beside each paragraph that can be spoken about.
pub(super) fn told(content: &ReportContent, edition: Edition, beside: &dyn Fn(&str) -> Markup) -> Markup {
    html! {
        article class={ "report" @if edition == Edition::Concept { " report-concept" } } aria-label=(content.title) {
            @if edition == Edition::Concept { p class="report-mark" { "CONCEPT" } }
            @for one in &content.blocks() { (block(one, beside)) }
        }
    }
}

/// Nothing beside the paragraphs.
pub(super) fn nothing(_: &str) -> Markup {
    html! {}
}
