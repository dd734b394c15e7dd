//! Counts per student of the schools that are ruled out, shared by students who look for the same.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::index::Index;
use crate::input::{Demand, DemandKey, Groups, PeriodKey, PhaseCode, PlaceKey, Standing, StandingGroup, Weekdays};

use super::{Reason, Reasons, Removed, place_reasons};

/// What decides which places of a school suit a student, apart from rules about the whole school.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Profile {
    period: PeriodKey,
    phase: PhaseCode,
    groups: Groups,
    weekdays: Weekdays,
    standings: StandingGroup,
    familiar_groups: Groups,
    pinned: Option<PlaceKey>,
    /// The student, when a place is reserved for her.
    reserved: Option<DemandKey>,
    only: Option<Standing>,
}

/// For each school the fewest reasons against one of its places.
type Schools = Rc<Vec<(usize, Reasons)>>;

/// The counts of a round.
#[derive(Debug)]
pub(crate) struct Tally<'a> {
    index: &'a Index<'a>,
    /// Students for whom a place is reserved.
    reserved: HashSet<DemandKey>,
    schools: RefCell<HashMap<Profile, Schools>>,
}

impl<'a> Tally<'a> {
    pub(crate) fn new(index: &'a Index<'a>) -> Self {
        let reserved = index.places.iter().flat_map(|place| place.reserved_for.iter().copied()).collect();
        Self { index, reserved, schools: RefCell::default() }
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
            reasons.add_if(Reason::Excluded, || wanted.excluded_schools.contains(&key));
            reasons.add_if(Reason::FamiliarSchool, || wanted.familiar_schools.contains(&key));
            removed.count(reasons.and(self.index.hard));
        }
        removed
    }

    fn schools(&self, demand: usize, only: Option<Standing>) -> Schools {
        let &Demand { key, period, phase, groups, weekdays, standing_group: standings, familiar_groups, pinned, .. } =
            self.index.demands[demand];
        let reserved = self.reserved.get(&key).copied();
        let profile = Profile { period, phase, groups, weekdays, standings, familiar_groups, pinned, reserved, only };
        let mut known = self.schools.borrow_mut();
        Rc::clone(known.entry(profile).or_insert_with(|| Rc::new(self.look(demand, only))))
    }

    /// Rules about the whole school add the same to all its places, so the place that is nearest
    /// without them is nearest with them.
    fn look(&self, demand: usize, only: Option<Standing>) -> Vec<(usize, Reasons)> {
        let anybody = Demand {
            earlier_schools: Vec::new(),
            only_school: None,
            excluded_schools: Vec::new(),
            familiar_schools: Vec::new(),
            ..self.index.demands[demand].clone()
        };
        let mut schools: Vec<(usize, Reasons)> = Vec::new();
        for place in self.index.places_in(anybody.period) {
            let school = self.index.place_school[place];
            if only.is_some_and(|standing| self.index.standing(demand, school) != standing) {
                continue;
            }
            let found = place_reasons(&anybody, self.index.places[place]).and(self.index.hard);
            match schools.last_mut() {
                Some((same, best)) if *same == school => *best = best.min_by_len(found),
                _ => schools.push((school, found)),
            }
        }
        schools
    }
}
