//! What the prices prove.

use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;

use crate::cost::MAX_WORDS;
use crate::input::{DemandKey, PeriodKey, SchoolKey, Standing, TrainerKey};
use crate::proposal::{Bottleneck, Branch, Choice, Outcome, Price, Prices, Proof, Subject, Way};

use super::{Check, InPeriod, Seeker, Spot, Violation, Words, plus, words};

const ZERO: Words = [0; MAX_WORDS];

/// The places that count for each student.
type Options<'b, 'a> = HashMap<DemandKey, Vec<&'b Spot<'a>>>;

/// Prices, ready to look up.
struct Tariff {
    capacities: HashMap<Bottleneck, Words>,
    schools: HashMap<InPeriod<SchoolKey>, Words>,
    /// What a student at a place pays for all capacities but outside guidance, by number.
    places: Vec<Words>,
    outside: Words,
}

impl Tariff {
    fn new(check: &Check<'_>, prices: &Prices, parts: &[Part<'_>]) -> Self {
        let capacities = prices.capacities.iter().map(|(capacity, price)| (*capacity, words(price))).collect();
        let schools = prices.schools.iter().map(|(site, price)| (*site, words(price))).collect();
        let mut tariff = Self { capacities, schools, places: Vec::new(), outside: ZERO };
        tariff.outside = check.input.settings.outside_cap.map_or(ZERO, |cap| tariff.of(Some(Bottleneck::OutsideGuidance(cap))));
        let sum = |place: &Spot<'_>| {
            let site = (place.school, place.period);
            let school = tariff.schools.get(&site).copied().unwrap_or(ZERO);
            let here = tariff.of(Some(Bottleneck::Place(place.key, place.count)));
            let crew = place.offered_by.map_or(&[][..], |school| &school.trainers);
            let trainer = crew.iter().map(|&trainer| {
                let whole = tariff.of(check.trainer_cap(trainer, place.period));
                let own = parts.iter().filter(|part| part.covers(trainer, place));
                own.fold(whole, |sum, part| if part.way == Way::Yes { plus(sum, part.price) } else { minus(sum, part.price) })
            });
            let trainer = trainer.min();
            [school, trainer.unwrap_or(ZERO), tariff.of(check.board_cap(site))].into_iter().fold(here, plus)
        };
        tariff.places = check.plain.spots.iter().map(sum).collect();
        tariff
    }

    fn of(&self, capacity: Option<Bottleneck>) -> Words {
        capacity.and_then(|capacity| self.capacities.get(&capacity)).copied().unwrap_or(ZERO)
    }
}

impl<'a> Check<'a> {
    /// What a student pays at a place, or at none.
    fn pays(&self, tariff: &Tariff, demand: &Seeker<'_>, place: Option<&Spot<'_>>) -> Words {
        let cost = self.cost(demand, place);
        let Some(place) = place else { return cost };
        let cost = plus(cost, tariff.places.get(place.number).copied().unwrap_or(ZERO));
        if demand.standing(place) == Standing::Outside { plus(cost, tariff.outside) } else { cost }
    }

    /// The claim is no stronger than what the certificate shows.
    pub(super) fn proof(&mut self) {
        let certificate = &self.proposal.certificate;
        let pairs = self.count_pairs();
        if pairs != self.proposal.figures.pairs {
            self.violations.push(Violation::Figures);
        }
        if self.proposal.proof == Proof::Optimal && certificate.branches.is_empty() {
            self.slackness();
            return;
        }
        if !certificate.branches.is_empty() {
            let cases: Vec<&[Choice]> = certificate.branches.iter().map(|branch| branch.choices.as_slice()).collect();
            if !are_all(cases) {
                self.violations.push(Violation::Cases);
                return;
            }
        }
        let everything = self.possible_places();
        let whole = Branch { choices: Vec::new(), parts: Vec::new(), prices: Prices::default() };
        let root = self.bound(&whole, &certificate.prices, &everything);
        let bounds = if certificate.branches.is_empty() {
            vec![root]
        } else {
            let useful = self.useful_places(root.as_ref(), everything);
            certificate.branches.iter().map(|branch| self.bound(branch, &branch.prices, &useful)).collect()
        };
        let lowest = bounds.into_iter().collect::<Option<Vec<Words>>>().and_then(|bounds| bounds.into_iter().min());
        let proven = lowest.is_some_and(|lowest| match self.proposal.proof {
            Proof::Optimal => lowest >= self.own_cost(),
            // What was left out of the cases may be as good as the proposal, which itself is one.
            Proof::WithinBound { proven_levels, bound } => self.reaches(lowest.min(self.own_cost()), proven_levels, bound),
        });
        if !proven {
            self.violations.push(Violation::Proof);
        }
    }

