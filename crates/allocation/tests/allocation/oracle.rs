//! A second way to find the optimum, for small rounds: try everything.
//!
//! Student by student it keeps, for every combination of room that is left, the best list of level
//! values. It shares nothing with the engine but the types of the snapshot.

use std::collections::BTreeMap;

use kernschil_allocation::{Bottleneck, Demand, FinalPhase, Input, LevelKind, PeriodKey, Place, PlaceKey, SchoolKey, Standing, TrainerKey};

/// Values of all levels, most important first.
pub(crate) type Values = Vec<i64>;

/// A capacity by name. `None` in a map means unlimited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cap {
    Place(PlaceKey),
    Total(SchoolKey, PeriodKey),
    Trainer(TrainerKey, PeriodKey),
    Outside,
}

impl Cap {
    pub(crate) fn of(bottleneck: Bottleneck) -> Self {
        match bottleneck {
            Bottleneck::Place(place, _) => Self::Place(place),
            Bottleneck::SchoolTotal(school, period, _) => Self::Total(school, period),
            Bottleneck::Trainer(trainer, period, _) => Self::Trainer(trainer, period),
            Bottleneck::OutsideGuidance(_) => Self::Outside,
        }
    }
}

pub(crate) fn standing(input: &Input, demand: &Demand, school: SchoolKey) -> Standing {
    let column = input.standings.schools.iter().position(|&key| key == school);
    let row = input.standings.rows.iter().find(|row| row.group == demand.standing_group);
    column.map_or(Standing::Outside, |column| row.expect("a group").standings[column])
}

pub(crate) fn minutes(input: &Input, demand: &Demand, school: SchoolKey) -> Option<u16> {
    let column = input.travel.schools.iter().position(|&key| key == school)?;
    let row = input.travel.rows.iter().find(|row| Some(row.origin) == demand.origin)?;
    row.minutes[column]
}

pub(crate) fn may_go(input: &Input, demand: &Demand, place: &Place) -> bool {
    let days = (0..5).all(|day| {
        let bit = |mask: u8| mask >> day & 1 == 1;
        !bit(demand.weekdays.0) || bit(place.weekdays.0)
    });
    let group = demand.groups.0 == 0 || place.groups.0 == 0 || (0..8).any(|group| demand.groups.0 & place.groups.0 & (1 << group) != 0);
    let near = match minutes(input, demand, place.school) {
        None => true,
        Some(far) => demand.travel_limit.is_none_or(|limit| far <= limit) && input.settings.travel_limit.is_none_or(|limit| far <= limit),
    };
    demand.period == place.period
        && (place.phases.is_empty() || place.phases.contains(&demand.phase))
        && group
        && days
        && near
        && !demand.earlier_schools.contains(&place.school)
        && demand.only_school.is_none_or(|only| only == place.school)
}

