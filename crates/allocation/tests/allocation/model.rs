//! A round as one general network, built from the snapshot with nothing of the engine: students,
//! places, schools, trainers and the sink, and on every arc the value of every level.

#![expect(clippy::cast_possible_wrap, clippy::cast_possible_truncation, reason = "counts of rows and lots of 40 bits")]

use std::collections::HashMap;

use kernschil_allocation::mincost::{Arc, Problem, UNLIMITED};
use kernschil_allocation::{Demand, FinalPhase, Input, LevelKind, Place, SchoolKey, Standing};

/// The network, with the values of the levels apart.
pub(crate) struct Model {
    pub(crate) supplies: Vec<i64>,
    /// Arcs without cost.
    pub(crate) arcs: Vec<Arc<0>>,
    /// Values of the levels, arc after arc; most important level first.
    pub(crate) values: Vec<i64>,
    pub(crate) levels: usize,
}

impl Model {
    /// Builds the network. Caps on guidance and levels of schools have no place in it.
    pub(crate) fn new(input: &Input) -> Self {
        let facts = Facts::new(input);
        let (students, places, schools) = (input.demands.len(), input.places.len(), input.schools.len());
        let periods: Vec<_> = {
            let mut periods: Vec<_> = input.places.iter().map(|place| place.period).collect();
            periods.sort_unstable();
            periods.dedup();
            periods
        };
        let place_node = |place: usize| students + place;
        let site = |period: usize, school: usize| students + places + 2 * (period * schools + school);
        let trainer = |period: usize, trainer: usize| site(periods.len(), 0) + period * input.trainers.len() + trainer;
        let sink = trainer(periods.len(), 0);
        let mut supplies = vec![0; sink + 1];
        supplies[..students].fill(1);
        supplies[sink] = -(students as i64);
        let mut model = Self { supplies, arcs: Vec::new(), values: Vec::new(), levels: facts.values(&input.demands[..], None).len() };
        let nothing = vec![0; model.levels];
        for (student, demand) in input.demands.iter().enumerate() {
            model.add(student, sink, 1, &facts.values(std::slice::from_ref(demand), None));
            for (number, place) in input.places.iter().enumerate() {
                if facts.may_go(demand, place) {
                    model.add(student, place_node(number), 1, &facts.values(std::slice::from_ref(demand), Some(place)));
                }
            }
        }
        let number: HashMap<_, _> = input.trainers.iter().map(|trainer| trainer.key).zip(0..).collect();
        for (place_number, place) in input.places.iter().enumerate() {
            let period = periods.binary_search(&place.period).expect("a period");
            model.add(place_node(place_number), site(period, facts.school[&place.school]), place.count.into(), &nothing);
        }
        let cap = |caps: &[kernschil_allocation::PeriodCap], period| {
            caps.iter().find(|cap| cap.period == period).map_or(UNLIMITED, |cap| cap.cap.into())
        };
        for (at, &period) in periods.iter().enumerate() {
            for (number_of, school) in input.schools.iter().enumerate() {
                let entrance = site(at, number_of);
                model.add(entrance, entrance + 1, cap(&school.totals, period), &nothing);
                for key in &school.trainers {
                    model.add(entrance + 1, trainer(at, number[key]), UNLIMITED, &nothing);
                }
                if school.trainers.is_empty() {
                    model.add(entrance + 1, sink, UNLIMITED, &nothing);
                }
            }
            for (number_of, row) in input.trainers.iter().enumerate() {
                model.add(trainer(at, number_of), sink, cap(&row.capacity, period), &nothing);
            }
        }
        model
    }

    fn add(&mut self, from: usize, to: usize, upper: i64, values: &[i64]) {
        self.arcs.push(Arc { from: from as u32, to: to as u32, lower: 0, upper, cost: [] });
        self.values.extend(values);
    }

    /// Values of an arc.
    pub(crate) fn of(&self, arc: usize) -> &[i64] {
        &self.values[arc * self.levels..(arc + 1) * self.levels]
    }

    /// A problem of the same network with another cost on each arc.
    pub(crate) fn problem<const W: usize>(&self, cost: impl Fn(&[i64]) -> [i128; W]) -> Problem<W> {
        let arcs = self.arcs.iter().enumerate().map(|(number, &Arc { from, to, lower, upper, .. })| {
            let cost = cost(self.of(number));
            Arc { from, to, lower, upper, cost }
        });
        Problem { supplies: self.supplies.clone(), arcs: arcs.collect() }
    }
}

