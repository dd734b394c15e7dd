//! Who takes part: regions, boards, schools, institutes, partnerships, trainers, and since when.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::codes::{
    ConditionKind, EvidenceKind, PartnershipStatus, PhaseKind, ProgrammeForm, ProgrammeLevel, QualificationKind, Sector, Tier, TrainerKind,
};
use crate::geo::{Coordinate, travel_minutes_by};
use crate::ids::{BoardId, InstituteId, PartnershipId, ProgrammeId, RegionId, SchoolId, StudyPhaseId, TrainerId};
use crate::periods::Span;
use crate::policy::TravelMode;
use crate::values::{BoardNumber, Brin, Croho, Postcode, SchoolCode};

/// An onderwijsregio: the funded unit of cooperation. Holds one or more partnerships.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    /// Identifier.
    pub id: RegionId,
    /// Name, unique.
    pub name: String,
}

/// A school board (bevoegd gezag).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Board {
    /// Identifier.
    pub id: BoardId,
    /// Number at DUO, unique.
    pub number: BoardNumber,
    /// Name; DUO's school file gives none.
    pub name: Option<String>,
}

impl Board {
    /// The name, or the number where the name is not known.
    pub fn label(&self) -> String {
        self.name.clone().unwrap_or_else(|| format!("Bestuur {}", self.number))
    }
}

/// A school, that is one vestiging. Names are not unique; the code is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct School {
    /// Identifier.
    pub id: SchoolId,
    /// BRIN with vestiging, unique.
    pub code: SchoolCode,
    /// Name.
    pub name: String,
    /// Kind of education.
    pub sector: Sector,
    /// Postcode.
    pub postcode: Option<Postcode>,
    /// Town.
    pub place: Option<String>,
    /// Own coordinate; otherwise that of the postcode area.
    pub coordinate: Option<Coordinate>,
    /// First day on which the school exists no more; it takes no new placement from then on.
    pub closed_on: Option<NaiveDate>,
    /// Where letters about placements go.
    pub email: Option<String>,
}

/// Which board a school belongs to; schools change boards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchoolBoard {
    /// The school.
    pub school: SchoolId,
    /// Its board.
    pub board: BoardId,
    /// When.
    pub span: Span,
}

/// A teacher-training institute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Institute {
    /// Identifier.
    pub id: InstituteId,
    /// BRIN, unique.
    pub brin: Brin,
    /// Name.
    pub name: String,
}

/// Whether the students of a programme count for the funding of samen opleiden (HKU's do not, seed 003).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Funding {
    /// They count.
    Counts,
    /// They do not count.
    DoesNotCount,
}

/// A programme of an institute, in one form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Programme {
    /// Identifier.
    pub id: ProgrammeId,
    /// Its institute.
    pub institute: InstituteId,
    /// CROHO code; with institute and form it is unique.
    pub croho: Croho,
    /// Form.
    pub form: ProgrammeForm,
    /// Level.
    pub level: ProgrammeLevel,
    /// Name.
    pub name: String,
    /// Whether its students count for funding.
    pub funding: Funding,
}

/// A phase of a programme, such as `jaar 3a`; phases differ per programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StudyPhase {
    /// Identifier.
    pub id: StudyPhaseId,
    /// Its programme.
    pub programme: ProgrammeId,
    /// Place in the order of phases, from 1.
    pub ordinal: i32,
    /// Code, unique in the programme; offers name phases by it.
    pub code: String,
    /// Whether it is the first, a middle or the final phase.
    pub kind: PhaseKind,
}

/// A partnership (partnerschap, opleidingsschool).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partnership {
    /// Identifier.
    pub id: PartnershipId,
    /// Name, unique.
    pub name: String,
    /// The board that leads it (penvoerder).
    pub lead_board: Option<BoardId>,
    /// The regions it works in; it may span several.
    pub regions: Vec<RegionId>,
}

/// Whether a partnership is aspirant or recognised, and since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnershipStanding {
    /// The partnership.
    pub partnership: PartnershipId,
    /// Its status.
    pub status: PartnershipStatus,
    /// When.
    pub span: Span,
}

/// An institute that takes part in a partnership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstituteMembership {
    /// The partnership.
    pub partnership: PartnershipId,
    /// The institute.
    pub institute: InstituteId,
    /// When.
    pub span: Span,
}

/// A board that takes part in a partnership, in the kern or the schil.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardMembership {
    /// The partnership.
    pub partnership: PartnershipId,
    /// The board.
    pub board: BoardId,
    /// Its tier here; elsewhere it may be another.
    pub tier: Tier,
    /// The kern board that guides it (maatje).
    pub buddy: Option<BoardId>,
    /// When.
    pub span: Span,
}

/// A school that takes part in a partnership, in the kern or the schil.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchoolMembership {
    /// The partnership.
    pub partnership: PartnershipId,
    /// The school.
    pub school: SchoolId,
    /// Its tier here.
    pub tier: Tier,
    /// The kern school that guides it (maatje).
    pub buddy: Option<SchoolId>,
    /// When.
    pub span: Span,
}

/// What a partnership asks of its kern or schil schools. Data: it differs per partnership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TierCondition {
    /// The partnership.
    pub partnership: PartnershipId,
    /// The tier it holds for.
    pub tier: Tier,
    /// What is asked.
    pub kind: ConditionKind,
    /// How much: a percentage for trained mentors, a number for places; otherwise nothing.
    pub parameter: Option<i32>,
}

/// Something known about a school's quality from a date on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The school.
    pub school: SchoolId,
    /// What it says something about.
    pub kind: EvidenceKind,
    /// The judgement's code, or a percentage 0 to 100.
    pub value: String,
    /// When.
    pub span: Span,
}

