//! Help and errors.

use kernschil_web::views::{api_docs, errors, help};

use super::{text, texts};

pub(super) fn help_view() -> help::HelpView {
    let topic = |title: &str, summary: &str, href: &str| help::HelpTopic { title: text(title), summary: text(summary), href: text(href) };
    help::HelpView {
        topics: vec![
            topic("Woordenlijst", "Wat kern, schil, dekking en andere woorden betekenen.", "/hulp/woordenlijst"),
            topic("Werkboek studenten", "Welke kolommen erin staan.", "/hulp/importeren/studenten"),
            topic("Toetsen", "Sneller werken zonder muis.", "/hulp/toetsen"),
            topic("API", "Voor programma's van anderen.", "/hulp/api"),
        ],
    }
}

pub(super) fn glossary_view() -> help::GlossaryView {
    let term = |word: &str, meaning: &str| help::Term { word: text(word), meaning: text(meaning) };
    help::GlossaryView {
        terms: vec![
            term("dekking", "Het deel van de studenten dat volgens het kwaliteitskader wordt opgeleid."),
            term("kern", "Een school die volledig meedoet in een partnerschap."),
            term("schil", "Een school met weinig studenten, die hulp krijgt van de kern."),
        ],
    }
}

pub(super) fn codes_view() -> help::CodesView {
    help::CodesView { codes: vec![(text("school-onbekend"), text("Kernschil kent geen school met deze BRIN."))] }
}

pub(super) fn import_docs_view() -> help::ImportDocsView {
    help::ImportDocsView {
        name: text("Studenten"),
        intro: texts(&["Wie een plek nodig heeft, en waar het liefst.", "Laad eerst de plekken."]),
        template: Some(text("/importeren/sjablonen/studenten.xlsx")),
        sheets: vec![help::SheetDocs {
            name: text("Studenten"),
            intro: text("Elke rij is een student."),
            columns: vec![help::ColumnDocs {
                name: text("Studentnummer"),
                required: text("ja"),
                help: text("Het nummer van de student bij het instituut."),
                examples: texts(&["580124"]),
                aliases: texts(&["studentnr", "nummer"]),
            }],
        }],
    }
}

pub(super) fn api_view() -> api_docs::ApiDocsView {
    api_docs::ApiDocsView {
        version: text("1.0.0"),
        base: text("/api/v1"),
        document: text("/api/v1/openapi.json"),
        groups: vec![api_docs::ApiGroup {
            name: text("Scholen"),
            description: text("Scholen en hun plekken."),
            operations: vec![
                api_docs::ApiOperation {
                    method: text("GET"),
                    path: text("/schools/{code}"),
                    id: text("getSchool"),
                    summary: text("Geeft een school."),
                    parameters: vec![(text("code"), text("pad"), text("De schoolcode."))],
                    answers: vec![(text("200"), text("De school.")), (text("404"), text("Er is geen school met deze code."))],
                },
                api_docs::ApiOperation {
                    method: text("POST"),
                    path: text("/rounds/{slug}/allocation-runs"),
                    id: text("startRun"),
                    summary: text("Maakt een voorstel."),
                    parameters: vec![],
                    answers: vec![(text("202"), text("Het werk is begonnen."))],
                },
            ],
        }],
    }
}

pub(super) fn error_view(status: u16) -> errors::ErrorView {
    errors::ErrorView { status, detail: String::new(), request_id: text("01J8ZK3Q"), back: String::new(), more: None, typed: None }
}
