//! The snapshot with its keys looked up once: a student and a place, each with what the check needs
//! of it, and per area the places that are not too far for everybody there.

use std::collections::HashMap;
use std::ops::{Deref, Range};

use crate::eligibility::Reason;
use crate::input::{Demand, Input, OriginGroup, PeriodKey, Place, School, SchoolKey, Standing, StandingGroup};
use crate::travel::Minutes;

/// A demand with its rows of the tables.
#[derive(Clone, Copy)]
pub(super) struct Seeker<'a> {
    pub(super) row: &'a Demand,
    standings: &'a [Standing],
    travel: Option<&'a Minutes>,
}

impl Deref for Seeker<'_> {
    type Target = Demand;

    fn deref(&self) -> &Demand {
        self.row
    }
}

impl Seeker<'_> {
    pub(super) fn standing(&self, spot: &Spot<'_>) -> Standing {
        let standing = spot.standing_column.and_then(|column| self.standings.get(column));
        standing.copied().unwrap_or(Standing::Outside)
    }

    pub(super) fn minutes(&self, spot: &Spot<'_>) -> Option<u16> {
        self.travel?.at(spot.travel_column?)
    }

    fn area(&self) -> Area {
        (self.origin, self.period)
    }
}

/// A place with its school and its columns of the tables.
#[derive(Clone, Copy)]
pub(super) struct Spot<'a> {
    pub(super) row: &'a Place,
    pub(super) offered_by: Option<&'a School>,
    /// Position in [`Plain::spots`].
    pub(super) number: usize,
    standing_column: Option<usize>,
    travel_column: Option<usize>,
}

impl Deref for Spot<'_> {
    type Target = Place;

    fn deref(&self) -> &Place {
        self.row
    }
}

/// Students from one origin who look for a place in one period.
type Area = (Option<OriginGroup>, PeriodKey);

pub(super) struct Plain<'a> {
    /// In the order of the snapshot.
    pub(super) seekers: Vec<Seeker<'a>>,
    /// By period and school, so that each of those is a range.
    pub(super) spots: Vec<Spot<'a>>,
    periods: HashMap<PeriodKey, Range<usize>>,
    /// Only for areas where everybody has a limit, and that rule is hard.
    near: HashMap<Area, Vec<usize>>,
}

impl<'a> Plain<'a> {
    pub(super) fn new(input: &'a Input) -> Self {
        let mut plain = Self { seekers: seekers(input), spots: spots(input), periods: HashMap::new(), near: HashMap::new() };
        for (number, spot) in plain.spots.iter_mut().enumerate() {
            spot.number = number;
            plain.periods.entry(spot.period).or_insert(number..number).end = number + 1;
        }
        if input.settings.hard.contains(Reason::TravelLimit) {
            plain.near = plain.near(input.settings.travel_limit);
        }
        plain
    }

    /// All places of a period.
    pub(super) fn in_period(&self, period: PeriodKey) -> &[Spot<'a>] {
        self.periods.get(&period).and_then(|range| self.spots.get(range.clone())).unwrap_or_default()
    }

    /// The places of the student's period but those too far for everybody in the area.
    pub(super) fn in_reach(&self, seeker: &Seeker<'_>) -> impl Iterator<Item = &Spot<'a>> {
        let near = self.near.get(&seeker.area());
        let all = if near.is_some() { &[][..] } else { self.in_period(seeker.period) };
        near.into_iter().flatten().map(|&number| &self.spots[number]).chain(all)
    }

    fn near(&self, general: Option<u16>) -> HashMap<Area, Vec<usize>> {
        let mut areas: HashMap<Area, (Option<u16>, &Seeker<'a>)> = HashMap::new();
        for seeker in &self.seekers {
            let limit = [seeker.travel_limit, general].into_iter().flatten().min();
            let farthest = &mut areas.entry(seeker.area()).or_insert((limit, seeker)).0;
            *farthest = farthest.zip(limit).map(|(one, other)| one.max(other));
        }
        let limited = areas.into_iter().filter_map(|(area, (limit, somebody))| Some((area, limit?, somebody)));
        let places = |(area, limit, somebody): (Area, u16, &Seeker<'a>)| {
            let here = self.in_period(area.1).iter();
            let near = here.filter(|spot| somebody.minutes(spot).is_none_or(|minutes| minutes <= limit));
            (area, near.map(|spot| spot.number).collect())
        };
        limited.map(places).collect()
    }
}

fn seekers<'a>(input: &'a Input) -> Vec<Seeker<'a>> {
    let standings: HashMap<StandingGroup, &[Standing]> =
        input.standings.rows.iter().map(|row| (row.group, row.standings.as_slice())).collect();
    let travel: HashMap<OriginGroup, &Minutes> = input.travel.rows.iter().map(|row| (row.origin, &row.minutes)).collect();
    let seeker = |row: &'a Demand| {
        let standings = standings.get(&row.standing_group).copied().unwrap_or_default();
        let travel = row.origin.and_then(|origin| travel.get(&origin).copied());
        Seeker { row, standings, travel }
    };
    input.demands.iter().map(seeker).collect()
}

fn spots<'a>(input: &'a Input) -> Vec<Spot<'a>> {
    let columns = |keys: &[SchoolKey]| -> HashMap<SchoolKey, usize> { keys.iter().copied().zip(0..).collect() };
    let (standing, travel) = (columns(&input.standings.schools), columns(&input.travel.schools));
    let schools: HashMap<SchoolKey, &School> = input.schools.iter().map(|row| (row.key, row)).collect();
    let spot = |row: &'a Place| {
        let (standing_column, travel_column) = (standing.get(&row.school).copied(), travel.get(&row.school).copied());
        Spot { row, offered_by: schools.get(&row.school).copied(), number: 0, standing_column, travel_column }
    };
    let mut spots: Vec<Spot<'a>> = input.places.iter().map(spot).collect();
    spots.sort_unstable_by_key(|spot| (spot.period, spot.school, spot.key));
    spots
}
