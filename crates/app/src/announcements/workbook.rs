//! A wave as a workbook: the lists per school, the students, and who is to be told on paper.

use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::LetterId;
use kernschil_domain::rounds::RoundData;
use kernschil_spreadsheets::write::{CellOut, Column, Orientation, Report, ReportSheet, report};
use serde_json::json;

use super::letters::{LetterPart, LetterText, Visitor};
use super::reading::{LetterRow, WaveView, letter, wave};
use crate::error::AppError;
use crate::exports::Workbook;
use crate::exports::cells::{maybe, text, words};
use crate::{Actor, App, Change};

/// A wave as a workbook; that somebody took it along is noted.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`] when there is no such round or wave; [`AppError::Internal`] when it
/// cannot be written.
pub async fn wave_workbook(app: &App, actor: &Actor, slug: &str, ordinal: i32) -> Result<Workbook, AppError> {
    actor.require(Permission::ExportStudents)?;
    let view = wave(app, actor, slug, ordinal).await?;
    let sheets = vec![per_school(&view.data, &view.letters), per_student(&view), on_paper(&view)];
    let title = format!("Brieven {ordinal}, {}", view.data.round.name);
    note(app, actor, slug, view.letters.len()).await?;
    written(title, sheets, format!("{slug}-brieven-{ordinal}.xlsx"))
}

/// The list of one school as a workbook; that somebody took it along is noted.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`] when there is no such list; [`AppError::Internal`] when it cannot be
/// written.
pub async fn school_workbook(app: &App, actor: &Actor, slug: &str, ordinal: i32, id: LetterId) -> Result<Workbook, AppError> {
    actor.require(Permission::ExportStudents)?;
    let (view, row) = letter(app, actor, slug, ordinal, id).await?;
    if row.kind != kernschil_domain::mutations::LetterKind::School {
        return Err(AppError::NotFound);
    }
    let file_name = format!("{slug}-{}.xlsx", row.about.to_lowercase());
    let sheets = vec![per_school(&view.data, std::slice::from_ref(&row))];
    note(app, actor, slug, 1).await?;
    written(format!("{}, {}", row.to, view.data.round.name), sheets, file_name)
}

async fn note(app: &App, actor: &Actor, slug: &str, letters: usize) -> Result<(), AppError> {
    let detail = json!({ "kind": "letters", "rows": letters });
    app.store
        .write(async |tx| {
            app.audit(tx, actor, EventKind::WorkbookExported, slug, Change::to(detail));
            Ok::<_, AppError>(())
        })
        .await
}

fn written(title: String, sheets: Vec<ReportSheet>, file_name: String) -> Result<Workbook, AppError> {
    let bytes = report(&Report { title, sheets }).map_err(|e| AppError::Internal(e.to_string()))?;
    Ok(Workbook { file_name, bytes })
}

fn sheet(data: &RoundData, name: &str, columns: Vec<Column>, rows: Vec<Vec<CellOut>>) -> ReportSheet {
    let title = format!("{name}, {}", data.round.name);
    ReportSheet { name: name.to_owned(), title, columns, rows, chart: None, print: Orientation::Landscape }
}

fn visitors(text: &LetterText) -> impl Iterator<Item = &Visitor> {
    text.parts.iter().flat_map(|part| match part {
        LetterPart::Visitors(visitors) => visitors.as_slice(),
        LetterPart::Heading(_) | LetterPart::Paragraph(_) | LetterPart::Facts(_) => &[],
    })
}

fn per_school(data: &RoundData, letters: &[LetterRow]) -> ReportSheet {
    let columns = vec![
        words("Code", 9),
        words("School", 32),
        words("Student", 28),
        words("Instituut", 26),
        words("Fase", 12),
        words("Periode", 46),
        words("Dagen", 24),
        words("Groepen", 14),
        words("Opleider", 24),
    ];
    let mut rows = Vec::new();
    for letter in letters {
        for visitor in letter.text.iter().flat_map(visitors) {
            let Visitor { name, institute, phase, period, weekdays, groups, trainer } = visitor;
            let cells = [&letter.about, &letter.to, name, institute, phase, period, weekdays, groups, trainer];
            rows.push(cells.into_iter().map(text).collect());
        }
    }
    sheet(data, "Per school", columns, rows)
}

/// What a letter to a student says of her places: each word once for each place.
fn facts<'a>(letter: &'a LetterText, word: &str) -> String {
    let all = letter.parts.iter().flat_map(|part| match part {
        LetterPart::Facts(facts) => facts.as_slice(),
        LetterPart::Heading(_) | LetterPart::Paragraph(_) | LetterPart::Visitors(_) => &[],
    });
    let of = |(known, what): &'a (String, String)| (known == word).then_some(what.as_str());
    all.filter_map(of).collect::<Vec<_>>().join("; ")
}

fn per_student(view: &WaveView) -> ReportSheet {
    let columns = vec![
        words("Student", 28),
        words("Instituut", 26),
        words("Brief", 20),
        words("School", 44),
        words("Adres", 26),
        words("Periode", 46),
        words("Dagen", 24),
        words("Groepen", 14),
        words("Opleider", 24),
        words("Bezorging", 28),
    ];
    let to_students = view.letters.iter().filter(|letter| letter.kind != kernschil_domain::mutations::LetterKind::School);
    let row = |letter: &LetterRow| {
        let fact = |word: &str| maybe(letter.text.as_ref().map(|text| facts(text, word)).as_deref());
        vec![
            text(&letter.to),
            text(&letter.about),
            text(letter.kind.dutch()),
            fact("School"),
            fact("Adres"),
            fact("Periode"),
            fact("Dagen"),
            fact("Groepen"),
            fact("Opleider"),
            text(letter.delivery.dutch()),
        ]
    };
    sheet(&view.data, "Per student", columns, to_students.map(row).collect())
}

fn on_paper(view: &WaveView) -> ReportSheet {
    let columns = vec![words("Voor", 34), words("Code of instituut", 28), words("Brief", 22), words("Waarom", 30)];
    let row = |letter: &LetterRow| vec![text(&letter.to), text(&letter.about), text(letter.kind.dutch()), text(letter.delivery.dutch())];
    let rows = view.letters.iter().filter(|letter| letter.delivery.needs_paper()).map(row).collect();
    sheet(&view.data, "Af te drukken", columns, rows)
}
