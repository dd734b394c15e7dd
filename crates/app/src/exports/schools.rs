//! Per school: the places, and who comes when.

use kernschil_domain::rounds::RoundData;
use kernschil_spreadsheets::write::{CellOut, ReportSheet};

use super::cells::{dates, maybe, number, numbers, sheet, text, words};
use crate::schools::{SchoolRow, rows, visitors};

/// Sheets "Overzicht" and "Wie komt wanneer".
pub(super) fn sheets(data: &RoundData) -> Vec<ReportSheet> {
    let schools = rows(data);
    vec![overview(data, &schools), who_comes_when(data, &schools)]
}

fn overview(data: &RoundData, schools: &[SchoolRow]) -> ReportSheet {
    let columns = vec![
        words("Code", 9),
        words("School", 34),
        words("Plaats", 18),
        words("Sector", 8),
        words("Bestuur", 30),
        words("Rol", 16),
        numbers("Aangeboden"),
        numbers("Bezet"),
        numbers("Vrij"),
        words("Opleiders", 30),
        words("Wat ontbreekt voor de rol", 40),
    ];
    let row = |school: &SchoolRow| {
        vec![
            text(&school.code),
            text(&school.name),
            maybe(school.place.as_deref()),
            text(school.sector.dutch()),
            maybe(school.board.as_deref()),
            text(school.standing.dutch()),
            number(school.offered),
            number(school.used),
            number(school.offered - school.used),
            text(school.trainers.join(", ")),
            text(school.unmet.join("; ")),
        ]
    };
    sheet(data, "Overzicht", "Scholen en plekken", columns, schools.iter().map(row).collect())
}

fn who_comes_when(data: &RoundData, schools: &[SchoolRow]) -> ReportSheet {
    let columns = vec![
        words("Code", 9),
        words("School", 30),
        words("Periode", 14),
        dates("Van"),
        dates("Tot en met"),
        words("Student", 26),
        words("Instituut", 26),
        words("Fase", 12),
        words("Groepen", 10),
        words("Dagen", 12),
        words("Opleider", 24),
        words("Rol van de school", 16),
        words("Stand", 14),
    ];
    let mut lines = Vec::new();
    // Who has no students costs no pass over all placements.
    for school in schools.iter().filter(|school| school.used > 0) {
        lines.extend(visitors(data, school.school).into_iter().map(|visitor| {
            vec![
                text(&school.code),
                text(&school.name),
                text(visitor.period),
                CellOut::Date(visitor.starts_on),
                CellOut::Date(visitor.ends_on),
                text(visitor.name),
                text(visitor.institute),
                text(visitor.phase),
                text(visitor.groups),
                text(visitor.weekdays),
                maybe(visitor.trainer.as_deref()),
                text(visitor.standing.dutch()),
                text(visitor.status.dutch()),
            ]
        }));
    }
    sheet(data, "Wie komt wanneer", "Wie komt wanneer", columns, lines)
}
