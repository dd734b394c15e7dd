//! The report to take along, as a document and as a workbook. Both tell [`ReportContent::blocks`], as the page does.

pub use kernschil_documents::DOCX_MEDIA_TYPE;
use kernschil_documents::{Document, Level, Piece, docx};
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::reviews::{DISSENT, ParagraphAbout, REPLY, ReportBlock, ReportContent, ReportState};
use kernschil_spreadsheets::write::{CellOut, Column, ColumnKind, Orientation, Report, ReportSheet, report};
use serde_json::json;

use super::version;
use crate::error::AppError;
use crate::{Actor, App, Change};

/// A file of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportFile {
    /// Its name, without names of people.
    pub file_name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

fn mark(state: ReportState) -> Option<String> {
    match state {
        ReportState::Concept | ReportState::Responding => Some("CONCEPT".to_owned()),
        ReportState::Final => None,
    }
}

fn pieces_of(block: ReportBlock<'_>) -> Vec<Piece> {
    let columns = |all: &[(&str, u8)]| all.iter().map(|(name, share)| ((*name).to_owned(), *share)).collect();
    match block {
        ReportBlock::Facts(facts) => {
            vec![Piece::Facts(facts.into_iter().map(|(word, value)| (word.to_owned(), value)).collect())]
        }
        ReportBlock::Panel(panel) => {
            let row = |one: &kernschil_domain::reviews::ReportPanelist| {
                vec![one.name.clone(), one.role.dutch().to_owned(), one.organisation.clone()]
            };
            let rows = panel.iter().map(row).collect();
            let table = Piece::Table { columns: columns(&[("Naam", 35), ("Rol", 20), ("Van", 45)]), rows };
            vec![Piece::Heading(Level::One, "Panel".to_owned()), table]
        }
        ReportBlock::Programme(parts) => {
            let row = |part: &kernschil_domain::reviews::ReportProgrammePart| vec![part.time(), part.title.clone(), part.audience.clone()];
            let table = Piece::Table {
                columns: columns(&[("Tijd", 20), ("Onderdeel", 45), ("Met wie", 35)]),
                rows: parts.iter().map(row).collect(),
            };
            vec![Piece::Heading(Level::One, "Programma van de bezoekdag".to_owned()), table]
        }
        ReportBlock::Picture(all) => {
            let rows = all.iter().map(|one| vec![one.about.clone(), one.found(), one.about_what()]).collect();
            let table = Piece::Table { columns: columns(&[("Waarborg", 26), ("Samen gevonden", 37), ("Waarover", 37)]), rows };
            vec![Piece::Heading(Level::One, "Het beeld per waarborg".to_owned()), table]
        }
        ReportBlock::Section(section) => vec![Piece::Heading(Level::One, section.title.clone())],
        ReportBlock::Kind(kind) => vec![Piece::Heading(Level::Two, kind.to_owned())],
        ReportBlock::Paragraph(paragraph) => {
            let above = match paragraph.about {
                ParagraphAbout::Answer { .. } => Some(Piece::Heading(Level::Three, paragraph.heading.clone())),
                ParagraphAbout::Finding { .. } => Some(Piece::About(paragraph.label())),
                ParagraphAbout::Written => None,
            };
            let aside = |text: &String| Piece::Aside { label: DISSENT.to_owned(), text: text.clone() };
            let text = Piece::Text(paragraph.told().to_owned());
            above.into_iter().chain([text]).chain(paragraph.dissents.iter().map(aside)).collect()
        }
        ReportBlock::Judgements(all) => {
            let rows = all.iter().map(|one| (one.about.clone(), one.judgement.dutch().to_owned())).collect();
            vec![Piece::Heading(Level::One, "Oordeel".to_owned()), Piece::Facts(rows)]
        }
        ReportBlock::Responses(all) => {
            let mut pieces = vec![Piece::Heading(Level::One, "Reacties van de ontvangende partij".to_owned())];
            for one in all {
                pieces.push(Piece::Heading(Level::Three, one.about.clone()));
                pieces.push(Piece::Text(one.text.clone()));
                pieces.push(Piece::Aside { label: REPLY.to_owned(), text: one.reply.clone() });
            }
            pieces
        }
    }
}

/// What is above and below every page.
fn edition(number: i32, state: ReportState) -> String {
    format!("versie {number}, {}", state.dutch())
}

/// A report as .docx. The same report gives the same bytes.
///
/// # Errors
/// [`AppError::Internal`] when it cannot be written.
pub fn document_of(content: &ReportContent, (number, state): (i32, ReportState)) -> Result<Vec<u8>, AppError> {
    let title = Piece::Title { above: "Rapport van de peer review".to_owned(), text: content.title.clone() };
    let document = Document {
        title: format!("Rapport {}", content.title),
        header: format!("{}, {}", content.title, edition(number, state)),
        footer: content.receiver.clone(),
        watermark: mark(state),
        pieces: [title].into_iter().chain(content.blocks().into_iter().flat_map(pieces_of)).collect(),
    };
    docx(&document).map_err(|error| AppError::Internal(error.to_string()))
}

