//! Partnerships with their programmes, boards, schools, conditions and quality evidence.

use kernschil_domain::codes::{
    ConditionKind, EvidenceKind, InspectionJudgement, PartnershipStatus, PhaseKind, ProgrammeForm, ProgrammeLevel, Tier,
};
use kernschil_domain::periods::Span;
use kernschil_domain::registry::Funding;
use kernschil_domain::values::{BoardNumber, Brin, Croho, Label, SchoolCode};

#[cfg(test)]
use super::members::{BOARD, SCHOOL};
use super::members::{BoardRow, SchoolRow, read_boards, read_schools};
use super::{parse, required_span, small};
use crate::codes;
use crate::convert::{self, Cell};
use crate::definition::ImportKind;
use crate::findings::{Located, Outcome, Parsed};
use crate::raw::RawWorkbook;
use crate::table::{Seen, Table};

const PARTNERSHIP: [&str; 6] = ["name", "status", "regions", "lead_board", "institutes", "valid_from"];
const PROGRAMME: [&str; 10] =
    ["institute", "institute_name", "croho", "name", "form", "level", "counts_for_funding", "phase_ordinal", "phase", "phase_kind"];
const CONDITION: [&str; 4] = ["partnership", "tier", "kind", "value"];
const QUALITY: [&str; 5] = ["school", "kind", "value", "valid_from", "valid_until"];

#[cfg(test)]
pub(super) const SHEETS: &[super::SheetFields] = &[
    ("partnerships", &PARTNERSHIP),
    ("programmes", &PROGRAMME),
    ("boards", &BOARD),
    ("schools", &SCHOOL),
    ("conditions", &CONDITION),
    ("quality", &QUALITY),
];

/// A row of sheet Partnerschappen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnershipRow {
    /// Name.
    pub name: Label,
    /// Aspirant or recognised.
    pub status: PartnershipStatus,
    /// Names of the regions.
    pub regions: Vec<Label>,
    /// Board that leads it.
    pub lead_board: Option<BoardNumber>,
    /// Institutes that take part.
    pub institutes: Vec<Brin>,
    /// First day of this status.
    pub valid_from: chrono::NaiveDate,
}

/// A row of sheet Opleidingen: one phase of a programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgrammeRow {
    /// The institute.
    pub institute: Brin,
    /// Its name.
    pub institute_name: Label,
    /// CROHO code.
    pub croho: Croho,
    /// Name of the programme.
    pub name: Label,
    /// Form.
    pub form: ProgrammeForm,
    /// Level.
    pub level: ProgrammeLevel,
    /// Whether its students count for funding.
    pub funding: Funding,
    /// Place of the phase in the order, from 1.
    pub phase_ordinal: i32,
    /// Code of the phase, such as `jaar 3a`.
    pub phase: Label,
    /// First, middle or final.
    pub phase_kind: PhaseKind,
}

/// A row of sheet Voorwaarden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionRow {
    /// Name of the partnership.
    pub partnership: Label,
    /// The tier it holds for.
    pub tier: Tier,
    /// What is asked.
    pub kind: ConditionKind,
    /// How much: a percentage of trained mentors, or a number of places; otherwise nothing.
    pub parameter: Option<i32>,
}

/// A row of sheet Kwaliteit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QualityRow {
    /// The school.
    pub school: SchoolCode,
    /// What it says something about.
    pub kind: EvidenceKind,
    /// Code of the judgement, or a percentage 0 to 100 in digits: what the domain's evidence holds.
    pub value: String,
    /// When it holds.
    pub span: Span,
}

/// What a partnerships file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartnershipsFile {
    /// Partnerships.
    pub partnerships: Vec<Located<PartnershipRow>>,
    /// Phases of programmes.
    pub programmes: Vec<Located<ProgrammeRow>>,
    /// Boards with a membership.
    pub boards: Vec<Located<BoardRow>>,
    /// Schools with a membership.
    pub schools: Vec<Located<SchoolRow>>,
    /// Conditions.
    pub conditions: Vec<Located<ConditionRow>>,
    /// Quality evidence.
    pub quality: Vec<Located<QualityRow>>,
}