    fn possible_places(&self) -> Options<'_, 'a> {
        self.plain.seekers.iter().map(|demand| (demand.key, self.possible_for(demand).collect())).collect()
    }

    /// Leaves out the places that, for this student, only proposals have that are no better than
    /// this one: the bound of the whole round and what the student pays there more than at the
    /// cheapest reach its cost.
    fn useful_places<'b>(&self, root: Option<&Words>, mut options: Options<'b, 'a>) -> Options<'b, 'a> {
        let Some(&root) = root else { return options };
        let tariff = Tariff::new(self, &self.proposal.certificate.prices, &[]);
        let own = self.own_cost();
        for demand in &self.plain.seekers {
            let Some(places) = options.get_mut(&demand.key) else { continue };
            let none = self.pays(&tariff, demand, None);
            let least = places.iter().map(|place| self.pays(&tariff, demand, Some(place))).fold(none, Words::min);
            places.retain(|place| {
                let with = checked_plus(root, self.pays(&tariff, demand, Some(place))).and_then(|sum| minus_times(sum, least, 1));
                with.is_none_or(|with| with < own)
            });
        }
        options
    }

    fn count_pairs(&self) -> u64 {
        self.plain.seekers.iter().map(|demand| self.possible_for(demand).count() as u64).sum()
    }

    fn own_cost(&self) -> Words {
        self.packed(|level| self.proposal.objective.iter().find(|row| row.0 == level).map_or(0, |row| row.1))
    }

    /// Complementary slackness on every pair and every capacity.
    fn slackness(&mut self) {
        let tariff = Tariff::new(self, &self.proposal.certificate.prices, &[]);
        let mut violations = Vec::new();
        for (key, outcome) in &self.proposal.assignments {
            let Some(demand) = self.demands.get(key) else { continue };
            let (place, trainer) = match outcome {
                Outcome::Placed(placed) => (self.places.get(&placed.place), placed.trainer),
                Outcome::Unplaced(_) => (None, None),
            };
            let here = self.pays(&tariff, demand, place);
            if self.pays(&tariff, demand, None) < here {
                violations.push(Violation::NotBest(*key, None));
            }
            let better = self.possible_for(demand).filter(|other| self.pays(&tariff, demand, Some(other)) < here);
            violations.extend(better.map(|other| Violation::NotBest(*key, Some(other.key))));
            if let (Some(place), Some(trainer)) = (place, trainer) {
                let crew = self.schools.get(&place.school).map_or(&[][..], |school| &school.trainers);
                let price = |trainer: TrainerKey| tariff.of(self.trainer_cap(trainer, place.period));
                let cheaper = crew.iter().find(|&&other| price(other) < price(trainer));
                violations.extend(cheaper.map(|&other| Violation::NotBestTrainer(*key, other)));
            }
        }
        for (&capacity, &price) in &tariff.capacities {
            if price > ZERO && self.used(capacity) < capacity.cap() {
                violations.push(Violation::Slackness(capacity));
            }
        }
        for (&site, &room) in &self.room {
            let here = self.at_site.get(&site).copied().unwrap_or(0);
            let price = tariff.schools.get(&site).copied().unwrap_or(ZERO);
            let best = self.school_bound(site, price, 0..=room);
            if best.is_none() || best != self.school_pays(site, price, here) {
                violations.push(Violation::SchoolPrice(site.0, site.1));
            }
        }
        self.violations.extend(violations);
    }

    /// Costs of a school with this many students, less what they pay.
    fn school_pays(&self, site: InPeriod<SchoolKey>, price: Words, students: u32) -> Option<Words> {
        let cost = self.packed(|level| self.school_value(level, site, students));
        minus_times(cost, price, students)
    }

    /// The least of [`Self::school_pays`]. Costs are convex, so the slope tells where that is.
    fn school_bound(&self, site: InPeriod<SchoolKey>, price: Words, students: RangeInclusive<u32>) -> Option<Words> {
        let (mut low, mut high) = (*students.start(), *students.end());
        if low > high {
            return None;
        }
        let slope =
            |students: u32| self.packed(|level| self.school_value(level, site, students + 1) - self.school_value(level, site, students));
        while low < high {
            let middle = low + (high - low) / 2;
            if slope(middle) < price {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        self.school_pays(site, price, low)
    }

    /// A bound on the cost of every proposal in the case; `None` when numbers get too large.
    fn bound(&self, case: &Branch, prices: &Prices, options: &Options<'_, '_>) -> Option<Words> {
        let parts = Part::all(case);
        let tariff = Tariff::new(self, prices, &parts);
        let case = Case::new(case);
        let mut bound = self.packed(|level| self.value_elsewhere(level));
        for demand in &self.plain.seekers {
            let none = (!case.must_be_placed(demand)).then(|| self.pays(&tariff, demand, None));
            let places = options.get(&demand.key).into_iter().flatten();
            let possible = places.filter(|place| case.allows(demand, place));
            match possible.map(|place| self.pays(&tariff, demand, Some(place))).chain(none).min() {
                Some(least) => bound = checked_plus(bound, least)?,
                // Nobody can be in this case.
                None => return Some([i128::MAX; MAX_WORDS]),
            }
        }
        for (&capacity, &price) in &tariff.capacities {
            bound = minus_times(bound, price, capacity.cap())?;
        }
        for part in &parts {
            bound = match part.way {
                Way::Yes => minus_times(bound, part.price, part.most)?,
                Way::No => plus_times(bound, part.price, part.most.checked_add(1)?)?,
            };
        }
        for (&site, &room) in &self.room {
            let least = self.schools.get(&site.0).map_or(0, |school| school.least);
            let range = match case.open.get(&site) {
                None => 0..=room,
                Some(Way::No) => 0..=0,
                Some(Way::Yes) if least > room => return Some([i128::MAX; MAX_WORDS]),
                Some(Way::Yes) => least..=room,
            };
            let price = tariff.schools.get(&site).copied().unwrap_or(ZERO);
            bound = checked_plus(bound, self.school_bound(site, price, range)?)?;
        }
        Some(bound)
    }

    /// True when a cost of at least `bound` means: no better on the first levels than the proposal,
    /// and when as good on those, at least `least` on the next one.
    fn reaches(&self, bound: Words, mut proven: usize, mut least: i64) -> bool {
        let levels = &self.proposal.certificate.levels;
        let values: Vec<i64> = self.proposal.objective.iter().map(|row| row.1).collect();
        if proven >= levels.len() {
            return false;
        }
        while least <= 0 {
            let Some(before) = proven.checked_sub(1) else { return true };
            (proven, least) = (before, values[before]);
        }
        // The largest cost of anything that would be better than that.
        let mut better = ZERO;
        for (number, packed) in levels.iter().enumerate() {
            let value = match number.cmp(&proven) {
                std::cmp::Ordering::Less => i128::from(values[number]),
                std::cmp::Ordering::Equal => i128::from(least) - 1,
                std::cmp::Ordering::Greater => self.most(packed.level),
            };
            let Some(part) = value.checked_mul(packed.weight) else { return false };
            let Some(sum) = better[packed.word].checked_add(part) else { return false };
            better[packed.word] = sum;
        }
        bound > better
    }
}

/// A limit on a part of a trainer, with its price.
struct Part<'a> {
    trainer: TrainerKey,
    period: PeriodKey,
    schools: &'a [SchoolKey],
    most: u32,
    way: Way,
    price: Words,
}

