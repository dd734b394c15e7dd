//! Partnerships with their programmes, boards, schools, conditions and quality evidence.

use kernschil_domain::codes::{
    ConditionKind, EvidenceKind, InspectionJudgement, PartnershipStatus, PhaseKind, ProgrammeForm, ProgrammeLevel, Sector, Tier,
};
use kernschil_domain::geo::Coordinate;
use kernschil_domain::periods::Span;
use kernschil_domain::registry::Funding;
use kernschil_domain::values::{BoardNumber, Brin, Croho, Label, Postcode, SchoolCode};

use super::{parse, required_span, small, span};
use crate::codes;
use crate::convert::{self, Cell};
use crate::definition::ImportKind;
use crate::findings::{Located, Outcome, Parsed};
use crate::raw::RawWorkbook;
use crate::table::{Col, Row, Seen, Table};



const PARTNERSHIP: [&str; 6] = ["name", "status", "regions", "lead_board", "institutes", "valid_from"];
const PROGRAMME: [&str; 10] =
    ["institute", "institute_name", "croho", "name", "form", "level", "counts_for_funding", "phase_ordinal", "phase", "phase_kind"];
const BOARD: [&str; 7] = ["number", "name", "partnership", "tier", "valid_from", "valid_until", "buddy"];
const SCHOOL: [&str; 14] = [
    "school", "location", "name", "sector", "postcode", "place", "board", "partnership", "tier", "valid_from", "valid_until", "buddy",
    "latitude", "longitude",
];
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

/// Taking part in a partnership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership<B> {
    /// Name of the partnership.
    pub partnership: Label,
    /// Kern or schil.
    pub tier: Tier,
    /// When.
    pub span: Span,
    /// Who guides it (maatje).
    pub buddy: Option<B>,
}

/// A row of sheet Besturen. A board can stand there once for each membership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardRow {
    /// Number at DUO.
    pub number: BoardNumber,
    /// Name.
    pub name: Label,
    /// Taking part, if any.
    pub membership: Option<Membership<BoardNumber>>,
}

/// A row of sheet Scholen. A school can stand there once for each membership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchoolRow {
    /// Code: BRIN with vestiging.
    pub school: SchoolCode,
    /// Name.
    pub name: Label,
    /// Sector.
    pub sector: Sector,
    /// Postcode.
    pub postcode: Option<Postcode>,
    /// Town.
    pub place: Option<Label>,
    /// Board it belongs to.
    pub board: BoardNumber,
    /// Taking part, if any.
    pub membership: Option<Membership<SchoolCode>>,
    /// Own coordinate.
    pub coordinate: Option<Coordinate>,
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
    parse(ImportKind::Partnerships, workbook, |[partnerships, programmes, boards, schools, conditions, quality], outcome| PartnershipsFile {
        partnerships: partnerships.map(|t| read_partnerships(&t, outcome)).unwrap_or_default(),
        programmes: programmes.map(|t| read_programmes(&t, outcome)).unwrap_or_default(),
        boards: boards.map(|t| read_boards(&t, outcome)).unwrap_or_default(),
        schools: schools.map(|t| read_schools(&t, outcome)).unwrap_or_default(),
        conditions: conditions.map(|t| read_conditions(&t, outcome)).unwrap_or_default(),
        quality: quality.map(|t| read_quality(&t, outcome)).unwrap_or_default(),
    })
}

pub(super) fn tier(cell: Cell<'_>) -> convert::Outcome<Tier> {
    convert::choice(cell, Tier::parse, Tier::ALL, Tier::dutch)
}

pub(super) fn form(cell: Cell<'_>) -> convert::Outcome<ProgrammeForm> {
    convert::choice(cell, ProgrammeForm::parse, ProgrammeForm::ALL, ProgrammeForm::dutch)
}