/// Who employs a trainer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Employer {
    /// A board.
    Board(BoardId),
    /// An institute.
    Institute(InstituteId),
}

/// A school trainer or institute trainer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trainer {
    /// Identifier.
    pub id: TrainerId,
    /// The partnership's own number or code, unique.
    pub number: String,
    /// Name.
    pub name: String,
    /// School trainer or institute trainer.
    pub kind: TrainerKind,
    /// Employer.
    pub employer: Employer,
    /// Students the trainer can guide at the same time in one period; none means no limit was given.
    pub capacity: Option<i32>,
}

/// A qualification of a trainer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Qualification {
    /// The trainer.
    pub trainer: TrainerId,
    /// What it is.
    pub kind: QualificationKind,
    /// When it is valid.
    pub span: Span,
}

/// A school that a trainer covers; a trainer may cover several, also of several boards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrainerSchool {
    /// The trainer.
    pub trainer: TrainerId,
    /// The school.
    pub school: SchoolId,
    /// When.
    pub span: Span,
}

/// Everything the registry holds, as one picture to compute with.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    /// Regions.
    pub regions: BTreeMap<RegionId, Region>,
    /// Boards.
    pub boards: BTreeMap<BoardId, Board>,
    /// Schools.
    pub schools: BTreeMap<SchoolId, School>,
    /// Boards of schools.
    pub school_boards: HashMap<SchoolId, Vec<SchoolBoard>>,
    /// Institutes.
    pub institutes: BTreeMap<InstituteId, Institute>,
    /// Programmes.
    pub programmes: BTreeMap<ProgrammeId, Programme>,
    /// Study phases.
    pub phases: BTreeMap<StudyPhaseId, StudyPhase>,
    /// Partnerships.
    pub partnerships: BTreeMap<PartnershipId, Partnership>,
    /// Status of partnerships.
    pub partnership_standings: Vec<PartnershipStanding>,
    /// Institutes in partnerships.
    pub institute_memberships: Vec<InstituteMembership>,
    /// Boards in partnerships.
    pub board_memberships: Vec<BoardMembership>,
    /// Schools in partnerships.
    pub school_memberships: HashMap<SchoolId, Vec<SchoolMembership>>,
    /// Conditions of partnerships.
    pub conditions: Vec<TierCondition>,
    /// What is known of schools.
    pub evidence: HashMap<SchoolId, Vec<Evidence>>,
    /// Trainers.
    pub trainers: BTreeMap<TrainerId, Trainer>,
    /// Qualifications of trainers.
    pub qualifications: HashMap<TrainerId, Vec<Qualification>>,
    /// Trainers of schools.
    pub trainer_schools: HashMap<SchoolId, Vec<TrainerSchool>>,
    /// Coordinate of each four-digit postcode area.
    pub areas: HashMap<String, Coordinate>,
    /// Minutes between postcode areas that were loaded; they go before the estimate.
    pub travel_times: HashMap<(String, String, TravelMode), u16>,
}

impl Registry {
    /// The board of a school on a date.
    pub fn board_of(&self, school: SchoolId, date: NaiveDate) -> Option<&Board> {
        let link = self.school_boards.get(&school)?.iter().find(|link| link.span.holds_on(date))?;
        self.boards.get(&link.board)
    }

    /// The trainers of a school on a date, by number.
    pub fn trainers_of(&self, school: SchoolId, date: NaiveDate) -> Vec<&Trainer> {
        let links = self.trainer_schools.get(&school).map(Vec::as_slice).unwrap_or_default();
        let mut trainers: Vec<_> =
            links.iter().filter(|link| link.span.holds_on(date)).filter_map(|link| self.trainers.get(&link.trainer)).collect();
        trainers.sort_by(|a, b| a.number.cmp(&b.number));
        trainers.dedup_by_key(|trainer| trainer.id);
        trainers
    }

    /// Where a postcode lies; known per four-digit area.
    pub fn area(&self, postcode: &Postcode) -> Option<Coordinate> {
        self.areas.get(postcode.area()).copied()
    }

    /// Where a school stands: its own coordinate, otherwise that of its postcode area.
    pub fn coordinate_of(&self, school: &School) -> Option<Coordinate> {
        school.coordinate.or_else(|| self.area(school.postcode.as_ref()?))
    }

    /// Minutes one way from a home to a school: as loaded between their postcode areas, and estimated otherwise; nothing
    /// when neither is known.
    pub fn minutes(&self, home: &Postcode, mode: TravelMode, school: &School) -> Option<u16> {
        let loaded = school.postcode.as_ref().and_then(|there| self.loaded_minutes(home.area(), there.area(), mode));
        loaded.or_else(|| Some(travel_minutes_by(mode, self.area(home)?, self.coordinate_of(school)?)))
    }

    fn loaded_minutes(&self, from: &str, to: &str, mode: TravelMode) -> Option<u16> {
        if self.travel_times.is_empty() {
            return None;
        }
        self.travel_times.get(&(from.to_owned(), to.to_owned(), mode)).copied()
    }

    /// The partnerships an institute takes part in on a date.
    pub fn partnerships_of(&self, institute: InstituteId, date: NaiveDate) -> Vec<PartnershipId> {
        let mut found: Vec<_> = self
            .institute_memberships
            .iter()
            .filter(|m| m.institute == institute && m.span.holds_on(date))
            .map(|m| m.partnership)
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The memberships of a school on a date.
    pub fn memberships_of(&self, school: SchoolId, date: NaiveDate) -> impl Iterator<Item = &SchoolMembership> {
        let all = self.school_memberships.get(&school).map(Vec::as_slice).unwrap_or_default();
        all.iter().filter(move |m| m.span.holds_on(date))
    }
}
