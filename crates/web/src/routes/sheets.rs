//! Lists as workbooks: exactly what the page shows, all pages of it.

use kernschil_http::Failure;
use kernschil_spreadsheets::write::{CellOut, Column, ColumnKind, Orientation, Report, ReportSheet, report};

use crate::components::signs::{StatusCounts, short};
use crate::components::status::Met;
use crate::views::coverage::CoverageRow;
use crate::views::schools::SchoolRow;
use crate::views::students::StudentRow;
use crate::views::users::UserRow;
use kernschil_domain::coverage::CoverageStatus;

fn column(header: &str, width: u16, kind: ColumnKind) -> Column {
    Column { header: header.to_owned(), width, kind }
}

fn words(header: &str, width: u16) -> Column {
    column(header, width, ColumnKind::Text)
}

fn figure(header: &str) -> Column {
    column(header, 11, ColumnKind::Number)
}

fn text(value: &str) -> CellOut {
    if value.is_empty() { CellOut::Empty } else { CellOut::Text(value.to_owned()) }
}

fn number(value: Option<u32>) -> CellOut {
    value.map_or(CellOut::Empty, |value| CellOut::Number(i64::from(value)))
}

fn sheet(name: &str, title: String, columns: Vec<Column>, rows: Vec<Vec<CellOut>>) -> Result<Vec<u8>, Failure> {
    let sheet = ReportSheet { name: name.to_owned(), title: title.clone(), columns, rows, chart: None, print: Orientation::Landscape };
    report(&Report { title, sheets: vec![sheet] }).map_err(|error| Failure::internal(&error))
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
    sheet("Scholen", format!("Scholen en plekken, {round}"), columns, rows.iter().map(row).collect())
}

/// The list of students; `last` are the words of the last column.
pub(super) fn students(title: String, last: &str, rows: &[(StudentRow, String)]) -> Result<Vec<u8>, Failure> {
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
        words(last, 50),
    ];
    sheet("Studenten", title, columns, rows.iter().map(row).collect())
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
    sheet("Gebruikers", "Gebruikers en rollen".to_owned(), columns, rows.iter().map(row).collect())
}

/// Coverage, one row per part and the sum below.
pub(super) fn coverage(title: String, first: &str, rows: &[CoverageRow], all: &StatusCounts) -> Result<Vec<u8>, Failure> {
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
