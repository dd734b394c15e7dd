//! A second way to find the optimum, for small rounds: try everything.
//!
//! Student by student it keeps, for every combination of room that is left, students at schools and
//! schools of teams, the best list of level values. It shares nothing with the engine but the types of the snapshot.

use std::collections::BTreeMap;

use kernschil_allocation::{
    BoardKey, Bottleneck, Demand, FinalPhase, Firmness, Input, LastTrip, LevelKind, PeriodKey, Place, PlaceKey, Reason, SchoolKey,
    Standing, TeamKey, TrainerKey,
};

/// Values of all levels, most important first.
pub(crate) type Values = Vec<i64>;

/// A capacity by name. `None` in a map means unlimited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cap {
    Place(PlaceKey),
    Total(SchoolKey, PeriodKey),
    Trainer(TrainerKey, PeriodKey),
    Board(BoardKey, PeriodKey),
    Outside,
}

impl Cap {
    pub(crate) fn of(bottleneck: Bottleneck) -> Self {
        match bottleneck {
            Bottleneck::Place(place, _) => Self::Place(place),
            Bottleneck::SchoolTotal(school, period, _) => Self::Total(school, period),
            Bottleneck::Trainer(trainer, period, _) => Self::Trainer(trainer, period),
            Bottleneck::Board(board, period, _) => Self::Board(board, period),
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
    row.minutes.at(column)
}

/// Whether the pair keeps one rule.
fn keeps(input: &Input, demand: &Demand, place: &Place, rule: Reason) -> bool {
    let bit = |mask: u8, at: usize| mask >> at & 1 == 1;
    match rule {
        Reason::Period => demand.period == place.period,
        Reason::Phase => place.phases.is_empty() || place.phases.contains(&demand.phase),
        Reason::Groups => {
            demand.groups.0 == 0 || place.groups.0 == 0 || (0..8).any(|group| bit(demand.groups.0, group) && bit(place.groups.0, group))
        }
        Reason::Weekdays => (0..5).all(|day| !bit(demand.weekdays.0, day) || bit(place.weekdays.0, day)),
        Reason::TravelLimit => match minutes(input, demand, place.school) {
            None => true,
            Some(far) => {
                demand.travel_limit.is_none_or(|limit| far <= limit) && input.settings.travel_limit.is_none_or(|limit| far <= limit)
            }
        },
        Reason::EarlierSchool => !demand.earlier_schools.contains(&place.school),
        Reason::FixedSchool => demand.only_school.is_none_or(|only| only == place.school),
        Reason::Excluded => !demand.excluded_schools.contains(&place.school),
        Reason::Pinned => demand.pinned.is_none_or(|pinned| pinned == place.key),
        Reason::Reserved => place.reserved_for.is_empty() || place.reserved_for.contains(&demand.key),
        Reason::NotQualified => !place.refuses.contains(&demand.phase),
        Reason::FamiliarSchool => !demand.familiar_schools.contains(&place.school),
        Reason::FamiliarGroups => {
            !place.reserved_for.is_empty()
                || (0..8).any(|group| (place.groups.0 == 0 || bit(place.groups.0, group)) && !bit(demand.familiar_groups.0, group))
        }
    }
}

pub(crate) fn may_go(input: &Input, demand: &Demand, place: &Place) -> bool {
    let always = [Reason::Period, Reason::Excluded, Reason::Pinned, Reason::Reserved];
    let hard = |rule: &Reason| always.contains(rule) || input.settings.hard.contains(*rule);
    Reason::ALL.into_iter().filter(hard).all(|rule| keeps(input, demand, place, rule))
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
            LevelKind::Kept if input.demands.iter().any(|demand| demand.keeps.is_some()) => {
                let gone = demand.keeps.filter(|keep| place.is_none_or(|place| place.key != keep.place));
                for firmness in [Firmness::Announced, Firmness::Draft] {
                    values.push(i64::from(gone.is_some_and(|keep| keep.firmness == firmness)));
                }
            }
            LevelKind::Kept => {}
            LevelKind::Shortfall if input.schools.iter().flat_map(|school| &school.minimum).all(|minimum| minimum.cap == 0) => {}
            LevelKind::Shortfall | LevelKind::Spread => values.push(0),
            LevelKind::Variety if input.demands.iter().all(|d| d.familiar_schools.is_empty() && d.familiar_groups.0 == 0) => {}
            LevelKind::Variety => {
                let again = |rule| i64::from(place.is_some_and(|place| !keeps(input, demand, place, rule)));
                values.push(again(Reason::FamiliarSchool) + again(Reason::FamiliarGroups));
            }
            LevelKind::Broken(rule) => values.push(place.map_or(0, |place| i64::from(!keeps(input, demand, place, *rule)))),
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
                let times = if demand.last_trip == LastTrip::Long { 2 } else { 1 };
                values.push(times * i64::from(far > Some(60)));
                values.push(times * i64::from(far > Some(45)));
                values.push(times * i64::from(far.unwrap_or(0)));
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
    for board in &input.boards {
        for cap in &board.totals {
            caps.insert(Cap::Board(board.key, cap.period), cap.cap);
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
            Cap::Board(key, period) => {
                let row = input.boards.iter_mut().find(|row| row.key == key);
                let row = row.and_then(|row| row.totals.iter_mut().find(|c| c.period == period));
                row.map(|cap| &mut cap.cap)
            }
            Cap::Outside => input.settings.outside_cap.as_mut(),
        };
        *slot.expect("a capacity of the round") += 1;
    }
    input
}

/// What a school with this many students in a period adds to every level.
fn school_values(input: &Input, (key, period): (SchoolKey, PeriodKey), students: u32) -> Values {
    let school = input.schools.iter().find(|school| school.key == key).expect("a school");
    let nobody = Demand { wishes: Vec::new(), ..super::rounds::demand(0) };
    let mut all = vec![0; values(input, &nobody, None).len()];
    let of = |kind: LevelKind| {
        let only =
            Input { settings: input.settings.clone(), demands: input.demands.clone(), schools: input.schools.clone(), ..Input::default() };
        let before = input.settings.levels.iter().position(|level| *level == kind)?;
        let levels = Input {
            settings: kernschil_allocation::Settings { levels: input.settings.levels[..before].to_vec(), ..only.settings.clone() },
            ..only
        };
        Some(values(&levels, &nobody, None).len())
    };
    let minimum = school.minimum.iter().find(|minimum| minimum.period == period).map_or(0, |minimum| minimum.cap);
    if let (Some(at), true) = (of(LevelKind::Shortfall), input.schools.iter().flat_map(|s| &s.minimum).any(|m| m.cap > 0)) {
        all[at] += i64::from(minimum.saturating_sub(students));
    }
    if let Some(at) = of(LevelKind::Spread) {
        let offered: u32 = input.places.iter().filter(|place| (place.school, place.period) == (key, period)).map(|place| place.count).sum();
        let total = school.totals.iter().find(|total| total.period == period).map_or(u32::MAX, |total| total.cap);
        all[at] += (0..students).map(|before| i64::from(100 * before / offered.min(total))).sum::<i64>();
    }
    all
}

/// What has happened so far, as far as it matters for the rest.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    left: Vec<u32>,
    /// Students at each school in each period, where their number counts.
    at: BTreeMap<(SchoolKey, PeriodKey), u32>,
    teams: BTreeMap<TeamKey, SchoolKey>,
}

/// The best values over all plans in which every outcome is `allowed` (demand number, place), or
/// `None` when there is no such plan.
pub(crate) fn best(input: &Input, allowed: &dyn Fn(usize, Option<&Place>) -> bool) -> Option<Values> {
    let caps = caps(input);
    let names: Vec<Cap> = caps.keys().copied().collect();
    let school = |key: SchoolKey| input.schools.iter().find(|school| school.key == key).expect("a school");
    let spread = input.settings.levels.contains(&LevelKind::Spread);
    let counts = |key: SchoolKey| spread || school(key).least > 1 || !school(key).minimum.is_empty();
    let mut plans: BTreeMap<State, Values> = BTreeMap::new();
    plans.insert(State { left: caps.values().copied().collect(), at: BTreeMap::new(), teams: BTreeMap::new() }, Values::new());
    for (number, demand) in input.demands.iter().enumerate() {
        let mut options: Vec<(Values, Vec<usize>, Option<SchoolKey>)> = Vec::new();
        if allowed(number, None) {
            options.push((values(input, demand, None), Vec::new(), None));
        }
        for place in &input.places {
            if !may_go(input, demand, place) || !allowed(number, Some(place)) {
                continue;
            }
            let row = school(place.school);
            let mut uses = vec![Cap::Place(place.key), Cap::Total(place.school, place.period)];
            uses.extend(row.board.map(|board| Cap::Board(board, place.period)));
            if standing(input, demand, place.school) == Standing::Outside {
                uses.push(Cap::Outside);
            }
            let position = |cap: &Cap| names.iter().position(|name| name == cap);
            let uses: Vec<usize> = uses.iter().filter_map(position).collect();
            let cost = values(input, demand, Some(place));
            for &trainer in &row.trainers {
                let mut uses = uses.clone();
                uses.extend(position(&Cap::Trainer(trainer, place.period)));
                options.push((cost.clone(), uses, Some(place.school)));
            }
            if row.trainers.is_empty() {
                options.push((cost, uses, Some(place.school)));
            }
        }
        let mut next: BTreeMap<State, Values> = BTreeMap::new();
        for (state, so_far) in &plans {
            for (cost, uses, at) in &options {
                if uses.iter().any(|&cap| state.left[cap] == 0) {
                    continue;
                }
                let mut state = state.clone();
                for &cap in uses {
                    state.left[cap] -= 1;
                }
                if let Some(at) = *at {
                    if counts(at) {
                        *state.at.entry((at, demand.period)).or_default() += 1;
                    }
                    if let Some(team) = demand.team
                        && *state.teams.entry(team).or_insert(at) != at
                    {
                        continue;
                    }
                }
                let mut sum = cost.clone();
                sum.iter_mut().zip(so_far).for_each(|(sum, before)| *sum += before);
                let best = next.entry(state).or_insert_with(|| sum.clone());
                if sum < *best {
                    *best = sum;
                }
            }
        }
        plans = next;
    }
    let nobody = Demand { wishes: Vec::new(), ..super::rounds::demand(0) };
    let mut sites: Vec<(SchoolKey, PeriodKey)> = input.places.iter().map(|place| (place.school, place.period)).collect();
    sites.extend(input.schools.iter().flat_map(|school| school.minimum.iter().map(|minimum| (school.key, minimum.period))));
    sites.sort_unstable();
    sites.dedup();
    let enough = |state: &State| state.at.iter().all(|((key, _), &students)| students >= school(*key).least);
    let complete = plans.into_iter().filter(|(state, _)| enough(state)).map(|(state, so_far)| {
        let mut sum = if so_far.is_empty() { vec![0; values(input, &nobody, None).len()] } else { so_far };
        for &site in &sites {
            let here = school_values(input, site, state.at.get(&site).copied().unwrap_or(0));
            sum.iter_mut().zip(here).for_each(|(sum, here)| *sum += here);
        }
        sum
    });
    complete.min()
}

/// The optimum of the round.
pub(crate) fn optimum(input: &Input) -> Values {
    best(input, &|_, _| true).expect("nobody placed is a plan")
}