fn read_partnerships(table: &Table<'_>, outcome: &mut Outcome) -> Vec<Located<PartnershipRow>> {
    let [name, status, regions, lead_board, institutes, valid_from] = table.fields(PARTNERSHIP);
    let mut seen = Seen::default();
    table.read_rows(outcome, |row| {
        let status = row.required(status, |cell| convert::choice(cell, PartnershipStatus::parse, PartnershipStatus::ALL, PartnershipStatus::dutch));
        let (label, regions) = (row.required(name, convert::label), row.list(regions, |cell| convert::labels(cell, &[';', '\n'])));
        let (lead_board, institutes) = (row.optional(lead_board, convert::board), row.list(institutes, convert::brins));
        let valid_from = row.required(valid_from, convert::date);
        let label = label?;
        if let Some((first, ())) = seen.before(convert::text_key(&label), row.number(), ()) {
            row.error(codes::PARTNERSHIP_TWICE, name, format!("Partnerschap “{label}” staat ook op rij {first}."), "Verwijder een van de twee rijen.");
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
            row.error(codes::PHASE_TWICE, col, format!("Deze fase of dit fasenummer staat ook op rij {first}."), "Geef elke fase van een opleiding een eigen naam en nummer.");
            return None;
        }
        Some(read)
    })
}

/// Columns of a membership.
struct MembershipCols {
    partnership: Col,
    tier: Col,
    from: Col,
    until: Col,
    buddy: Col,
}

