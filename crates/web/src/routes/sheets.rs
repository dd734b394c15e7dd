//! Lists as workbooks: exactly what the page shows, all pages of it.

use kernschil_http::Failure;
use kernschil_spreadsheets::write::{CellOut, Column, ColumnKind, Orientation, Report, ReportSheet, report};

use crate::components::signs::{StatusCounts, short};
use crate::components::status::Met;
use crate::views::answers::{AnswerRow, Said};
use crate::views::coverage::CoverageRow;
use crate::views::schools::SchoolRow;
use crate::views::students::StudentRow;
use crate::views::users::UserRow;
use kernschil_domain::coverage::CoverageStatus;

fn column(header: &str, width: u16, kind: ColumnKind) -> Column {
    Column { header: header.to_owned(), width, kind }
}

/// A column of words.
pub(super) fn words(header: &str, width: u16) -> Column {
    column(header, width, ColumnKind::Text)
}

/// A column of figures.
pub(super) fn figure(header: &str) -> Column {
    column(header, 11, ColumnKind::Number)
}

/// Words in a cell.
pub(super) fn text(value: &str) -> CellOut {
    if value.is_empty() { CellOut::Empty } else { CellOut::Text(value.to_owned()) }
}

/// A figure in a cell.
pub(super) fn number(value: Option<u32>) -> CellOut {
    value.map_or(CellOut::Empty, |value| CellOut::Number(i64::from(value)))
}

/// One sheet as a workbook.
pub(super) fn sheet(name: &str, title: &str, columns: Vec<Column>, rows: Vec<Vec<CellOut>>) -> Result<Vec<u8>, Failure> {
    book(title, vec![(name, columns, rows)])
}

/// A sheet of a workbook: its name, columns and rows.
pub(super) type Sheet<'a> = (&'a str, Vec<Column>, Vec<Vec<CellOut>>);

/// Several sheets with one title as a workbook.
pub(super) fn book(title: &str, sheets: Vec<Sheet<'_>>) -> Result<Vec<u8>, Failure> {
    let sheet = |(name, columns, rows): Sheet<'_>| ReportSheet {
        name: name.to_owned(),
        title: title.to_owned(),
        columns,
        rows,
        chart: None,
        print: Orientation::Landscape,
    };
    let sheets = sheets.into_iter().map(sheet).collect();
    report(&Report { title: title.to_owned(), sheets }).map_err(|error| Failure::internal(&error))
}

/// The list of schools.
pub(super) fn schools(round: &str, rows: &[SchoolRow]) -> Result<Vec<u8>, Failure> {
    let row = |school: &SchoolRow| {
        let tiers: Vec<_> = school.tiers.iter().map(|mark| format!("{} {}", mark.word, mark.partnership).trim().to_owned()).collect();
        let conditions = school.conditions.as_ref().map_or("", |(met, words)| if *met == Met::Yes { "op orde" } else { words.as_str() });
        vec![
            text(&school.code),
            text(&school.name),
            text(&school.place),
            text(&school.board),
            text(&tiers.join("; ")),
            number(school.offered),
            number(school.offered.map(|_| school.used)),
            number(school.offered.map(|offered| offered.saturating_sub(school.used))),
            number(Some(school.trainers)),
            text(conditions),
        ]
    };
    let columns = vec![
        words("Schoolcode", 12),
        words("School", 36),
        words("Plaats", 20),
        words("Bestuur", 32),
        words("Kern of schil", 26),
        figure("Plekken"),
        figure("Bezet"),
        figure("Vrij"),
        figure("Opleiders"),
        words("Voorwaarden", 18),
    ];
    sheet("Scholen", &format!("Scholen en plekken, {round}"), columns, rows.iter().map(row).collect())
}