/// A row of the sheet with the text: where it stands, what it is, its key, and what it says.
fn row(place: &str, what: &str, key: &str, text: &str) -> Vec<CellOut> {
    let cell = |text: &str| if text.is_empty() { CellOut::Empty } else { CellOut::Text(text.to_owned()) };
    vec![cell(place), cell(what), cell(key), cell(text)]
}

fn rows_of(content: &ReportContent) -> Vec<Vec<CellOut>> {
    let (mut rows, mut place) = (Vec::new(), String::new());
    for block in content.blocks() {
        match block {
            ReportBlock::Facts(facts) => rows.extend(facts.iter().map(|(word, value)| row("Gegevens", word, "", value))),
            ReportBlock::Panel(panel) => rows.extend(panel.iter().map(|one| row("Panel", one.role.dutch(), "panel", &one.line()))),
            ReportBlock::Programme(parts) => rows.extend(parts.iter().map(|part| row("Programma", "", "programma", &part.line()))),
            ReportBlock::Picture(all) => {
                for one in all {
                    rows.push(row("Het beeld per waarborg", &one.about, "", &one.found()));
                    rows.extend((!one.themes.is_empty()).then(|| row("Het beeld per waarborg", "Waarover", "", &one.about_what())));
                }
            }
            ReportBlock::Section(section) => place.clone_from(&section.title),
            // What kind of finding it is stands in its row.
            ReportBlock::Kind(_) => {}
            ReportBlock::Paragraph(paragraph) => {
                rows.push(row(&place, &paragraph.label(), &paragraph.key, paragraph.told()));
                rows.extend(paragraph.dissents.iter().map(|text| row(&place, DISSENT.trim_end_matches(':'), &paragraph.key, text)));
            }
            ReportBlock::Judgements(all) => rows.extend(all.iter().map(|one| row("Oordeel", &one.about, "oordeel", one.judgement.dutch()))),
            ReportBlock::Responses(all) => {
                for one in all {
                    rows.push(row("Reacties", &one.about, &one.paragraph, &one.text));
                    rows.push(row("Reacties", REPLY.trim_end_matches(':'), &one.paragraph, &one.reply));
                }
            }
        }
    }
    rows
}

/// A report as .xlsx. The same report gives the same bytes.
///
/// # Errors
/// [`AppError::Internal`] when it cannot be written.
pub fn workbook_of(content: &ReportContent, (number, state): (i32, ReportState)) -> Result<Vec<u8>, AppError> {
    let column = |header: &str, width| Column { header: header.to_owned(), width, kind: ColumnKind::Text };
    let concept = mark(state).map(|word| format!("{word} – ")).unwrap_or_default();
    let title = format!("{concept}Rapport {}, {}", content.title, edition(number, state));
    let sheet = ReportSheet {
        name: "Rapport".to_owned(),
        title: title.clone(),
        columns: vec![column("Deel", 26), column("Wat", 36), column("Alinea", 24), column("Tekst", 90)],
        rows: rows_of(content),
        chart: None,
        print: Orientation::Landscape,
    };
    report(&Report { title, sheets: vec![sheet] }).map_err(|error| AppError::Internal(error.to_string()))
}

type Write = fn(&ReportContent, (i32, ReportState)) -> Result<Vec<u8>, AppError>;

async fn taken(
    app: &App,
    actor: &Actor,
    (slug, number): (&str, i32),
    (write, ending): (Write, &'static str),
) -> Result<ReportFile, AppError> {
    let view = version(app, actor, slug, number).await?;
    let edition = (view.version.number, view.version.state);
    let bytes = tokio::task::spawn_blocking(move || write(&view.content, edition));
    let bytes = bytes.await.map_err(|error| AppError::Internal(error.to_string()))??;
    app.store
        .write(async |tx| {
            let change = Change::to(json!({ "report": number, "form": ending }));
            app.audit_as(tx, actor, actor.role(Some(Permission::ReadReview)), EventKind::ReviewExported, slug, change);
            Ok::<_, AppError>(())
        })
        .await?;
    Ok(ReportFile { file_name: format!("rapport-{slug}-versie-{number}.{ending}"), bytes })
}

/// A version of the report as a document. That somebody took it along is noted.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`], also for a version that somebody may not see.
pub async fn report_document(app: &App, actor: &Actor, slug: &str, number: i32) -> Result<ReportFile, AppError> {
    taken(app, actor, (slug, number), (document_of, "docx")).await
}

/// A version of the report as a workbook. That somebody took it along is noted.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`], also for a version that somebody may not see.
pub async fn report_workbook(app: &App, actor: &Actor, slug: &str, number: i32) -> Result<ReportFile, AppError> {
    taken(app, actor, (slug, number), (workbook_of, "xlsx")).await
}