/// Reads a membership. The outer `None` means that something is wrong and was reported.
#[expect(clippy::option_option, reason = "outer: wrong and reported; inner: no membership")]
fn membership<B: PartialEq>(
    row: &mut Row<'_, '_>,
    cols: &MembershipCols,
    own: Option<&B>,
    read_buddy: impl Fn(Cell<'_>) -> convert::Outcome<B>,
) -> Option<Option<Membership<B>>> {
    let (partnership, tier) = (row.optional(cols.partnership, convert::label), row.optional(cols.tier, tier));
    let (from, until) = (row.optional(cols.from, convert::date), row.optional(cols.until, convert::date));
    let buddy = row.optional(cols.buddy, read_buddy);
    let (partnership, tier, from, until, buddy) = (partnership?, tier?, from?, until?, buddy?);
    let Some(partnership) = partnership else {
        if tier.is_some() || from.is_some() || until.is_some() || buddy.is_some() {
            row.error(
                codes::MEMBERSHIP_WITHOUT_PARTNERSHIP,
                cols.partnership,
                "Er staat een rol, datum of maatje, maar geen partnerschap.",
                "Vul het partnerschap in, of maak rol, datums en maatje leeg.",
            );
            return None;
        }
        return Some(None);
    };
    if buddy.is_some() && buddy.as_ref() == own {
        row.error(codes::BUDDY_SELF, cols.buddy, "Het maatje is de school of het bestuur zelf.", "Kies een andere school of een ander bestuur uit de kern.");
        return None;
    }
    let (Some(tier), Some(from)) = (tier, from) else {
        let (col, what) = match (tier, from) {
            (None, None) => (cols.tier, "de rol en de begindatum (Vanaf) ontbreken"),
            (None, _) => (cols.tier, "de rol ontbreekt"),
            _ => (cols.from, "de begindatum (Vanaf) ontbreekt"),
        };
        row.error(codes::MEMBERSHIP_INCOMPLETE, col, format!("Er staat een partnerschap, maar {what}."), "Vul Rol (kern of schil) en Vanaf in.");
        return None;
    };
    let span = span(row, from, until, cols.until)?;
    Some(Some(Membership { partnership, tier, span, buddy }))
}

/// Rows of one school or board: may stand in the file again only for another stretch of membership.
fn is_repeated(spans: &[(String, Span)], membership: Option<(String, Span)>) -> bool {
    match membership {
        None => true,
        Some((partnership, span)) => spans.iter().any(|(p, s)| *p == partnership && s.overlaps(&span)),
    }
}

/// What earlier rows said about one school or board.
struct Earlier<F> {
    row: u32,
    facts: F,
    spans: Vec<(String, Span)>,
}

/// How a row stands to earlier rows of the same school or board.
enum Standing {
    New,
    Repeated(u32),
    Conflicting(u32),
}

/// Compares a row with earlier rows and remembers it.
fn compare<K: std::hash::Hash + Eq, F: PartialEq>(
    seen: &mut std::collections::HashMap<K, Earlier<F>>,
    id: K,
    row: u32,
    facts: F,
    membership: Option<(String, Span)>,
) -> Standing {
    match seen.entry(id) {
        std::collections::hash_map::Entry::Vacant(entry) => {
            entry.insert(Earlier { row, facts, spans: membership.into_iter().collect() });
            Standing::New
        }
        std::collections::hash_map::Entry::Occupied(mut entry) => {
            let earlier = entry.get_mut();
            if earlier.facts != facts {
                return Standing::Conflicting(earlier.row);
            }
            if is_repeated(&earlier.spans, membership.clone()) {
                return Standing::Repeated(earlier.row);
            }
            earlier.spans.extend(membership);
            Standing::New
        }
    }
}

fn read_boards(table: &Table<'_>, outcome: &mut Outcome) -> Vec<Located<BoardRow>> {
    let [number, name, partnership, tier, from, until, buddy] = table.fields(BOARD);
    let cols = MembershipCols { partnership, tier, from, until, buddy };
    let mut seen = std::collections::HashMap::new();
    table.read_rows(outcome, |row| {
        let (number_value, name_value) = (row.required(number, convert::board), row.required(name, convert::label));
        let membership = membership(row, &cols, number_value.as_ref(), convert::board);
        let read = BoardRow { number: number_value?, name: name_value?, membership: membership? };
        let stretch = read.membership.as_ref().map(|m| (convert::text_key(&m.partnership), m.span));
        match compare(&mut seen, read.number.clone(), row.number(), read.name.clone(), stretch) {
            Standing::New => Some(read),
            Standing::Conflicting(first) => {
                row.error(codes::BOARD_CONFLICT, name, format!("Bestuur {} heeft op rij {first} een andere naam.", read.number), "Maak de rijen gelijk, of verander het nummer.");
                None
            }
            Standing::Repeated(first) => {
                row.error(codes::BOARD_TWICE, number, format!("Bestuur {} staat ook op rij {first}.", read.number), "Verwijder een van de twee rijen, of geef elke deelname een eigen partnerschap of eigen datums.");
                None
            }
        }
    })
}

fn read_schools(table: &Table<'_>, outcome: &mut Outcome) -> Vec<Located<SchoolRow>> {
    let [school, location, name, sector, postcode, place, board, partnership, tier, from, until, buddy, latitude, longitude] = table.fields(SCHOOL);
    let cols = MembershipCols { partnership, tier, from, until, buddy };
    let mut seen = std::collections::HashMap::new();
    table.read_rows(outcome, |row| {
        let code = school_with_location(row, school, location);
        let name_value = row.required(name, convert::label);
        let sector = row.required(sector, |cell| convert::choice(cell, Sector::parse, Sector::ALL, Sector::dutch));
        let (postcode, place) = (row.optional(postcode, convert::postcode), row.optional(place, convert::label));
        let board = row.required(board, convert::board);
        let membership = membership(row, &cols, code.as_ref(), convert::school);
        let coordinate = coordinate(row, latitude, longitude);
        let read = SchoolRow {
            school: code?,
            name: name_value?,
            sector: sector?,
            postcode: postcode?,
            place: place?,
            board: board?,
            membership: membership?,
            coordinate: coordinate?,
        };
        let stretch = read.membership.as_ref().map(|m| (convert::text_key(&m.partnership), m.span));
        let facts = (read.name.clone(), read.sector, read.postcode.clone(), read.board.clone());
        match compare(&mut seen, read.school.clone(), row.number(), facts, stretch) {
            Standing::New => Some(read),
            Standing::Conflicting(first) => {
                row.error(codes::SCHOOL_CONFLICT, name, format!("School {} heeft op rij {first} een andere naam, sector, postcode of ander bestuur.", read.school), "Maak de rijen gelijk, of verander de code.");
                None
            }
            Standing::Repeated(first) => {
                row.error(codes::SCHOOL_TWICE, school, format!("School {} staat ook op rij {first}.", read.school), "Verwijder een van de twee rijen, of geef elke deelname een eigen partnerschap of eigen datums.");
                None
            }
        }
    })
}

/// A school by its BRIN with or without vestiging, and the column Vestiging.
fn school_with_location(row: &mut Row<'_, '_>, school: Col, location: Col) -> Option<SchoolCode> {
    let (code, number) = (row.required(school, convert::school), row.optional(location, convert::location));
    let (code, number) = (code?, number?);
    let Some(number) = number else { return Some(code) };
    let joined = SchoolCode::of(&code.brin(), number).ok()?;
    if joined == code || code.location() == "00" {
        return Some(joined);
    }
    row.error(
        codes::LOCATION_CONFLICT,
        location,
        format!("De code {code} heeft vestiging {}, maar in deze kolom staat {number:02}.", code.location()),
        "Laat de kolom Vestiging leeg als de code al een vestiging heeft.",
    );
    None
}

/// A coordinate, or nothing when both columns are empty.
#[expect(clippy::option_option, reason = "outer: wrong and reported; inner: no coordinate")]
fn coordinate(row: &mut Row<'_, '_>, latitude: Col, longitude: Col) -> Option<Option<Coordinate>> {
    let (north, east) = (row.optional(latitude, convert::latitude), row.optional(longitude, convert::longitude));
    match (north?, east?) {
        (Some(latitude), Some(longitude)) => Some(Some(Coordinate { latitude, longitude })),
        (None, None) => Some(None),
        (north, _) => {
            let col = if north.is_some() { longitude } else { latitude };
            row.error(codes::COORDINATE_HALF, col, "Van de coördinaat is maar een van de twee getallen ingevuld.", "Vul breedtegraad en lengtegraad allebei in, of geen van beide.");
            None
        }
    }
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
                row.error(codes::CONDITION_VALUE, value, format!("Bij “{}” hoort een getal.", kind.dutch()), "Vul in de kolom Waarde een percentage of aantal in.");
                return None;
            }
            (false, Some(_)) => {
                row.warning(codes::CONDITION_VALUE, value, format!("Bij “{}” hoort geen waarde; zij is niet gebruikt.", kind.dutch()), "Maak de cel leeg.");
                None
            }
            (false, None) => None,
        };
        let read = ConditionRow { partnership: name?, tier: tier?, kind, parameter };
        if let Some((first, ())) = seen.before((convert::text_key(&read.partnership), read.tier, kind), row.number(), ()) {
            row.error(codes::CONDITION_TWICE, kind_col, format!("Deze voorwaarde staat ook op rij {first}."), "Verwijder een van de twee rijen.");
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
                .required(value, |cell| convert::choice(cell, InspectionJudgement::parse, InspectionJudgement::ALL, InspectionJudgement::dutch))
                .map(|judgement| judgement.code().to_owned()),
        };
        let read = QualityRow { school: code?, kind, value: value?, span: span? };
        if let Some((first, ())) = seen.before((read.school.clone(), kind, read.span.from), row.number(), ()) {
            row.error(codes::QUALITY_TWICE, school, format!("Dit gegeven van school {} staat met dezelfde begindatum ook op rij {first}.", read.school), "Verwijder een van de twee rijen, of verander de datum.");
            return None;
        }
        Some(read)
    })
}

