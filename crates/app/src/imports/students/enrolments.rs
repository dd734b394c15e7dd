//! Since when a student is in which phase of which programme.
//!
//! A file says in which phase a student is in a period, not since when. Taken is the first day of the
//! school year of the round. A student who is in two phases within one school year goes from one to
//! the other on the first day of the second period.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use kernschil_domain::codes::EnrolmentStatus;
use kernschil_domain::cohorts::Enrolment;
use kernschil_domain::ids::{CohortId, StudentId, StudyPhaseId};
use kernschil_domain::periods::Span;

use super::{Plan, Resolved};
use crate::imports::dated::{Dated, Timelines};
use crate::imports::diff::Table;
use crate::imports::findings::Place;
use crate::imports::planner::first_day;

type State = (CohortId, StudyPhaseId, EnrolmentStatus);

impl Plan<'_, '_> {
    /// Fits the enrolments in that the rows of each student imply, in order of time.
    pub(super) fn enrolments(&mut self, by_student: &BTreeMap<StudentId, Vec<&Resolved<'_, '_>>>) {
        let mut lines: Timelines<StudentId, State> = Timelines::default();
        for (student, rows) in by_student {
            for (at, one) in rows.iter().enumerate() {
                self.enrolment(*student, one, rows.get(..at).unwrap_or_default(), &mut lines);
            }
        }
        let (changes, counts) = lines.settle();
        let enrolment = |student, dated: Dated<State>| {
            let (cohort, phase, status) = dated.what;
            Enrolment { student, cohort, phase, status, span: dated.span }
        };
        for change in changes {
            // Cohort and phase are part of the key: a corrected one is another row.
            if let Some(wrong) = change.was.filter(|was| (was.what.0, was.what.1) != (change.now.what.0, change.now.what.1)) {
                self.planner.rows.wrong_enrolments.push(enrolment(change.key, wrong));
            }
            self.planner.rows.cohorts.enrolments.push(enrolment(change.key, change.now));
        }
        self.planner.tally.add(Table::Enrolments, counts);
    }

    fn enrolment(
        &mut self,
        student: StudentId,
        one: &Resolved<'_, '_>,
        before: &[&Resolved<'_, '_>],
        lines: &mut Timelines<StudentId, State>,
    ) {
        let line = lines.of(student, || {
            let known = self.known.enrolments.get(&student).map(Vec::as_slice).unwrap_or_default();
            known.iter().map(|e| Dated { span: e.span, what: (e.cohort, e.phase, e.status) }).collect()
        });
        let year = first_day(one.round.school_year);
        let start = one.period.starts_on;
        let wanted = (one.cohort, one.phase, EnrolmentStatus::Active);
        let current = line.on(start).cloned();
        if let Some(current) = current.as_ref().filter(|current| current.what == wanted) {
            line.confirm(current.span.from);
            return;
        }
        if let Some(wrong) = current.filter(|current| current.span.from >= year && current.what.2 == EnrolmentStatus::Active)
            && !self.went_on(one, wrong.what.1, before, year)
        {
            let line = lines.of(student, Vec::new);
            line.correct(wrong.span.from, wanted);
            return;
        }
        let line = lines.of(student, Vec::new);
        let began = line.now().iter().any(|known| known.span.from >= year && known.span.from <= start);
        let from = if began { start } else { year.min(start) };
        let new = Dated { span: Span::since(from), what: wanted };
        self.planner.fit(Place::of("students", one.row), "phase", line, new, "de inschrijving van deze student");
    }

    /// Whether the student was in another phase first and went on to this one. Otherwise the other
    /// phase is a mistake of an earlier file.
    fn went_on(&self, one: &Resolved<'_, '_>, phase: StudyPhaseId, before: &[&Resolved<'_, '_>], year: NaiveDate) -> bool {
        let in_file = before.iter().any(|earlier| earlier.phase == phase);
        let mut earlier_demands = self.known.rounds.get(&one.round.slug).into_iter().flat_map(|round| {
            round.demands.iter().filter(|demand| {
                let begins = round.periods.iter().find(|period| period.id == demand.period).map(|period| period.starts_on);
                demand.student == one.student && begins.is_some_and(|begins| begins < one.period.starts_on)
            })
        });
        in_file || earlier_demands.any(|demand| demand.phase == phase) || one.period.starts_on.year() > year.year()
    }
}
