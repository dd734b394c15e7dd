//! Students with their enrolment, what they need in a round, and their wishes.
//!
//! A student or demand that is not in the file stays. Only when a student now needs a place in a
//! period that overlaps an earlier one, the earlier demand falls away. A column that is not in the
//! file says nothing; an empty cell in a column that is there says that there is nothing.

mod demands;
mod enrolments;
mod resolve;
mod within;

use std::collections::{BTreeMap, HashMap, HashSet};

use kernschil_domain::cohorts::{Cohort, CustomEffect, Student};
use kernschil_domain::ids::{CohortId, DemandId, InstituteId, PeriodId, ProgrammeId, RoundId, SchoolId, StudentId, StudyPhaseId};
use kernschil_domain::periods::Period;
use kernschil_domain::rounds::{Demand, Round};
use kernschil_spreadsheets::Located;
use kernschil_spreadsheets::parse::{StudentRow, StudentsFile};

use super::codes;
use super::diff::{Staged, Table};
use super::findings::{Place, problem};
use super::keys::{Keys, id_of};
use super::known::ForStudents;
use super::planner::Planner;

/// A row of which everything is known.
struct Resolved<'f, 'p> {
    row: &'f Located<StudentRow>,
    student: StudentId,
    round: &'p Round,
    period: &'p Period,
    cohort: CohortId,
    phase: StudyPhaseId,
}

/// Where a student can and cannot be, by herself.
struct Circumstances {
    custom: CustomEffect,
    earlier_schools: Vec<SchoolId>,
    workplace: Option<SchoolId>,
}

