//! Per student: where, when, how far and with whom.

use kernschil_domain::codes::Guidance;
use kernschil_spreadsheets::write::{CellOut, ReportSheet};

use super::cells::{count, maybe, number, numbers, sheet, text, words};
use crate::coverage::Explained;
use crate::students::{StudentRow, rows};

/// Sheet "Studenten": a row for every demand.
pub(super) fn sheets(round: &Explained) -> Vec<ReportSheet> {
    let columns = vec![
        words("Instituut", 26),
        words("Studentnummer", 14),
        words("Naam", 26),
        words("Soort", 13),
        words("Opleiding", 28),
        words("Fase", 12),
        words("Periode", 14),
        words("Code school", 12),
        words("School", 30),
        words("Plaats", 18),
        words("Rol van de school", 16),
        numbers("Voorkeur"),
        numbers("Reistijd (min)"),
        words("Opleider", 24),
        words("Begeleiding buiten", 18),
        words("Stand", 14),
        words("Telt als", 26),
        words("Regel opzij gezet", 26),
    ];
    let mut lines = rows(&round.data, &round.reasons);
    lines.sort_by(|a, b| a.institute_name.cmp(&b.institute_name));
    vec![sheet(&round.data, "Studenten", "Studenten en hun plaats", columns, lines.iter().map(line).collect())]
}

fn line(row: &StudentRow) -> Vec<CellOut> {
    let mut cells = vec![
        text(&row.institute_name),
        text(&row.number),
        text(&row.name),
        text(row.kind.dutch()),
        text(&row.programme_name),
        text(&row.phase_code),
        text(&row.period_name),
    ];
    match &row.place {
        Some(place) => cells.extend([
            text(&place.school_code),
            text(&place.school_name),
            maybe(place.place.as_deref()),
            text(place.standing.dutch()),
            place.wish_rank.map_or(CellOut::Empty, count),
            place.minutes.map_or(CellOut::Empty, number),
            maybe(place.trainer.as_deref()),
            maybe(place.guidance.map(Guidance::dutch)),
            text(place.status.dutch()),
        ]),
        None => cells.extend(std::iter::repeat_n(CellOut::Empty, 9)),
    }
    cells.push(text(row.status.dutch()));
    let broken = row.place.as_ref().map(|place| place.broken.as_slice()).unwrap_or_default();
    cells.push(text(broken.iter().map(|rule| rule.dutch()).collect::<Vec<_>>().join("; ")));
    cells
}
