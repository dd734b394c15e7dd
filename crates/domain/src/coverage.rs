//! Dekking: which share of the students is trained according to the framework, and who is not.
//!
//! The definition is DOMAIN.md section 7's: of all students who must hold a place, those whose place
//! is on a school that is kern, or schil that meets its conditions, in a partnership of their
//! institute. Students are counted, never placements: who has several places counts once, by the
//! least favourable.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::codes::{EnrolmentStatus, Guidance, Need};
use crate::ids::{DemandId, InstituteId, PartnershipId, PeriodId, ProgrammeId, SchoolId, StudentId, StudyPhaseId};
use crate::registry::Funding;
use crate::rounds::{Demand, RoundData};
use crate::standing::{Standing, Standings};

/// Version of the definition; stored with figures so that they can be recounted.
pub const DEFINITION: &str = "dekking-1";

/// How one student counts. In order from least to most favourable within the denominator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CoverageStatus {
    /// Must have a place and has none.
    Unplaced,
    /// Outside samen opleiden, without extra guidance.
    OutsideUnguided,
    /// Outside samen opleiden, with extra guidance.
    OutsideGuided,
    /// On a schil school that does not meet its conditions.
    SchilUnmet,
    /// On a schil school that meets its conditions: covered.
    Schil,
    /// On a kern school: covered.
    Kern,
    /// No place is needed now: not in the denominator.
    NotRequired,
    /// Cannot be counted: no active enrolment, or the institute takes part in no partnership.
    NotCountable,
}

impl CoverageStatus {
    /// All, most favourable first, the uncounted last.
    pub const ALL: [Self; 8] = [
        Self::Kern,
        Self::Schil,
        Self::SchilUnmet,
        Self::OutsideGuided,
        Self::OutsideUnguided,
        Self::Unplaced,
        Self::NotRequired,
        Self::NotCountable,
    ];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unplaced => "unplaced",
            Self::OutsideUnguided => "outside-unguided",
            Self::OutsideGuided => "outside-guided",
            Self::SchilUnmet => "schil-unmet",
            Self::Schil => "schil",
            Self::Kern => "kern",
            Self::NotRequired => "not-required",
            Self::NotCountable => "not-countable",
        }
    }

    /// The Dutch words.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Unplaced => "niet geplaatst",
            Self::OutsideUnguided => "buiten, zonder extra begeleiding",
            Self::OutsideGuided => "buiten, met extra begeleiding",
            Self::SchilUnmet => "schil, voorwaarden niet gehaald",
            Self::Schil => "schil",
            Self::Kern => "kern",
            Self::NotRequired => "geen plaats nodig",
            Self::NotCountable => "niet telbaar",
        }
    }

    /// Reads a stable code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }

    /// Whether it counts in the numerator.
    pub fn is_covered(self) -> bool {
        matches!(self, Self::Kern | Self::Schil)
    }

    /// Whether it counts in the denominator.
    pub fn is_counted(self) -> bool {
        !matches!(self, Self::NotRequired | Self::NotCountable)
    }
}

/// When coverage is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// Each place on the first day of its own period, over all periods of the round.
    WholeRound,
    /// The periods that are running on this date, judged on this date.
    On(NaiveDate),
}

/// Whom coverage is counted for. Nothing set means everybody in the round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverageScope {
    /// When.
    pub moment: Moment,
    /// Only students this partnership sees to.
    pub partnership: Option<PartnershipId>,
    /// Only students of this institute.
    pub institute: Option<InstituteId>,
    /// Only students of this programme.
    pub programme: Option<ProgrammeId>,
    /// Only students in this phase.
    pub phase: Option<StudyPhaseId>,
    /// Only this period.
    pub period: Option<PeriodId>,
}

impl CoverageScope {
    /// Everybody in the round.
    pub fn everybody(moment: Moment) -> Self {
        Self { moment, partnership: None, institute: None, programme: None, phase: None, period: None }
    }

    fn holds(&self, data: &RoundData, demand: &Demand, institute: InstituteId) -> bool {
        let programme = || data.registry.phases.get(&demand.phase).map(|phase| phase.programme);
        let running = match self.moment {
            Moment::WholeRound => true,
            Moment::On(date) => data.periods.get(&demand.period).is_some_and(|period| period.contains(date)),
        };
        running
            && self.period.is_none_or(|id| id == demand.period)
            && self.phase.is_none_or(|id| id == demand.phase)
            && self.institute.is_none_or(|id| id == institute)
            && self.partnership.is_none_or(|id| demand.partnership == Some(id))
            && self.programme.is_none_or(|id| programme() == Some(id))
    }
}

/// How one student counts, and by which demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StudentCoverage {
    /// The student.
    pub student: StudentId,
    /// The demand that decides: the least favourable one.
    pub demand: DemandId,
    /// How the student counts.
    pub status: CoverageStatus,
}

/// Coverage of a scope: the figures and the students behind them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Every student of the scope, once.
    pub students: Vec<StudentCoverage>,
    /// Number of students by status; every status is there.
    pub counts: BTreeMap<CoverageStatus, u32>,
    /// Covered students of programmes that count for funding.
    pub covered_for_funding: u32,
}