struct Facts<'a> {
    input: &'a Input,
    school: HashMap<SchoolKey, usize>,
    standings: HashMap<kernschil_allocation::StandingGroup, &'a [Standing]>,
    standing_column: HashMap<SchoolKey, usize>,
    minutes: HashMap<kernschil_allocation::OriginGroup, &'a kernschil_allocation::Minutes>,
    minutes_column: HashMap<SchoolKey, usize>,
    longest: usize,
}

impl<'a> Facts<'a> {
    fn new(input: &'a Input) -> Self {
        let columns = |keys: &[SchoolKey]| keys.iter().copied().zip(0..).collect();
        Self {
            input,
            school: input.schools.iter().map(|school| school.key).zip(0..).collect(),
            standings: input.standings.rows.iter().map(|row| (row.group, &row.standings[..])).collect(),
            standing_column: columns(&input.standings.schools),
            minutes: input.travel.rows.iter().map(|row| (row.origin, &row.minutes)).collect(),
            minutes_column: columns(&input.travel.schools),
            longest: input.demands.iter().map(|demand| demand.wishes.len()).max().unwrap_or(0),
        }
    }

    fn standing(&self, demand: &Demand, school: SchoolKey) -> Standing {
        self.standing_column.get(&school).map_or(Standing::Outside, |&column| self.standings[&demand.standing_group][column])
    }

    fn minutes(&self, demand: &Demand, school: SchoolKey) -> Option<u16> {
        self.minutes[&demand.origin?].at(*self.minutes_column.get(&school)?)
    }

    fn may_go(&self, demand: &Demand, place: &Place) -> bool {
        if demand.period != place.period {
            return false;
        }
        let limits = [demand.travel_limit, self.input.settings.travel_limit];
        if let Some(far) = self.minutes(demand, place.school)
            && limits.into_iter().flatten().any(|limit| far > limit)
        {
            return false;
        }
        let groups = demand.groups.0 == 0 || place.groups.0 == 0 || demand.groups.0 & place.groups.0 != 0;
        groups
            && (place.phases.is_empty() || place.phases.contains(&demand.phase))
            && demand.weekdays.0 & !place.weekdays.0 == 0
            && !demand.earlier_schools.contains(&place.school)
            && demand.only_school.is_none_or(|only| only == place.school)
    }

    /// Values of all levels for one student at one place or at none.
    fn values(&self, demands: &[Demand], place: Option<&Place>) -> Vec<i64> {
        let mut values = Vec::new();
        let demand = demands.first();
        let is_final = demand.is_some_and(|demand| demand.final_phase == FinalPhase::Final);
        let at = demand.zip(place);
        let standing = at.map(|(demand, place)| self.standing(demand, place.school));
        let minutes = at.map_or(0, |(demand, place)| i64::from(self.minutes(demand, place.school).unwrap_or(45)));
        for kind in &self.input.settings.levels {
            match kind {
                LevelKind::NotPlaced => {
                    values.extend([i64::from(place.is_none() && is_final), i64::from(place.is_none() && !is_final)]);
                }
                LevelKind::NotCovered => values.push(standing.map_or(0, |standing| i64::from(standing > Standing::Schil))),
                LevelKind::Ladder => values.push(standing.map_or(0, |standing| standing as i64)),
                LevelKind::Wishes => {
                    let mut profile = vec![0; self.longest];
                    if let Some((demand, place)) = at.filter(|(demand, _)| !demand.wishes.is_empty()) {
                        match demand.wishes.iter().position(|wish| wish.schools.contains(&place.school)) {
                            Some(0) => {}
                            Some(rank) => profile[self.longest - rank] = 1,
                            None => profile[0] = 1,
                        }
                    }
                    values.extend(profile);
                }
                LevelKind::Kept | LevelKind::Shortfall | LevelKind::Spread | LevelKind::Variety | LevelKind::Broken(_) => {
                    panic!("levels of schools and of other rules have no place in it")
                }
                LevelKind::Travel => values.extend([i64::from(minutes > 60), i64::from(minutes > 45), minutes]),
                LevelKind::Lot => values.push(at.map_or(0, |(demand, place)| {
                    let school = self.input.schools[self.school[&place.school]].tie_break;
                    [demand.tie_break, school, place.tie_break]
                        .into_iter()
                        .fold(super::rounds::Rng(self.input.settings.seed).next(), |state, part| super::rounds::Rng(state ^ part).next())
                        as i64
                        >> 24
                        & ((1 << 40) - 1)
                })),
            }
        }
        values
    }
}
