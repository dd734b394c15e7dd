//! Who is not placed, not at a kern school, or outside samen opleiden, and why.

use kernschil_domain::codes::Guidance;
use kernschil_domain::policy::RuleKind;
use kernschil_domain::rounds::RoundData;
use kernschil_spreadsheets::write::{CellOut, ReportSheet};

use super::cells::{count, maybe, number, numbers, sheet, text, words};
use crate::board::{BoardRow, ExceptionKind, rows};
use crate::coverage::Explained;

/// What the workbook is about, the most urgent first. The rest of what the placement board shows, such
/// as a long trip, stands beside it.
const LISTED: [ExceptionKind; 5] =
    [ExceptionKind::Unplaced, ExceptionKind::Outside, ExceptionKind::SchilUnmet, ExceptionKind::Schil, ExceptionKind::RuleSetAside];

/// Sheets "Uitzonderingen" and "Samenvatting".
pub(super) fn sheets(round: &Explained) -> Vec<ReportSheet> {
    let data = &round.data;
    let listed: Vec<_> = rows(data, &round.reasons).into_iter().filter_map(|row| Some((kind_of(&row)?, row))).collect();
    let columns = vec![
        words("Uitzondering", 24),
        words("Instituut", 26),
        words("Studentnummer", 14),
        words("Naam", 26),
        words("Opleiding", 28),
        words("Fase", 12),
        words("Periode", 14),
        words("Code school", 12),
        words("School", 30),
        numbers("Reistijd (min)"),
        words("Begeleiding buiten", 18),
        words("Opzij gezette regels", 24),
        words("Ook", 24),
        words("Reden", 100),
    ];
    let lines = listed.iter().map(|(kind, row)| line(data, *kind, row)).collect();
    let list = sheet(data, "Uitzonderingen", "Niet geplaatst, niet op een kernschool of buiten samen opleiden", columns, lines);
    let per_kind = LISTED.into_iter().map(|kind| vec![text(kind.dutch()), count(listed.iter().filter(|(k, _)| *k == kind).count())]);
    let summary =
        sheet(data, "Samenvatting", "Uitzonderingen", vec![words("Uitzondering", 34), numbers("Plaatsvragen")], per_kind.collect());
    vec![list, summary]
}

fn listed(rules: &[RuleKind]) -> String {
    rules.iter().map(|rule| rule.dutch()).collect::<Vec<_>>().join(", ")
}

fn kind_of(row: &BoardRow) -> Option<ExceptionKind> {
    LISTED.into_iter().find(|kind| row.exceptions.contains(kind))
}

fn line(data: &RoundData, kind: ExceptionKind, row: &BoardRow) -> Vec<CellOut> {
    let student = &row.row;
    let place = student.place.as_ref();
    let also: Vec<_> = row.exceptions.iter().filter(|other| **other != kind).map(|other| other.dutch()).collect();
    // Of a place that was given by hand the reason is the one that was written down then.
    let by_hand = || data.placements.get(&student.demand).and_then(|placement| placement.reason.clone());
    let reason = student.reason.clone().or_else(by_hand);
    vec![
        text(kind.dutch()),
        text(&student.institute_name),
        text(&student.number),
        text(&student.name),
        text(&student.programme_name),
        text(&student.phase_code),
        text(&student.period_name),
        maybe(place.map(|place| place.school_code.as_str())),
        maybe(place.map(|place| place.school_name.as_str())),
        place.and_then(|place| place.minutes).map_or(CellOut::Empty, number),
        maybe(place.and_then(|place| place.guidance).map(Guidance::dutch)),
        text(place.map(|place| listed(&place.broken)).unwrap_or_default()),
        text(also.join(", ")),
        maybe(reason.as_deref()),
    ]
}