impl Coverage {
    /// Students trained according to the framework.
    pub fn numerator(&self) -> u32 {
        self.sum(CoverageStatus::is_covered)
    }

    /// Students who must have a place.
    pub fn denominator(&self) -> u32 {
        self.sum(CoverageStatus::is_counted)
    }

    /// Number of students with a status.
    pub fn count(&self, status: CoverageStatus) -> u32 {
        self.counts.get(&status).copied().unwrap_or_default()
    }

    /// The share in tenths of a percent, rounded down so that 99,96% never becomes 100%. None when
    /// nobody must have a place.
    pub fn permille(&self) -> Option<u32> {
        (u64::from(self.numerator()) * 1000).checked_div(u64::from(self.denominator())).and_then(|p| u32::try_from(p).ok())
    }

    fn sum(&self, which: impl Fn(CoverageStatus) -> bool) -> u32 {
        self.counts.iter().filter(|(status, _)| which(**status)).map(|(_, count)| count).sum()
    }
}

/// A share in tenths of a percent as Dutch text: `99,6%`.
pub fn percentage(permille: Option<u32>) -> String {
    permille.map_or_else(|| "–".to_owned(), |p| format!("{},{}%", p / 10, p % 10))
}

/// Counts coverage of a scope.
pub fn coverage(data: &RoundData, scope: &CoverageScope) -> Coverage {
    let mut standings = Standings::new(data);
    let mut by_student: HashMap<StudentId, StudentCoverage> = HashMap::with_capacity(data.students.len());
    for demand in data.demands.values() {
        let Some(student) = data.students.get(&demand.student) else {
            continue;
        };
        if !scope.holds(data, demand, student.institute) {
            continue;
        }
        let status = status_of(data, &mut standings, demand, scope.moment);
        let found = StudentCoverage { student: demand.student, demand: demand.id, status };
        by_student.entry(demand.student).and_modify(|known| *known = worst(*known, found)).or_insert(found);
    }
    let mut students: Vec<_> = by_student.into_values().collect();
    students.sort_unstable_by_key(|s| (s.status, s.student));
    let mut counts: BTreeMap<_, _> = CoverageStatus::ALL.into_iter().map(|status| (status, 0)).collect();
    let mut covered_for_funding = 0;
    for student in &students {
        *counts.entry(student.status).or_default() += 1;
        if student.status.is_covered() && counts_for_funding(data, student.demand) {
            covered_for_funding += 1;
        }
    }
    Coverage { students, counts, covered_for_funding }
}

/// A status that counts goes before one that does not; within each the least favourable stands.
fn worst(a: StudentCoverage, b: StudentCoverage) -> StudentCoverage {
    if (b.status, b.demand) < (a.status, a.demand) { b } else { a }
}

/// Whether the programme of a demand counts for the funding of samen opleiden.
pub fn counts_for_funding(data: &RoundData, demand: DemandId) -> bool {
    let programme = data
        .demands
        .get(&demand)
        .and_then(|d| data.registry.phases.get(&d.phase))
        .and_then(|phase| data.registry.programmes.get(&phase.programme));
    programme.is_some_and(|p| p.funding == Funding::Counts)
}

/// How one demand counts at a moment.
pub fn status_of(data: &RoundData, standings: &mut Standings<'_>, demand: &Demand, moment: Moment) -> CoverageStatus {
    let place = data.place_of(demand.id).map(|(placement, offer)| (offer.school, placement.guidance));
    status_at(data, standings, demand, moment, place)
}

/// How one demand would count with a place at a school, or without any.
pub fn status_at(
    data: &RoundData,
    standings: &mut Standings<'_>,
    demand: &Demand,
    moment: Moment,
    place: Option<(SchoolId, Option<Guidance>)>,
) -> CoverageStatus {
    let (Some(student), Some(period)) = (data.students.get(&demand.student), data.periods.get(&demand.period)) else {
        return CoverageStatus::NotCountable;
    };
    let date = match moment {
        Moment::WholeRound => period.starts_on,
        Moment::On(date) => date,
    };
    let enrolled = data
        .enrolments
        .get(&student.id)
        .is_some_and(|all| all.iter().any(|e| e.status == EnrolmentStatus::Active && e.span.holds_on(date)));
    if !enrolled || data.registry.partnerships_of(student.institute, date).is_empty() {
        return CoverageStatus::NotCountable;
    }
    if demand.need == Need::NotRequired {
        return CoverageStatus::NotRequired;
    }
    let Some((school, guidance)) = place else {
        return CoverageStatus::Unplaced;
    };
    match (standings.standing(student.institute, school, date), guidance) {
        (Standing::Kern, _) => CoverageStatus::Kern,
        (Standing::Schil, _) => CoverageStatus::Schil,
        (Standing::SchilUnmet, _) => CoverageStatus::SchilUnmet,
        (Standing::Outside, Some(Guidance::Extra)) => CoverageStatus::OutsideGuided,
        (Standing::Outside, _) => CoverageStatus::OutsideUnguided,
    }
}
