//! Finding what a row names, or reporting that it is not known.

use kernschil_domain::ids::{BoardId, InstituteId, PartnershipId, SchoolId};
use kernschil_domain::values::{BoardNumber, Brin, Label, SchoolCode};

use super::codes;
use super::findings::{Place, Problem, key, problem};
use super::keys::Keys;
use super::planner::{FileRows, Planner};

/// Where the thing that a row names is described.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// In what was loaded before.
    Before,
    /// There, or on another row of the same file. That row may be one that could not be read.
    SameFile,
}

/// Reports something that is not known, unless it may stand on a row that could not be read.
pub(super) fn unknown(planner: &mut Planner<'_>, source: Source, place: Place<'_>, field: &'static str, what: Problem) {
    if source == Source::Before || planner.file_rows == FileRows::All {
        planner.found.error(place, field, what);
    }
}

/// A board that must be known.
pub(super) fn board(
    planner: &mut Planner<'_>,
    keys: &Keys,
    source: Source,
    at: (Place<'_>, &'static str),
    number: &BoardNumber,
) -> Option<BoardId> {
    let found = keys.boards.get(number).copied();
    if found.is_none() {
        let advice = "Controleer het nummer. Klopt het, zet het bestuur dan op het blad Besturen van het werkboek met partnerschappen en laad dat eerst.";
        unknown(planner, source, at.0, at.1, problem(codes::BOARD_UNKNOWN, format!("Bestuur {number} is niet bekend."), advice));
    }
    found
}

/// A school that must be known.
pub(super) fn school(
    planner: &mut Planner<'_>,
    keys: &Keys,
    source: Source,
    at: (Place<'_>, &'static str),
    code: &SchoolCode,
) -> Option<SchoolId> {
    let found = keys.schools.get(code).copied();
    if found.is_none() {
        let advice = "Controleer de BRIN. Klopt zij, laad dan eerst het scholenbestand van DUO, of zet de school op het blad Scholen van het werkboek met partnerschappen.";
        unknown(planner, source, at.0, at.1, problem(codes::SCHOOL_UNKNOWN, format!("School {code} is niet bekend."), advice));
    }
    found
}

/// An institute that must be known.
pub(super) fn institute(
    planner: &mut Planner<'_>,
    keys: &Keys,
    source: Source,
    at: (Place<'_>, &'static str),
    brin: &Brin,
) -> Option<InstituteId> {
    let found = keys.institutes.get(brin).copied();
    if found.is_none() {
        let advice = "Controleer de BRIN. Klopt zij, zet het instituut dan op het blad Opleidingen van het werkboek met partnerschappen en laad dat eerst.";
        unknown(planner, source, at.0, at.1, problem(codes::INSTITUTE_UNKNOWN, format!("Instituut {brin} is niet bekend."), advice));
    }
    found
}

/// A partnership that must be known.
pub(super) fn partnership(
    planner: &mut Planner<'_>,
    keys: &Keys,
    source: Source,
    at: (Place<'_>, &'static str),
    name: &Label,
) -> Option<PartnershipId> {
    let found = keys.partnerships.get(&key(name.as_str())).copied();
    if found.is_none() {
        let advice = "Controleer de naam. Zet een nieuw partnerschap op het blad Partnerschappen van het werkboek met partnerschappen.";
        unknown(planner, source, at.0, at.1, problem(codes::PARTNERSHIP_UNKNOWN, format!("Partnerschap “{name}” is niet bekend."), advice));
    }
    found
}
