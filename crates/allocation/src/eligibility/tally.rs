//! Counts per student of the schools that are ruled out, shared by students who look for the same.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::index::Index;
use crate::input::{Demand, Groups, PeriodKey, PhaseCode, Standing, StandingGroup, Weekdays};

use super::{Reason, Reasons, Removed, place_reasons};

/// What decides which places of a school suit a student, apart from rules about the whole school.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Profile {
    period: PeriodKey,
    phase: PhaseCode,
    groups: Groups,
    weekdays: Weekdays,
    standings: StandingGroup,
    only: Option<Standing>,
}

/// For each school the fewest reasons against one of its places.
type Schools = Rc<Vec<(usize, Reasons)>>;

/// The counts of a round.
#[derive(Debug)]
pub(crate) struct Tally<'a> {
    index: &'a Index<'a>,
    schools: RefCell<HashMap<Profile, Schools>>,
}

impl<'a> Tally<'a> {
    pub(crate) fn new(index: &'a Index<'a>) -> Self {
        Self { index, schools: RefCell::default() }
    }

    /// Counts the schools of the student's period. With `only`, just the schools with that standing.
    pub(crate) fn removed(&self, demand: usize, only: Option<Standing>) -> Removed {
        let wanted = self.index.demands[demand];
        let limit = self.index.travel_limit(demand);
        let mut removed = Removed::default();
        for &(school, reasons) in &*self.schools(demand, only) {
            let mut reasons = reasons;
            let key = self.index.schools[school].key;
            reasons.add_if(Reason::TravelLimit, || {
                limit.zip(self.index.minutes(demand, school)).is_some_and(|(limit, minutes)| minutes > limit)
            });
            reasons.add_if(Reason::EarlierSchool, || wanted.earlier_schools.contains(&key));
            reasons.add_if(Reason::FixedSchool, || wanted.only_school.is_some_and(|only| only != key));
            removed.count(reasons);
        }
        removed
    }

    fn schools(&self, demand: usize, only: Option<Standing>) -> Schools {
        let &Demand { period, phase, groups, weekdays, standing_group: standings, .. } = self.index.demands[demand];
        let profile = Profile { period, phase, groups, weekdays, standings, only };
        let mut known = self.schools.borrow_mut();
        Rc::clone(known.entry(profile).or_insert_with(|| Rc::new(self.look(demand, only))))
    }

    /// Rules about the whole school add the same to all its places, so the place that is nearest
    /// without them is nearest with them.
    fn look(&self, demand: usize, only: Option<Standing>) -> Vec<(usize, Reasons)> {
        let anybody = Demand { earlier_schools: Vec::new(), only_school: None, ..self.index.demands[demand].clone() };
        let mut schools: Vec<(usize, Reasons)> = Vec::new();
        for place in self.index.places_in(anybody.period) {
            let school = self.index.place_school[place];
            if only.is_some_and(|standing| self.index.standing(demand, school) != standing) {
                continue;
            }
            let found = place_reasons(&anybody, self.index.places[place]);
            match schools.last_mut() {
                Some((same, best)) if *same == school => *best = best.min_by_len(found),
                _ => schools.push((school, found)),
            }
        }
        schools
    }
}