impl<'a> Part<'a> {
    fn all(branch: &'a Branch) -> Vec<Self> {
        let part = |(at, price): &(usize, Price)| {
            let choice = branch.choices.get(*at)?;
            let Subject::Part(trainer, period, schools, most) = &choice.subject else { return None };
            Some(Self { trainer: *trainer, period: *period, schools, most: *most, way: choice.way, price: words(price) })
        };
        branch.parts.iter().filter_map(part).collect()
    }

    fn covers(&self, trainer: TrainerKey, place: &Spot<'_>) -> bool {
        self.trainer == trainer && self.period == place.period && self.schools.contains(&place.school)
    }
}

/// A case of the search, ready to look up.
struct Case<'a> {
    choices: &'a [Choice],
    open: HashMap<InPeriod<SchoolKey>, Way>,
    placed: HashSet<DemandKey>,
}

impl<'a> Case<'a> {
    fn new(branch: &'a Branch) -> Self {
        let mut case = Self { choices: &branch.choices, open: HashMap::new(), placed: HashSet::new() };
        for choice in &branch.choices {
            match (&choice.subject, choice.way) {
                (Subject::Open(school, period), way) => {
                    case.open.insert((*school, *period), way);
                }
                (Subject::OutsideSchool(demand), Way::Yes) => {
                    case.placed.insert(*demand);
                }
                _ => {}
            }
        }
        case
    }