/// The list of students; `last` are the words of the last column.
pub(super) fn students(title: &str, last: &str, rows: &[(StudentRow, String)]) -> Result<Vec<u8>, Failure> {
    let row = |(student, remark): &(StudentRow, String)| {
        let (school, code) = student.school.as_ref().map_or(("", ""), |(name, code)| (name.as_str(), code.as_str()));
        vec![
            text(&student.number),
            text(&student.name),
            text(&student.programme),
            text(&student.phase),
            text(&student.period),
            text(student.status.dutch()),
            text(code),
            text(school),
            number(student.minutes),
            text(&student.set_aside.join("; ")),
            text(remark),
        ]
    };
    let columns = vec![
        words("Studentnummer", 15),
        words("Student", 30),
        words("Opleiding", 34),
        words("Fase", 14),
        words("Periode", 18),
        words("Status", 26),
        words("Schoolcode", 12),
        words("School", 34),
        figure("Reistijd"),
        words("Regel opzij gezet", 26),
        words(last, 50),
    ];
    sheet("Studenten", title, columns, rows.iter().map(row).collect())
}

/// The schools with what they said.
pub(super) fn answers(round: &str, rows: &[AnswerRow]) -> Result<Vec<u8>, Failure> {
    let row = |school: &AnswerRow| {
        let texts = [&school.code, &school.name, &school.place, &school.board, &school.tier];
        let mut cells: Vec<_> = texts.into_iter().map(|value| text(value)).collect();
        let places = match school.said {
            Said::Places(places) => Some(places),
            Said::None => Some(0),
            Said::Waiting => None,
        };
        cells.extend([text(&school.said.words()), number(places), text(&school.asked), text(&school.reminded), text(&school.answered)]);
        cells.push(text(&school.contact));
        cells
    };
    let columns = vec![
        words("Schoolcode", 12),
        words("School", 36),
        words("Plaats", 20),
        words("Bestuur", 32),
        words("Kern of schil", 14),
        words("Antwoord", 20),
        figure("Plekken"),
        words("Gevraagd", 20),
        words("Herinnerd", 20),
        words("Geantwoord", 20),
        words("Bereikbaar", 18),
    ];
    sheet("Antwoorden", &format!("Wat scholen antwoordden, {round}"), columns, rows.iter().map(row).collect())
}

/// The list of accounts.
pub(super) fn users(rows: &[UserRow]) -> Result<Vec<u8>, Failure> {
    let row = |user: &UserRow| {
        vec![
            text(&user.name),
            text(&user.email),
            text(&user.roles.join("; ")),
            text(&user.state.1),
            text(&user.second_factor),
            text(&user.signed_in),
        ]
    };
    let columns = vec![
        words("Naam", 30),
        words("E-mailadres", 36),
        words("Rollen", 60),
        words("Stand", 14),
        words("Tweede factor", 14),
        words("Laatst ingelogd", 34),
    ];
    sheet("Gebruikers", "Gebruikers en rollen", columns, rows.iter().map(row).collect())
}

/// Coverage, one row per part and the sum below.
pub(super) fn coverage(title: &str, first: &str, rows: &[CoverageRow], all: &StatusCounts) -> Result<Vec<u8>, Failure> {
    let row = |label: &str, counts: &StatusCounts| {
        let (covered, required) = (counts.covered(), counts.required());
        let share = (u64::from(covered) * 10_000).checked_div(u64::from(required));
        let share = share.and_then(|points| i64::try_from(points).ok()).map_or(CellOut::Empty, CellOut::BasisPoints);
        let mut cells = vec![text(label), share, number(Some(required))];
        cells.extend(CoverageStatus::ALL.map(|status| number(Some(counts.get(status)))));
        cells
    };
    let mut columns = vec![words(first, 40), column("Dekking", 11, ColumnKind::Percentage), figure("Studenten")];
    columns.extend(CoverageStatus::ALL.map(|status| figure(short(status))));
    let mut lines: Vec<_> = rows.iter().map(|part| row(&part.label, &part.counts)).collect();
    lines.push(row("Samen", all));
    sheet("Dekking", title, columns, lines)
}