fn splitmix(seed: u64) -> u64 {
    let a = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let b = (a ^ (a >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let c = (b ^ (b >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    c ^ (c >> 31)
}

/// What one outcome adds to every level.
pub(crate) fn values(input: &Input, demand: &Demand, place: Option<&Place>) -> Values {
    let longest = input.demands.iter().map(|demand| demand.wishes.len()).max().unwrap_or(0);
    let mut values = Vec::new();
    for kind in &input.settings.levels {
        match kind {
            LevelKind::NotPlaced => {
                let last = demand.final_phase == FinalPhase::Final;
                values.push(i64::from(place.is_none() && last));
                values.push(i64::from(place.is_none() && !last));
            }
            LevelKind::NotCovered => values.push(place.map_or(0, |place| match standing(input, demand, place.school) {
                Standing::Kern | Standing::Schil => 0,
                Standing::SchilUnmet | Standing::Outside => 1,
            })),
            LevelKind::Ladder => values.push(place.map_or(0, |place| match standing(input, demand, place.school) {
                Standing::Kern => 0,
                Standing::Schil => 1,
                Standing::SchilUnmet => 2,
                Standing::Outside => 3,
            })),
            LevelKind::Wishes => {
                let mut profile = vec![0; longest];
                if let (Some(place), false) = (place, demand.wishes.is_empty()) {
                    let fits = |rank: &usize| demand.wishes[*rank].schools.contains(&place.school);
                    match (0..demand.wishes.len()).find(fits) {
                        Some(0) => {}
                        Some(rank) => profile[longest - rank] = 1,
                        None => profile[0] = 1,
                    }
                }
                values.extend(profile);
            }
            LevelKind::Travel => {
                let far = place.map(|place| minutes(input, demand, place.school).unwrap_or(45));
                values.push(i64::from(far > Some(60)));
                values.push(i64::from(far > Some(45)));
                values.push(i64::from(far.unwrap_or(0)));
            }
            LevelKind::Lot => values.push(place.map_or(0, |place| {
                let school = input.schools.iter().find(|school| school.key == place.school);
                let school = school.expect("a school").tie_break;
                let drawn = splitmix(splitmix(splitmix(splitmix(input.settings.seed) ^ demand.tie_break) ^ school) ^ place.tie_break);
                i64::try_from(drawn >> 24).expect("40 bits")
            })),
        }
    }
    values
}

/// All capacities with a limit.
pub(crate) fn caps(input: &Input) -> BTreeMap<Cap, u32> {
    let mut caps = BTreeMap::new();
    for place in &input.places {
        caps.insert(Cap::Place(place.key), place.count);
    }
    for school in &input.schools {
        for total in &school.totals {
            caps.insert(Cap::Total(school.key, total.period), total.cap);
        }
    }
    for trainer in &input.trainers {
        for cap in &trainer.capacity {
            caps.insert(Cap::Trainer(trainer.key, cap.period), cap.cap);
        }
    }
    caps.extend(input.settings.outside_cap.map(|cap| (Cap::Outside, cap)));
    caps
}

/// The same round with one more in each of these capacities.
pub(crate) fn raised(input: &Input, raise: &[Cap]) -> Input {
    let mut input = input.clone();
    for cap in raise {
        let slot = match *cap {
            Cap::Place(key) => input.places.iter_mut().find(|row| row.key == key).map(|row| &mut row.count),
            Cap::Total(key, period) => {
                let row = input.schools.iter_mut().find(|row| row.key == key);
                let row = row.and_then(|row| row.totals.iter_mut().find(|c| c.period == period));
                row.map(|cap| &mut cap.cap)
            }
            Cap::Trainer(key, period) => {
                let row = input.trainers.iter_mut().find(|row| row.key == key);
                let row = row.and_then(|row| row.capacity.iter_mut().find(|c| c.period == period));
                row.map(|cap| &mut cap.cap)
            }
            Cap::Outside => input.settings.outside_cap.as_mut(),
        };
        *slot.expect("a capacity of the round") += 1;
    }
    input
}

/// The best values over all plans in which every outcome is `allowed` (demand number, place), or
/// `None` when there is no such plan.
pub(crate) fn best(input: &Input, allowed: &dyn Fn(usize, Option<&Place>) -> bool) -> Option<Values> {
    let caps = caps(input);
    let names: Vec<Cap> = caps.keys().copied().collect();
    let mut plans: BTreeMap<Vec<u32>, Values> = BTreeMap::new();
    plans.insert(caps.values().copied().collect(), Values::new());
    for (number, demand) in input.demands.iter().enumerate() {
        let mut options: Vec<(Values, Vec<usize>)> = Vec::new();
        if allowed(number, None) {
            options.push((values(input, demand, None), Vec::new()));
        }
        for place in &input.places {
            if !may_go(input, demand, place) || !allowed(number, Some(place)) {
                continue;
            }
            let school = input.schools.iter().find(|school| school.key == place.school);
            let crew = &school.expect("a school").trainers;
            let mut uses = vec![Cap::Place(place.key), Cap::Total(place.school, place.period)];
            if standing(input, demand, place.school) == Standing::Outside {
                uses.push(Cap::Outside);
            }
            let position = |cap: &Cap| names.iter().position(|name| name == cap);
            let uses: Vec<usize> = uses.iter().filter_map(position).collect();
            let cost = values(input, demand, Some(place));
            for &trainer in crew {
                let mut uses = uses.clone();
                uses.extend(position(&Cap::Trainer(trainer, place.period)));
                options.push((cost.clone(), uses));
            }
            if crew.is_empty() {
                options.push((cost, uses));
            }
        }
        let mut next: BTreeMap<Vec<u32>, Values> = BTreeMap::new();
        for (left, so_far) in &plans {
            for (cost, uses) in &options {
                if uses.iter().any(|&cap| left[cap] == 0) {
                    continue;
                }
                let mut left = left.clone();
                for &cap in uses {
                    left[cap] -= 1;
                }
                let mut sum = cost.clone();
                sum.iter_mut().zip(so_far).for_each(|(sum, before)| *sum += before);
                let best = next.entry(left).or_insert_with(|| sum.clone());
                if sum < *best {
                    *best = sum;
                }
            }
        }
        plans = next;
    }
    let empty = || {
        let nobody = Demand { wishes: Vec::new(), ..super::rounds::demand(0) };
        vec![0; values(input, &nobody, None).len()]
    };
    plans.into_values().min().map(|values| if values.is_empty() { empty() } else { values })
}

/// The optimum of the round.
pub(crate) fn optimum(input: &Input) -> Values {
    best(input, &|_, _| true).expect("nobody placed is a plan")
}