    fn must_be_placed(&self, demand: &Seeker<'_>) -> bool {
        self.placed.contains(&demand.key)
    }

    fn allows(&self, demand: &Seeker<'_>, place: &Spot<'_>) -> bool {
        if self.open.get(&(place.school, place.period)) == Some(&Way::No) {
            return false;
        }
        self.choices.iter().all(|choice| {
            let holds = match &choice.subject {
                Subject::Open(..) | Subject::Part(..) => return true,
                Subject::TeamAt(team, _) if demand.team != Some(*team) => return true,
                Subject::OutsideSchool(key) if demand.key != *key => return true,
                Subject::TeamAt(_, school) => place.school == *school,
                Subject::OutsideSchool(_) => demand.standing(place) == Standing::Outside,
            };
            holds == (choice.way == Way::Yes)
        })
    }
}

/// True when the cases are all there are: they fall apart in the two ways of one choice, each of
/// those again, until one is left that has no more choices.
fn are_all(cases: Vec<&[Choice]>) -> bool {
    let mut open = vec![(0, cases)];
    while let Some((depth, cases)) = open.pop() {
        if let [only] = cases.as_slice()
            && only.len() == depth
        {
            continue;
        }
        let Some(first) = cases.first().and_then(|case| case.get(depth)) else { return false };
        let sides = [Way::Yes, Way::No].map(|way| -> Vec<&[Choice]> {
            let choice = Choice { subject: first.subject.clone(), way };
            cases.iter().copied().filter(|case| case.get(depth) == Some(&choice)).collect()
        });
        let [yes, no] = &sides;
        if yes.is_empty() || no.is_empty() || yes.len() + no.len() != cases.len() {
            return false;
        }
        open.extend(sides.map(|side| (depth + 1, side)));
    }
    true
}

fn checked_plus(mut a: Words, b: Words) -> Option<Words> {
    for (a, b) in a.iter_mut().zip(b) {
        *a = a.checked_add(b)?;
    }
    Some(a)
}

fn minus(mut a: Words, b: Words) -> Words {
    for (a, b) in a.iter_mut().zip(b) {
        *a -= b;
    }
    a
}

fn plus_times(a: Words, price: Words, times: u32) -> Option<Words> {
    minus_times(a, minus(ZERO, price), times)
}

fn minus_times(mut a: Words, price: Words, times: u32) -> Option<Words> {
    for (a, price) in a.iter_mut().zip(price) {
        *a = a.checked_sub(price.checked_mul(times.into())?)?;
    }
    Some(a)
}
