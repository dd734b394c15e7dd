//! The independent check of a proposal.
//!
//! Nothing of the solver is used: the hard rules, the level values and the capacities are worked
//! out again from the snapshot, in the plainest way. What is proven, by complementary slackness:
//!
//! - every student is at a place where cost plus price is lowest among all possible places and
//!   no place;
//! - where a capacity has room, the price behind it is no lower than the price before it; where
//!   students pass, no higher.
//!
//! Then any other proposal costs at least as much, and the packing of the levels makes "costs as
//! much" mean: is no better on any level without being worse on a higher one.
//!
//! Explanations are checked for what they state (counts, and that each named capacity is full), not
//! for being the smallest; the bounds of [`Proof::WithinBound`] are not checked.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::cost::{LOT_BITS, Level, MAX_WORDS, lot};
use crate::eligibility::{Reason, Removed};
use crate::error::InputError;
use crate::index::Index;
use crate::input::{
    Demand, DemandKey, FinalPhase, Input, LevelKind, MAX_MINUTES, OriginGroup, PeriodKey, Place, PlaceKey, School, SchoolKey, Standing,
    StandingGroup, Trainer, TrainerKey, UNKNOWN_MINUTES,
};
use crate::proposal::{Bottleneck, Explanation, Figures, Outcome, Placed, Price, Proof, Proposal};

/// Something that is wrong with a proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Violation {
    /// The snapshot itself is not valid.
    Input(InputError),
    /// The assignments are not exactly one per demand, sorted by key.
    Rows,
    /// The student is at a place that the snapshot does not have.
    UnknownPlace(DemandKey, PlaceKey),
    /// A hard rule forbids this pair.
    Forbidden(DemandKey, Reason),
    /// School, trainer, standing, wish rank or minutes of the outcome are not those of the snapshot.
    WrongFact(DemandKey),
    /// More students than the capacity allows: how many.
    Over(Bottleneck, u32),
    /// The levels, their packing or the form of the prices is not right.
    Packing,
    /// The value of the level is not what the assignments add up to.
    Objective(Level),
    /// Another place, or no place (`None`), would be cheaper for this student.
    NotBest(DemandKey, Option<PlaceKey>),
    /// The prices before and after this capacity disagree with its use.
    Slackness(Bottleneck),
    /// The prices at a school and its trainer, or behind a school, disagree with who is covered.
    Cover(SchoolKey, PeriodKey, Option<TrainerKey>),
    /// A price for outside guidance, though that cap crosses other caps.
    GuidanceCrosses,
    /// The proof claims more than the certificate shows.
    Proof,
    /// The explanation of this student states something that is not so.
    Explanation(DemandKey),
    /// The shortages do not add up.
    Shortage,
    /// The figures are not those of the assignments.
    Figures,
}

/// Checks a proposal against the snapshot it was made for.
pub fn verify(input: &Input, proposal: &Proposal) -> Result<(), Vec<Violation>> {
    if let Err(error) = Index::new(input) {
        return Err(vec![Violation::Input(error)]);
    }
    let mut check = Check::new(input, proposal);
    check.rows();
    if check.violations.is_empty() {
        check.packing();
    }
    if check.violations.is_empty() {
        check.assignments();
        check.capacities();
        check.optimality();
        check.proof();
        check.shortages();
    }
    if check.violations.is_empty() { Ok(()) } else { Err(check.violations) }
}

/// A packed cost, padded with zero words at the end.
type Words = [i128; MAX_WORDS];

/// A school or trainer in a period.
type InPeriod<K> = (K, PeriodKey);

