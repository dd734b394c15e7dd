//! Students with their enrolment, what they need in a round, and their wishes.
//!
//! A student or demand that is not in the file stays. Only when a student now needs a place in a
//! period that overlaps an earlier one, the earlier demand falls away.

mod demands;
mod enrolments;

use std::collections::{BTreeMap, HashMap, HashSet};

use kernschil_domain::codes::Need;
use kernschil_domain::cohorts::{Cohort, CustomEffect, Student};
use kernschil_domain::ids::{CohortId, DemandId, InstituteId, PartnershipId, ProgrammeId, RoundId, StudentId, StudyPhaseId};
use kernschil_domain::periods::Period;
use kernschil_domain::rounds::{Demand, Round, WishTarget, slug};
use kernschil_spreadsheets::parse::{StudentRow, StudentsFile, WishCode};
use kernschil_spreadsheets::{Located, Severity};

use super::codes;
use super::diff::{Staged, Table};
use super::findings::{Place, key, names, problem};
use super::keys::Keys;
use super::known::{ForStudents, KnownRound, refuse_closed, unknown_period, unknown_round};
use super::lookup::{self, Source};
use super::planner::Planner;

/// A row of which everything is known.
struct Resolved<'f> {
    row: &'f Located<StudentRow>,
    student: StudentId,
    round: Round,
    period: Period,
    programme: ProgrammeId,
    cohort: CohortId,
    phase: StudyPhaseId,
    demand: DemandId,
}

/// Everything the file says, next to what is known.
struct Plan<'p, 'a> {
    known: &'p ForStudents,
    planner: &'p mut Planner<'a>,
    keys: Keys,
    ids: HashMap<(InstituteId, String), StudentId>,
    cohort_ids: HashMap<(ProgrammeId, i32), CohortId>,
    cohorts: Staged<CohortId, Cohort>,
    students: Staged<StudentId, Student>,
    demands: Staged<DemandId, (RoundId, Demand)>,
    /// What was said already and holds for many rows.
    said: HashSet<(&'static str, String)>,
}

/// Plans a students file.
pub(super) fn plan(file: &StudentsFile, known: &ForStudents, planner: &mut Planner<'_>) {
    let mut plan = Plan {
        known,
        planner,
        keys: Keys::of(&known.registry),
        ids: known.students.iter().map(|(key, student)| (key.clone(), student.id)).collect(),
        cohort_ids: known.cohorts.iter().map(|cohort| ((cohort.programme, cohort.start_year), cohort.id)).collect(),
        cohorts: Staged::default(),
        students: Staged::default(),
        demands: Staged::default(),
        said: HashSet::new(),
    };
    let resolved: Vec<_> = file.students.iter().filter_map(|row| plan.row(row)).collect();
    let mut by_student: BTreeMap<StudentId, Vec<&Resolved<'_>>> = BTreeMap::new();
    for one in &resolved {
        by_student.entry(one.student).or_default().push(one);
    }
    for rows in by_student.values_mut() {
        rows.sort_by_key(|one| one.period.starts_on);
    }
    plan.earlier_demands(&by_student);
    plan.enrolments(&by_student);
    plan.not_in_file(&resolved);
    plan.settle();
}

impl Plan<'_, '_> {
    /// Looks up everything a row names and stages the student and the demand. All that is not known is
    /// reported at once.
    fn row<'f>(&mut self, row: &'f Located<StudentRow>) -> Option<Resolved<'f>> {
        let place = Place::of("students", row);
        let round = self.round(place, row);
        let institute = lookup::institute(self.planner, &self.keys, Source::Before, (place, "institute"), &row.value.institute);
        let programme = institute.and_then(|institute| self.programme(place, institute, row));
        let phase = programme.and_then(|programme| self.phase(place, programme, row));
        let period = round.as_ref().and_then(|round| self.period(place, round, row));
        let custom = self.custom(place, row);
        let earlier: Vec<_> = row
            .value
            .earlier_schools
            .iter()
            .map(|code| lookup::school(self.planner, &self.keys, Source::Before, (place, "earlier_schools"), code))
            .collect();
        let wishes = self.wishes(place, row, round.as_ref().map(|known| &known.round));
        let partnership = round.as_ref().and_then(|known| self.partnership(place, row, &known.round));
        let (round, institute, programme, phase, period) = (round?, institute?, programme?, phase?, period?);
        let (custom, wishes) = (custom?, wishes?);
        let earlier = earlier.into_iter().collect::<Option<Vec<_>>>()?;

        let student = self.student(place, row, institute, custom, earlier);
        let round_of = round.round.clone();
        self.check_against_round(place, row, institute, &round_of, &period);
        let cohort = self.cohort(programme, row.value.start_year);
        let partnership = partnership.flatten().or_else(|| self.only_partnership(institute, &round_of, &period));
        let new = Wanted { row, place, student, round, period: &period, phase, wishes, partnership };
        let demand = self.demand(new);
        Some(Resolved { row, student, round: round_of, period, programme, cohort, phase, demand })
    }

    fn round(&mut self, place: Place<'_>, row: &Located<StudentRow>) -> Option<&'_ KnownRound> {
        let known = self.known;
        match known.rounds.get(&slug(row.value.round.as_str())) {
            Some(round) => {
                if self.said.insert((codes::ROUND_CLOSED, round.round.slug.clone())) {
                    refuse_closed(self.planner, place, &round.round);
                }
                Some(round)
            }
            None => {
                unknown_round(self.planner, Source::Before, place, &row.value.round, known.round_names.iter().map(String::as_str));
                None
            }
        }
    }
}