/// Reads a partnerships file.
pub fn parse_partnerships(workbook: &RawWorkbook) -> Parsed<PartnershipsFile> {
    parse(ImportKind::Partnerships, workbook, |[partnerships, programmes, boards, schools, conditions, quality], outcome| {
        PartnershipsFile {
            partnerships: partnerships.map(|t| read_partnerships(&t, outcome)).unwrap_or_default(),
            programmes: programmes.map(|t| read_programmes(&t, outcome)).unwrap_or_default(),
            boards: boards.map(|t| read_boards(&t, outcome)).unwrap_or_default(),
            schools: schools.map(|t| read_schools(&t, outcome)).unwrap_or_default(),
            conditions: conditions.map(|t| read_conditions(&t, outcome)).unwrap_or_default(),
            quality: quality.map(|t| read_quality(&t, outcome)).unwrap_or_default(),
        }
    })
}

/// Reads kern or schil.
pub(super) fn tier(cell: Cell<'_>) -> convert::Outcome<Tier> {
    convert::choice(cell, Tier::parse, Tier::ALL, Tier::dutch)
}

/// Reads the form of a programme.
pub(super) fn form(cell: Cell<'_>) -> convert::Outcome<ProgrammeForm> {
    convert::choice(cell, ProgrammeForm::parse, ProgrammeForm::ALL, ProgrammeForm::dutch)
}

fn read_partnerships(table: &Table<'_>, outcome: &mut Outcome) -> Vec<Located<PartnershipRow>> {
    let [name, status, regions, lead_board, institutes, valid_from] = table.fields(PARTNERSHIP);
    let mut seen = Seen::default();
    table.read_rows(outcome, |row| {
        let status =
            row.required(status, |cell| convert::choice(cell, PartnershipStatus::parse, PartnershipStatus::ALL, PartnershipStatus::dutch));
        let (label, regions) = (row.required(name, convert::label), row.list(regions, |cell| convert::labels(cell, &[';', '\n'])));
        let (lead_board, institutes) = (row.optional(lead_board, convert::board), row.list(institutes, convert::brins));
        let valid_from = row.required(valid_from, convert::date);
        let label = label?;
        if let Some((first, ())) = seen.before(convert::text_key(&label), row.number(), ()) {
            row.error(
                codes::PARTNERSHIP_TWICE,
                name,
                format!("Partnerschap “{label}” staat ook op rij {first}."),
                "Verwijder een van de twee rijen.",
            );
            return None;
        }
        Some(PartnershipRow {
            name: label,
            status: status?,
            regions: regions?,
            lead_board: lead_board?,
            institutes: institutes?,
            valid_from: valid_from?,
        })
    })
}

fn read_programmes(table: &Table<'_>, outcome: &mut Outcome) -> Vec<Located<ProgrammeRow>> {
    let [institute, institute_name, croho, name, form_col, level, funding, ordinal, phase, phase_kind] = table.fields(PROGRAMME);
    let (mut programmes, mut ordinals, mut phases) = (Seen::default(), Seen::default(), Seen::default());
    table.read_rows(outcome, |row| {
        let (institute_value, institute_name) = (row.required(institute, convert::brin), row.required(institute_name, convert::label));
        let (croho, name_value) = (row.required(croho, convert::croho), row.required(name, convert::label));
        let form = row.required(form_col, form);
        let level = row.required(level, |cell| convert::choice(cell, ProgrammeLevel::parse, ProgrammeLevel::ALL, ProgrammeLevel::dutch));
        let counts = row.required(funding, convert::yes_no);
        let (number, phase_value) = (row.required(ordinal, convert::integer), row.required(phase, convert::label));
        let kind = row.required(phase_kind, |cell| convert::choice(cell, PhaseKind::parse, PhaseKind::ALL, PhaseKind::dutch));
        let read = ProgrammeRow {
            institute: institute_value?,
            institute_name: institute_name?,
            croho: croho?,
            name: name_value?,
            form: form?,
            level: level?,
            funding: if counts? { Funding::Counts } else { Funding::DoesNotCount },
            phase_ordinal: number.and_then(small)?,
            phase: phase_value?,
            phase_kind: kind?,
        };
        let programme = (read.institute.clone(), read.croho.clone(), read.form);
        let facts = (read.institute_name.clone(), read.name.clone(), read.level, read.funding);
        if let Some((first, before)) = programmes.before(programme.clone(), row.number(), facts.clone())
            && *before != facts
        {
            let message = format!("Op rij {first} staat dezelfde opleiding met een andere naam, ander niveau of andere bekostiging.");
            row.error(codes::PROGRAMME_CONFLICT, name, message, "Maak de rijen van deze opleiding gelijk.");
            return None;
        }
        let same_ordinal = ordinals.before((programme.clone(), read.phase_ordinal), row.number(), ()).map(|(first, ())| (first, ordinal));
        let same_phase = phases.before((programme, convert::text_key(&read.phase)), row.number(), ()).map(|(first, ())| (first, phase));
        if let Some((first, col)) = same_phase.or(same_ordinal) {
            row.error(
                codes::PHASE_TWICE,
                col,
                format!("Deze fase of dit fasenummer staat ook op rij {first}."),
                "Geef elke fase van een opleiding een eigen naam en nummer.",
            );
            return None;
        }
        Some(read)
    })
}