struct Check<'a> {
    input: &'a Input,
    proposal: &'a Proposal,
    violations: Vec<Violation>,
    demands: HashMap<DemandKey, &'a Demand>,
    places: HashMap<PlaceKey, &'a Place>,
    in_period: HashMap<PeriodKey, Vec<&'a Place>>,
    schools: HashMap<SchoolKey, &'a School>,
    trainers: HashMap<TrainerKey, &'a Trainer>,
    standings: HashMap<StandingGroup, &'a [Standing]>,
    standing_column: HashMap<SchoolKey, usize>,
    travel: HashMap<OriginGroup, &'a [Option<u16>]>,
    travel_column: HashMap<SchoolKey, usize>,
    kept: HashSet<DemandKey>,
    used: BTreeMap<Bottleneck, u32>,
    at_site: HashMap<InPeriod<SchoolKey>, u32>,
    covered: HashMap<(InPeriod<SchoolKey>, TrainerKey), u32>,
    outside: u32,
}

fn column_of(schools: &[SchoolKey]) -> HashMap<SchoolKey, usize> {
    schools.iter().copied().zip(0..).collect()
}

impl<'a> Check<'a> {
    fn new(input: &'a Input, proposal: &'a Proposal) -> Self {
        let mut in_period: HashMap<PeriodKey, Vec<&Place>> = HashMap::new();
        for place in &input.places {
            in_period.entry(place.period).or_default().push(place);
        }
        let standings = input.standings.rows.iter();
        let travel = input.travel.rows.iter();
        Self {
            input,
            proposal,
            violations: Vec::new(),
            demands: input.demands.iter().map(|row| (row.key, row)).collect(),
            places: input.places.iter().map(|row| (row.key, row)).collect(),
            in_period,
            schools: input.schools.iter().map(|row| (row.key, row)).collect(),
            trainers: input.trainers.iter().map(|row| (row.key, row)).collect(),
            standings: standings.map(|row| (row.group, row.standings.as_slice())).collect(),
            standing_column: column_of(&input.standings.schools),
            travel: travel.map(|row| (row.origin, row.minutes.as_slice())).collect(),
            travel_column: column_of(&input.travel.schools),
            kept: proposal.certificate.kept_from_outside.iter().copied().collect(),
            used: BTreeMap::new(),
            at_site: HashMap::new(),
            covered: HashMap::new(),
            outside: 0,
        }
    }

    fn standing(&self, demand: &Demand, school: SchoolKey) -> Standing {
        let row = self.standings.get(&demand.standing_group);
        let column = self.standing_column.get(&school);
        let standing = row.zip(column).and_then(|(row, &column)| row.get(column));
        standing.copied().unwrap_or(Standing::Outside)
    }

    fn minutes(&self, demand: &Demand, school: SchoolKey) -> Option<u16> {
        let row = self.travel.get(&demand.origin?)?;
        *row.get(*self.travel_column.get(&school)?)?
    }

    /// The hard rules, in the words of the manual.
    fn broken_rules(&self, demand: &Demand, place: &Place) -> Vec<Reason> {
        let mut broken = Vec::new();
        if place.period != demand.period {
            broken.push(Reason::Period);
        }
        if !(place.phases.is_empty() || place.phases.contains(&demand.phase)) {
            broken.push(Reason::Phase);
        }
        let all_if_none = |mask: u8| if mask == 0 { 0xff } else { mask };
        if all_if_none(demand.groups.0) & all_if_none(place.groups.0) == 0 {
            broken.push(Reason::Groups);
        }
        if demand.weekdays.0 & place.weekdays.0 != demand.weekdays.0 {
            broken.push(Reason::Weekdays);
        }
        let limits = [demand.travel_limit, self.input.settings.travel_limit];
        if let Some(minutes) = self.minutes(demand, place.school)
            && limits.into_iter().flatten().any(|limit| minutes > limit)
        {
            broken.push(Reason::TravelLimit);
        }
        if demand.earlier_schools.contains(&place.school) {
            broken.push(Reason::EarlierSchool);
        }
        if demand.only_school.is_some() && demand.only_school != Some(place.school) {
            broken.push(Reason::FixedSchool);
        }
        broken
    }

    fn possible(&self, demand: &Demand, place: &Place) -> bool {
        self.broken_rules(demand, place).is_empty()
    }

    fn wish_rank(demand: &Demand, school: SchoolKey) -> Option<usize> {
        let position = demand.wishes.iter().position(|wish| wish.schools.contains(&school));
        position.map(|position| position + 1)
    }