/// Everything the file says, next to what is known.
struct Plan<'p, 'a> {
    known: &'p ForStudents,
    planner: &'p mut Planner<'a>,
    keys: Keys,
    ids: HashMap<(InstituteId, String), StudentId>,
    cohort_ids: HashMap<(ProgrammeId, i32), CohortId>,
    known_demands: HashMap<(StudentId, PeriodId), &'p Demand>,
    cohorts: Staged<CohortId, Cohort>,
    students: Staged<StudentId, Student>,
    demands: Staged<DemandId, (RoundId, Demand)>,
    /// What holds for many rows and was said at the first.
    said: HashSet<(&'static str, String)>,
}

/// Plans a students file.
pub(super) fn plan(file: &StudentsFile, known: &ForStudents, planner: &mut Planner<'_>) {
    let demands = known.rounds.values().flat_map(|round| &round.demands);
    let mut plan = Plan {
        known,
        planner,
        keys: Keys::of(&known.registry),
        ids: known.students.iter().map(|(key, student)| (key.clone(), student.id)).collect(),
        cohort_ids: known.cohorts.iter().map(|cohort| ((cohort.programme, cohort.start_year), cohort.id)).collect(),
        known_demands: demands.map(|demand| ((demand.student, demand.period), demand)).collect(),
        cohorts: Staged::default(),
        students: Staged::default(),
        demands: Staged::default(),
        said: HashSet::new(),
    };
    let resolved: Vec<_> = file.students.iter().filter_map(|row| plan.row(row)).collect();
    let mut by_student: BTreeMap<StudentId, Vec<&Resolved<'_, '_>>> = BTreeMap::new();
    for one in &resolved {
        by_student.entry(one.student).or_default().push(one);
    }
    for rows in by_student.values_mut() {
        rows.sort_by_key(|one| (one.period.starts_on, one.row.row));
    }
    for rows in by_student.values() {
        plan.overlapping(rows);
        plan.earlier_demands(rows);
    }
    plan.not_in_file(&resolved);
    plan.enrolments(&by_student);
    plan.settle();
}

impl<'p> Plan<'p, '_> {
    /// Looks up everything a row names and stages the student and the demand. All that is not known is
    /// reported at once.
    fn row<'f>(&mut self, row: &'f Located<StudentRow>) -> Option<Resolved<'f, 'p>> {
        let place = Place::of("students", row);
        let round = self.round(place, row);
        let period = round.and_then(|round| self.period(place, round, row));
        let institute = self.institute(place, row);
        let programme = institute.and_then(|institute| self.programme(place, institute, row));
        let phase = programme.and_then(|programme| self.phase(place, programme, row));
        let custom = self.custom(place, row);
        let earlier = self.earlier_schools(place, row);
        let workplace = self.workplace(place, row);
        let wishes = self.wishes(place, row, round);
        let partnership = round.map(|round| self.partnership(place, row, &round.round));
        let (round, period, institute, partnership) = (round?, period?, institute?, partnership??);
        let partnership = partnership.or_else(|| self.only_partnership(institute, &round.round, period));
        if self.refuse(place, row, (round, institute, period), partnership) {
            return None;
        }
        let (programme, phase, custom, earlier, wishes) = (programme?, phase?, custom?, earlier?, wishes?);
        let workplace = workplace?;

        let student = self.student(place, row, institute, Circumstances { custom, earlier_schools: earlier, workplace });
        self.check_against_round(place, row, (institute, &round.round, period), custom);
        let cohort = id_of(&mut self.cohort_ids, (programme, row.value.start_year), self.planner.ids);
        self.cohorts.put(cohort, Cohort { id: cohort, programme, start_year: row.value.start_year });
        self.demand(place, row, round, demands::Wanted { student, period: period.id, phase, partnership, wishes });
        Some(Resolved { row, student, round: &round.round, period, cohort, phase })
    }

    fn student(&mut self, place: Place<'_>, row: &Located<StudentRow>, institute: InstituteId, circumstances: Circumstances) -> StudentId {
        let Circumstances { custom, earlier_schools, workplace } = circumstances;
        let key = (institute, row.value.number.as_str().to_lowercase());
        let known = self.known.students.get(&key);
        let id = id_of(&mut self.ids, key, self.planner.ids);
        let mut given = |field| self.planner.found.has_column(place, field);
        let (has_prefix, has_postcode, has_kind) = (given("prefix"), given("postcode"), given("kind"));
        let (has_email, has_mode) = (given("email"), given("travel_mode"));
        let value = &row.value;
        let student = Student {
            id,
            institute,
            number: value.number.clone(),
            given_name: value.given_name.to_string(),
            prefix: if has_prefix { value.prefix.as_ref().map(ToString::to_string) } else { known.and_then(|k| k.prefix.clone()) },
            family_name: value.family_name.to_string(),
            postcode: if has_postcode { value.postcode.clone() } else { known.and_then(|k| k.postcode.clone()) },
            kind: if has_kind { value.kind } else { known.map_or(value.kind, |k| k.kind) },
            custom,
            earlier_schools,
            email: if has_email { value.email.clone() } else { known.and_then(|k| k.email.clone()) },
            travel_mode: if has_mode { value.travel_mode } else { known.and_then(|k| k.travel_mode) },
            workplace,
        };
        if let Some(known) = known.filter(|_| self.students.get(&id).is_none()) {
            self.other_name(place, known, &student);
        }
        self.students.put(id, student);
        id
    }

    /// A number of somebody else is a mistake that cannot be seen later.
    fn other_name(&mut self, place: Place<'_>, known: &Student, new: &Student) {
        let same = |a: &str, b: &str| a.to_lowercase() == b.to_lowercase();
        if same(&known.given_name, &new.given_name) || same(&known.family_name, &new.family_name) {
            return;
        }
        let swapped = same(&known.given_name, &new.family_name) && same(&known.family_name, &new.given_name);
        let advice = if swapped {
            "Voornaam en achternaam zijn omgewisseld. Zet elke naam in de goede kolom."
        } else {
            "Controleer het studentnummer. Klopt het, dan hoeft u niets te doen."
        };
        let message = format!("Bij nummer {} hoort bij Kernschil de naam {}.", new.number, known.full_name());
        self.planner.found.warning(place, "number", problem(codes::STUDENT_OTHER_NAME, message, advice));
    }

    fn settle(self) {
        let known = self.known;
        let students: HashMap<_, _> = known.students.values().map(|student| (student.id, student)).collect();
        let (rows, counts) = self.students.settle(|id| students.get(id).copied());
        self.planner.rows.cohorts.students = rows;
        self.planner.tally.add(Table::Students, counts);
        let cohorts: HashMap<_, _> = known.cohorts.iter().map(|cohort| (cohort.id, cohort)).collect();
        let (rows, counts) = self.cohorts.settle(|id| cohorts.get(id).copied());
        self.planner.rows.cohorts.cohorts = rows;
        self.planner.tally.add(Table::Cohorts, counts);
        let of_round = |round: &super::known::KnownRound| {
            let id = round.round.id;
            round.demands.iter().map(|demand| (demand.id, (id, demand.clone()))).collect::<Vec<_>>()
        };
        let demands: HashMap<_, _> = known.rounds.values().flat_map(of_round).collect();
        let (rows, counts) = self.demands.settle(|id| demands.get(id));
        self.planner.rows.rounds.demands = rows;
        self.planner.tally.add(Table::Demands, counts);
    }
}
