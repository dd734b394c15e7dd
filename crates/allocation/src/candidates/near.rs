//! The places that are near enough, looked up once for all students who live in the same area.

use std::collections::HashMap;
use std::ops::Range;

use crate::eligibility::Reason;
use crate::index::Index;
use crate::input::PeriodKey;

/// Students from the same origin who look for a place in the same period.
type Area = (Option<usize>, PeriodKey);

/// Places by area.
pub(super) struct Near<'a> {
    index: &'a Index<'a>,
    /// The longest trip that anybody in the area may be asked to make, if all have a limit.
    limits: HashMap<Area, Option<u16>>,
    places: HashMap<Area, Vec<Range<usize>>>,
    /// Places of each school in a period.
    schools: HashMap<PeriodKey, Vec<(usize, Range<usize>)>>,
}

impl<'a> Near<'a> {
    pub(super) fn new(index: &'a Index<'a>) -> Self {
        let mut limits: HashMap<Area, Option<u16>> = HashMap::new();
        let mut schools: HashMap<PeriodKey, Vec<(usize, Range<usize>)>> = HashMap::new();
        for (number, demand) in index.demands.iter().enumerate() {
            let limit = index.travel_limit(number).filter(|_| index.hard.contains(Reason::TravelLimit));
            let farthest = limits.entry((index.origin(number), demand.period)).or_insert(limit);
            *farthest = farthest.zip(limit).map(|(one, other)| one.max(other));
        }
        for (number, place) in index.places.iter().enumerate() {
            let school = index.place_school[number];
            let here = schools.entry(place.period).or_default();
            match here.last_mut() {
                Some((last, places)) if *last == school => places.end = number + 1,
                _ => here.push((school, number..number + 1)),
            }
        }
        Self { index, limits, places: HashMap::new(), schools }
    }

    /// Places that are not too far for everybody in the student's area.
    pub(super) fn places(&mut self, demand: usize) -> impl Iterator<Item = usize> {
        let Self { index, limits, places, schools } = self;
        let area = (index.origin(demand), index.demands[demand].period);
        let ranges = places.entry(area).or_insert_with(|| {
            let limit = limits.get(&area).copied().flatten();
            let too_far = |school| limit.zip(index.minutes(demand, school)).is_some_and(|(limit, minutes)| minutes > limit);
            let mut ranges: Vec<Range<usize>> = Vec::new();
            for (school, places) in schools.get(&area.1).into_iter().flatten() {
                match ranges.last_mut() {
                    _ if too_far(*school) => {}
                    Some(last) if last.end == places.start => last.end = places.end,
                    _ => ranges.push(places.clone()),
                }
            }
            ranges
        });
        ranges.iter().cloned().flatten()
    }
}