    /// Value of one level for one student at one place or at none.
    fn value(&self, level: Level, demand: &Demand, place: Option<&Place>) -> i64 {
        let is_final = demand.final_phase == FinalPhase::Final;
        let Some(place) = place else {
            return match level {
                Level::FinalNotPlaced => i64::from(is_final),
                Level::NotPlaced => i64::from(!is_final),
                _ => 0,
            };
        };
        let standing = || self.standing(demand, place.school);
        let minutes = || self.minutes(demand, place.school).unwrap_or(UNKNOWN_MINUTES);
        let rank = || Self::wish_rank(demand, place.school);
        match level {
            Level::FinalNotPlaced | Level::NotPlaced => 0,
            Level::NotCovered => i64::from(standing() > Standing::Schil),
            Level::Ladder => standing() as i64,
            Level::NotListed => i64::from(!demand.wishes.is_empty() && rank().is_none()),
            Level::WishRank(wanted) => i64::from(rank() == Some(usize::from(wanted))),
            Level::TripsOver60 => i64::from(minutes() > 60),
            Level::TripsOver45 => i64::from(minutes() > 45),
            Level::Minutes => i64::from(minutes()),
            Level::Lot => self.schools.get(&place.school).map_or(0, |school| {
                let lot = lot(self.input.settings.seed, demand, school, place);
                i64::try_from(lot).unwrap_or(i64::MAX)
            }),
        }
    }

    fn cost(&self, demand: &Demand, place: Option<&Place>) -> Words {
        let mut cost = [0; MAX_WORDS];
        for packed in &self.proposal.certificate.levels {
            let value = self.value(packed.level, demand, place);
            cost[packed.word] += packed.weight * i128::from(value);
        }
        cost
    }

    fn rows(&mut self) {
        let rows = &self.proposal.assignments;
        let sorted = rows.is_sorted_by(|a, b| a.0 < b.0);
        let known = rows.iter().all(|row| self.demands.contains_key(&row.0));
        if !(sorted && known && rows.len() == self.demands.len()) {
            self.violations.push(Violation::Rows);
        }
    }

    /// The levels are those of the settings, and each weight exceeds all that comes below it.
    fn packing(&mut self) {
        let certificate = &self.proposal.certificate;
        let demands = &self.input.demands;
        let longest = demands.iter().map(|demand| demand.wishes.len()).max().unwrap_or(0);
        let mut expected = Vec::new();
        for kind in &self.input.settings.levels {
            match kind {
                LevelKind::NotPlaced => {
                    expected.extend([Level::FinalNotPlaced, Level::NotPlaced]);
                }
                LevelKind::NotCovered => expected.push(Level::NotCovered),
                LevelKind::Ladder => expected.push(Level::Ladder),
                LevelKind::Wishes => {
                    expected.extend((longest > 0).then_some(Level::NotListed));
                    let ranks = (2..=longest).rev().filter_map(|rank| u8::try_from(rank).ok());
                    expected.extend(ranks.map(Level::WishRank));
                }
                LevelKind::Travel => {
                    expected.extend([Level::TripsOver60, Level::TripsOver45, Level::Minutes]);
                }
                LevelKind::Lot => expected.push(Level::Lot),
            }
        }
        let reported = self.proposal.objective.iter().map(|row| row.0);
        let packed = certificate.levels.iter().map(|packed| packed.level);
        let mut good = certificate.words <= MAX_WORDS
            && reported.eq(expected.iter().copied())
            && packed.eq(expected.iter().copied())
            && certificate.levels.is_sorted_by_key(|packed| packed.word)
            && certificate.levels.iter().all(|packed| packed.word < certificate.words);
        let mut below = [0_i128; MAX_WORDS];
        for packed in certificate.levels.iter().rev() {
            let Some(below) = below.get_mut(packed.word) else {
                good = false;
                break;
            };
            let most = packed.weight.checked_mul(self.most(packed.level));
            good &= packed.weight > *below;
            match most.and_then(|most| below.checked_add(most)) {
                Some(sum) if sum < 1 << 124 => *below = sum,
                _ => good = false,
            }
        }
        let sizes = |price: &Price| {
            let small = |word: &i128| word.unsigned_abs() < 1 << 125;
            price.len() == certificate.words && price.iter().all(small)
        };
        let prices = certificate.places.iter().map(|row| &row.1);
        let prices = prices.chain(certificate.entrances.iter().map(|row| &row.1));
        let prices = prices.chain(certificate.insides.iter().map(|row| &row.1));
        let prices = prices.chain(certificate.trainers.iter().map(|row| &row.1));
        good &= prices.chain(&certificate.guidance).all(sizes);
        if !good {
            self.violations.push(Violation::Packing);
        }
    }