fn read_conditions(table: &Table<'_>, outcome: &mut Outcome) -> Vec<Located<ConditionRow>> {
    let [partnership, tier_col, kind_col, value] = table.fields(CONDITION);
    let mut seen = Seen::default();
    table.read_rows(outcome, |row| {
        let (name, tier) = (row.required(partnership, convert::label), row.required(tier_col, tier));
        let kind = row.required(kind_col, |cell| convert::choice(cell, ConditionKind::parse, ConditionKind::ALL, ConditionKind::dutch))?;
        let wants = matches!(kind, ConditionKind::TrainedMentors | ConditionKind::MinimumPlaces);
        let number = match kind {
            ConditionKind::TrainedMentors => row.optional(value, convert::percentage)?,
            ConditionKind::MinimumPlaces => row.optional(value, convert::integer)?,
            _ => row.optional(value, convert::label)?.map(|_| 0),
        };
        let parameter = match (wants, number) {
            (true, Some(number)) => Some(small::<i32>(number)?),
            (true, None) => {
                row.error(
                    codes::CONDITION_VALUE,
                    value,
                    format!("Bij “{}” hoort een getal.", kind.dutch()),
                    "Vul in de kolom Waarde een percentage of aantal in.",
                );
                return None;
            }
            (false, Some(_)) => {
                row.warning(
                    codes::CONDITION_VALUE,
                    value,
                    format!("Bij “{}” hoort geen waarde; zij is niet gebruikt.", kind.dutch()),
                    "Maak de cel leeg.",
                );
                None
            }
            (false, None) => None,
        };
        let read = ConditionRow { partnership: name?, tier: tier?, kind, parameter };
        if let Some((first, ())) = seen.before((convert::text_key(&read.partnership), read.tier, kind), row.number(), ()) {
            row.error(
                codes::CONDITION_TWICE,
                kind_col,
                format!("Deze voorwaarde staat ook op rij {first}."),
                "Verwijder een van de twee rijen.",
            );
            return None;
        }
        Some(read)
    })
}

fn read_quality(table: &Table<'_>, outcome: &mut Outcome) -> Vec<Located<QualityRow>> {
    let [school, kind_col, value, from, until] = table.fields(QUALITY);
    let mut seen = Seen::default();
    table.read_rows(outcome, |row| {
        let code = row.required(school, convert::school);
        let kind = row.required(kind_col, |cell| convert::choice(cell, EvidenceKind::parse, EvidenceKind::ALL, EvidenceKind::dutch));
        let span = required_span(row, from, until);
        let kind = kind?;
        let value = match kind {
            EvidenceKind::TrainedMentors => row.required(value, convert::percentage).map(|percentage| percentage.to_string()),
            EvidenceKind::InspectionJudgement => row
                .required(value, |cell| {
                    convert::choice(cell, InspectionJudgement::parse, InspectionJudgement::ALL, InspectionJudgement::dutch)
                })
                .map(|judgement| judgement.code().to_owned()),
        };
        let read = QualityRow { school: code?, kind, value: value?, span: span? };
        if let Some((first, ())) = seen.before((read.school.clone(), kind, read.span.from), row.number(), ()) {
            row.error(
                codes::QUALITY_TWICE,
                school,
                format!("Dit gegeven van school {} staat met dezelfde begindatum ook op rij {first}.", read.school),
                "Verwijder een van de twee rijen, of verander de datum.",
            );
            return None;
        }
        Some(read)
    })
}
