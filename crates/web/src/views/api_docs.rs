//! The API for programs of others: its operations, grouped.

use maud::{Markup, html};

use crate::components::page::{Frame, Title, page};

/// The API.
#[derive(Debug, Clone, Default)]
pub struct ApiDocsView {
    /// Version of the API.
    pub version: String,
    /// Where it is, such as `/api/v1`.
    pub base: String,
    /// Where the `OpenAPI` document is.
    pub document: String,
    /// The groups.
    pub groups: Vec<ApiGroup>,
}

/// Operations about one subject.
#[derive(Debug, Clone)]
pub struct ApiGroup {
    /// Its name.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// The operations.
    pub operations: Vec<ApiOperation>,
}

/// An operation.
#[derive(Debug, Clone)]
pub struct ApiOperation {
    /// Its method in capitals.
    pub method: String,
    /// Its path.
    pub path: String,
    /// Its stable name.
    pub id: String,
    /// What it does.
    pub summary: String,
    /// Parameters: name, place, and what it means.
    pub parameters: Vec<(String, String, String)>,
    /// Answers: code and meaning.
    pub answers: Vec<(String, String)>,
}

fn operation(operation: &ApiOperation) -> Markup {
    html! {
        details class="operation" id=(operation.id) {
            summary {
                span class={ "method method-" (operation.method.to_lowercase()) } { (operation.method) }
                code { (operation.path) }
                span class="muted" lang="en" { (operation.summary) }
            }
            @if !operation.parameters.is_empty() {
                h4 { "Parameters" }
                dl class="parameters" { @for (name, place, meaning) in &operation.parameters { div { dt { code { (name) } " " span class="muted small" { (place) } } dd lang="en" { (meaning) } } } }
            }
            h4 { "Antwoorden" }
            dl class="parameters" { @for (code, meaning) in &operation.answers { div { dt { code { (code) } } dd lang="en" { (meaning) } } } }
        }
    }
}

/// `/hulp/api`
pub fn api_docs_page(frame: &Frame, view: &ApiDocsView) -> Markup {
    let body = html! {
        p { "De API staat op " code { (view.base) } ". " a href=(view.document) { "Bekijk het OpenAPI-document" } "." }
        p { "Elk verzoek heeft een aanmelding nodig. Fouten komen als " code { "application/problem+json" } " (RFC 9457), met een vaste code per fout. De beschrijvingen hieronder zijn in het Engels, zoals in het document." }
        @for (at, group) in view.groups.iter().enumerate() {
            section class="panel" aria-labelledby={ "groep-" (at) } {
                h2 id={ "groep-" (at) } lang="en" { (group.name) }
                @if !group.description.is_empty() { p class="hint" lang="en" { (group.description) } }
                @for one in &group.operations { (operation(one)) }
            }
        }
    };
    let lead = format!("Versie {}. Voor programma's die gegevens met Kernschil uitwisselen.", view.version);
    page(frame, Title::new("API").lead(&lead).trail(&[("Hulp", "/hulp")]), &body)
}