    /// The most a level can be over the whole round.
    fn most(&self, level: Level) -> i128 {
        let demands = self.input.demands.iter();
        let each = |demand: &Demand| -> i128 {
            match level {
                Level::FinalNotPlaced => (demand.final_phase == FinalPhase::Final).into(),
                Level::NotPlaced => (demand.final_phase != FinalPhase::Final).into(),
                Level::NotCovered | Level::TripsOver60 | Level::TripsOver45 => 1,
                Level::Ladder => 3,
                Level::NotListed => (!demand.wishes.is_empty()).into(),
                Level::WishRank(rank) => (demand.wishes.len() >= usize::from(rank)).into(),
                Level::Minutes => MAX_MINUTES.into(),
                Level::Lot => (1 << LOT_BITS) - 1,
            }
        };
        demands.map(each).sum()
    }

    /// Every outcome by itself, and what they add up to.
    fn assignments(&mut self) {
        let proposal = self.proposal;
        let mut objective = vec![0_i64; proposal.objective.len()];
        let mut figures = Figures {
            by_wish: vec![0; proposal.figures.by_wish.len()],
            pairs: proposal.figures.pairs,
            demands: count(self.input.demands.len()),
            offered: self.input.places.iter().map(|place| u64::from(place.count)).sum(),
            ..Figures::default()
        };
        for (key, outcome) in &proposal.assignments {
            let Some(&demand) = self.demands.get(key) else { continue };
            let place = match outcome {
                Outcome::Unplaced(explanation) => {
                    figures.unplaced += 1;
                    if !self.explains(demand, explanation, None) {
                        self.violations.push(Violation::Explanation(*key));
                    }
                    None
                }
                Outcome::Placed(placed) => {
                    let Some(&place) = self.places.get(&placed.place) else {
                        self.violations.push(Violation::UnknownPlace(*key, placed.place));
                        continue;
                    };
                    self.placed(demand, place, placed);
                    match placed.standing {
                        Standing::Kern => figures.kern += 1,
                        Standing::Schil => figures.schil += 1,
                        Standing::SchilUnmet => figures.schil_unmet += 1,
                        Standing::Outside => figures.outside += 1,
                    }
                    let slot = Self::wish_rank(demand, place.school).and_then(|rank| figures.by_wish.get_mut(rank - 1));
                    match slot {
                        Some(count) => *count += 1,
                        None => figures.not_listed += u32::from(!demand.wishes.is_empty()),
                    }
                    Some(place)
                }
            };
            for (sum, (level, _)) in objective.iter_mut().zip(&proposal.objective) {
                *sum += self.value(*level, demand, place);
            }
        }
        for (sum, (level, value)) in objective.iter().zip(&proposal.objective) {
            if sum != value {
                self.violations.push(Violation::Objective(*level));
            }
        }
        if figures != proposal.figures {
            self.violations.push(Violation::Figures);
        }
    }

    /// One placed student: allowed, told right, and counted against every capacity.
    fn placed(&mut self, demand: &Demand, place: &'a Place, placed: &Placed) {
        for reason in self.broken_rules(demand, place) {
            self.violations.push(Violation::Forbidden(demand.key, reason));
        }
        let standing = self.standing(demand, place.school);
        let crew = self.schools.get(&place.school).map_or(&[][..], |school| &school.trainers);
        let right_trainer = match placed.trainer {
            Some(trainer) => crew.contains(&trainer),
            None => crew.is_empty(),
        };
        let rank = placed.wish_rank.map(usize::from);
        let right = right_trainer
            && placed.school == place.school
            && placed.standing == standing
            && placed.minutes == self.minutes(demand, place.school)
            && rank == Self::wish_rank(demand, place.school)
            && placed.why_not_kern.is_none() == (standing == Standing::Kern)
            && !(standing == Standing::Outside && self.kept.contains(&demand.key));
        if !right {
            self.violations.push(Violation::WrongFact(demand.key));
        }
        let site = (place.school, place.period);
        *self.used.entry(Bottleneck::Place(place.key, place.count)).or_default() += 1;
        *self.at_site.entry(site).or_default() += 1;
        if let Some(total) = self.total(site) {
            *self.used.entry(total).or_default() += 1;
        }
        if let Some(trainer) = placed.trainer {
            *self.covered.entry((site, trainer)).or_default() += 1;
            let capacity = self.trainer_cap(trainer, place.period);
            *self.used.entry(capacity).or_default() += 1;
        }
        self.outside += u32::from(standing == Standing::Outside);
    }

    fn total(&self, (school, period): InPeriod<SchoolKey>) -> Option<Bottleneck> {
        let totals = &self.schools.get(&school)?.totals;
        let cap = totals.iter().find(|cap| cap.period == period)?.cap;
        Some(Bottleneck::SchoolTotal(school, period, cap))
    }

    /// A trainer in a period; without a cap the largest number stands for unlimited.
    fn trainer_cap(&self, trainer: TrainerKey, period: PeriodKey) -> Bottleneck {
        let caps = self.trainers.get(&trainer).map_or(&[][..], |row| &row.capacity);
        let cap = caps.iter().find(|cap| cap.period == period).map_or(u32::MAX, |cap| cap.cap);
        Bottleneck::Trainer(trainer, period, cap)
    }

    fn capacities(&mut self) {
        if let Some(cap) = self.input.settings.outside_cap {
            self.used.insert(Bottleneck::OutsideGuidance(cap), self.outside);
        }
        let over = self.used.iter().filter(|&(capacity, &used)| used > capacity.cap());
        let over: Vec<_> = over.map(|(&capacity, &used)| Violation::Over(capacity, used)).collect();
        self.violations.extend(over);
        let proposal = self.proposal;
        for (key, outcome) in &proposal.assignments {
            if let (Outcome::Placed(placed), Some(&demand)) = (outcome, self.demands.get(key))
                && let Some(explanation) = &placed.why_not_kern
                && !self.explains(demand, explanation, Some(Standing::Kern))
            {
                self.violations.push(Violation::Explanation(*key));
            }
            if let Outcome::Unplaced(Explanation::Full { bottlenecks, .. })
            | Outcome::Placed(Placed { why_not_kern: Some(Explanation::Full { bottlenecks, .. }), .. }) = outcome
                && !bottlenecks.iter().all(|&capacity| self.is_full(capacity))
            {
                self.violations.push(Violation::Explanation(*key));
            }
        }
    }

    /// True when the snapshot has this capacity and all of it is used.
    fn is_full(&self, capacity: Bottleneck) -> bool {
        let known = match capacity {
            Bottleneck::Place(key, cap) => self.places.get(&key).is_some_and(|place| place.count == cap),
            Bottleneck::SchoolTotal(school, period, _) => self.total((school, period)) == Some(capacity),
            Bottleneck::Trainer(trainer, period, cap) => cap != u32::MAX && self.trainer_cap(trainer, period) == capacity,
            Bottleneck::OutsideGuidance(cap) => self.input.settings.outside_cap == Some(cap),
        };
        known && self.used.get(&capacity).copied().unwrap_or(0) >= capacity.cap()
    }

    /// True when the counts of an explanation are right and fit its kind.
    fn explains(&self, demand: &Demand, given: &Explanation, only: Option<Standing>) -> bool {
        let (Explanation::NoCandidate { removed } | Explanation::Full { removed, .. } | Explanation::Outranked { removed }) = given;
        let mut nearest: BTreeMap<SchoolKey, (usize, u8)> = BTreeMap::new();
        for place in self.in_period.get(&demand.period).into_iter().flatten() {
            if only.is_some_and(|standing| self.standing(demand, place.school) != standing) {
                continue;
            }
            let broken = self.broken_rules(demand, place);
            let bits = broken.iter().map(|&reason| 1 << reason as u8).sum();
            let found = (broken.len(), bits);
            let entry = nearest.entry(place.school).or_insert(found);
            *entry = found.min(*entry);
        }
        let having = |reason: Reason| count(nearest.values().filter(|(_, bits)| bits & (1 << reason as u8) != 0).count());
        let recounted = Removed {
            considered: count(nearest.len()),
            possible: count(nearest.values().filter(|(broken, _)| *broken == 0).count()),
            phase: having(Reason::Phase),
            groups: having(Reason::Groups),
            weekdays: having(Reason::Weekdays),
            travel_limit: having(Reason::TravelLimit),
            earlier_school: having(Reason::EarlierSchool),
            fixed_school: having(Reason::FixedSchool),
        };
        let fits = match given {
            Explanation::NoCandidate { .. } => recounted.possible == 0,
            Explanation::Full { bottlenecks, .. } => recounted.possible > 0 && !bottlenecks.is_empty(),
            Explanation::Outranked { .. } => recounted.possible > 0 && only.is_some(),
        };
        fits && *removed == recounted
    }

    /// Complementary slackness on every pair and every capacity.
    fn optimality(&mut self) {
        let certificate = &self.proposal.certificate;
        let places = prices(&certificate.places);
        let entrances = prices(&certificate.entrances);
        let insides = prices(&certificate.insides);
        let trainers = prices(&certificate.trainers);
        let guidance = certificate.guidance.as_ref().map_or([0; MAX_WORDS], |price| words(price));
        let zero = [0; MAX_WORDS];
        let price = |prices: &HashMap<PlaceKey, Words>, key| *prices.get(&key).unwrap_or(&zero);

        // Every student is where it is cheapest.
        let mut violations = Vec::new();
        let mut sites: HashMap<InPeriod<SchoolKey>, [bool; 2]> = HashMap::new();
        let mut pairs = 0;
        for (key, outcome) in &self.proposal.assignments {
            let Some(&demand) = self.demands.get(key) else { continue };
            let place = match outcome {
                Outcome::Placed(placed) => self.places.get(&placed.place).copied(),
                Outcome::Unplaced(_) => None,
            };
            let total = |place: Option<&Place>| {
                let cost = self.cost(demand, place);
                place.map_or(cost, |place| plus(cost, price(&places, place.key)))
            };
            let here = total(place);
            if total(None) < here {
                violations.push(Violation::NotBest(*key, None));
            }
            for &other in self.in_period.get(&demand.period).into_iter().flatten() {
                if !self.possible(demand, other) {
                    continue;
                }
                let outside = self.standing(demand, other.school) == Standing::Outside;
                sites.entry((other.school, other.period)).or_default()[usize::from(outside)] = true;
                if outside && self.kept.contains(key) {
                    continue;
                }
                pairs += 1;
                if total(Some(other)) < here {
                    violations.push(Violation::NotBest(*key, Some(other.key)));
                }
            }
        }
        if pairs != self.proposal.figures.pairs {
            violations.push(Violation::Figures);
        }

        // Prices along the capacities: place, school total, trainer, outside guidance.
        let used = |capacity| self.used.get(&capacity).copied().unwrap_or(0);
        let mut slack = |capacity: Bottleneck, before: Words, after: Words| {
            let used = used(capacity);
            if (used < capacity.cap() && before > after) || (used > 0 && before < after) {
                violations.push(Violation::Slackness(capacity));
            }
        };
        let mut coaches: BTreeMap<InPeriod<TrainerKey>, [bool; 2]> = BTreeMap::new();
        let mut covers = Vec::new();
        let mut crosses = false;
        let mut seen = HashSet::new();
        let end = |visitors: [bool; 2]| if visitors[1] { guidance } else { zero };
        for place in &self.input.places {
            let site = (place.school, place.period);
            let entrance = *entrances.get(&site).unwrap_or(&zero);
            let capacity = Bottleneck::Place(place.key, place.count);
            slack(capacity, price(&places, place.key), entrance);
            if !seen.insert(site) {
                continue;
            }
            let inside = match self.total(site) {
                Some(total) => {
                    let inside = *insides.get(&site).unwrap_or(&zero);
                    slack(total, entrance, inside);
                    inside
                }
                None => entrance,
            };
            let visitors = sites.get(&site).copied().unwrap_or_default();
            crosses |= visitors == [true, true];
            let crew = self.schools.get(&place.school).map_or(&[][..], |school| &school.trainers);
            for &trainer in crew {
                let both = coaches.entry((trainer, place.period)).or_default();
                *both = [both[0] || visitors[0], both[1] || visitors[1]];
                let after = *trainers.get(&(trainer, place.period)).unwrap_or(&zero);
                let covered = self.covered.get(&(site, trainer)).copied().unwrap_or(0);
                covers.push((site, Some(trainer), covered, inside, after));
            }
            if crew.is_empty() {
                let here = self.at_site.get(&site).copied().unwrap_or(0);
                covers.push((site, None, here, inside, end(visitors)));
            }
        }
        for (&(trainer, period), &visitors) in &coaches {
            crosses |= visitors == [true, true];
            let before = *trainers.get(&(trainer, period)).unwrap_or(&zero);
            slack(self.trainer_cap(trainer, period), before, end(visitors));
        }
        match self.input.settings.outside_cap {
            // A cap that crosses is not priced, and only has to be kept.
            Some(_) if crosses && guidance == zero => {}
            Some(cap) => slack(Bottleneck::OutsideGuidance(cap), guidance, zero),
            None if guidance != zero => violations.push(Violation::Packing),
            None => {}
        }
        for ((school, period), trainer, covered, before, after) in covers {
            if before > after || (covered > 0 && before < after) {
                violations.push(Violation::Cover(school, period, trainer));
            }
        }
        if crosses && guidance != zero {
            violations.push(Violation::GuidanceCrosses);
        }
        self.violations.extend(violations);
    }

    /// The claim is no stronger than what was checked.
    fn proof(&mut self) {
        let kept_for_nothing = !self.kept.is_empty() && self.input.settings.outside_cap != Some(0);
        if self.proposal.proof == Proof::Optimal && kept_for_nothing {
            self.violations.push(Violation::Proof);
        }
    }

    fn shortages(&mut self) {
        let proposal = self.proposal;
        let mut short = 0;
        let mut good = true;
        for shortage in &proposal.shortages {
            short += u64::from(shortage.short);
            let crossing = proposal.proof != Proof::Optimal || !self.kept.is_empty();
            let room: u64 = shortage.capacities.iter().map(|&c| u64::from(c.cap())).sum();
            let closes = u64::from(shortage.students) == u64::from(shortage.short) + room;
            let by_phase: u64 = shortage.by_phase.iter().map(|row| u64::from(row.short)).sum();
            good &= (closes || crossing)
                && by_phase == u64::from(shortage.short)
                && shortage.capacities.iter().all(|&capacity| self.is_full(capacity));
        }
        if !good || short != u64::from(proposal.figures.unplaced) {
            self.violations.push(Violation::Shortage);
        }
    }
}

fn prices<K: Copy + Eq + std::hash::Hash>(rows: &[(K, Price)]) -> HashMap<K, Words> {
    rows.iter().map(|(key, price)| (*key, words(price))).collect()
}

fn words(price: &[i128]) -> Words {
    let mut words = [0; MAX_WORDS];
    for (word, &value) in words.iter_mut().zip(price) {
        *word = value;
    }
    words
}

fn plus(mut a: Words, b: Words) -> Words {
    for (a, b) in a.iter_mut().zip(b) {
        *a += b;
    }
    a
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
