//! The independent check of a proposal.
//!
//! Nothing of the solver is used: the rules, the level values and the capacities are worked out
//! again from the snapshot, in the plainest way. What is proven:
//!
//! - the proposal keeps every hard rule, capacity, "nobody alone" and team, and counts right;
//! - no proposal costs less than the bound that follows from the prices of the certificate (weak
//!   duality: it holds for any prices whatever, however they were found). Where the search looked at
//!   cases, the cases are checked to be all there are, and each has its own bound; pairs that by the
//!   bound of the whole round only proposals have that are no better are left out of them;
//! - for [`Proof::Optimal`] the bound is the cost of the proposal. Without cases that is checked as
//!   complementary slackness, student by student and capacity by capacity;
//! - for [`Proof::WithinBound`] the bound reaches what is claimed.
//!
//! The packing of the levels makes "costs no less" mean: is no better on any level without being
//! worse on a higher one.
//!
//! Not checked: that explanations name a smallest set (what they count, and that each named capacity
//! is full, is checked), that a stopped search claims all it could, and [`Proposal::crossing`].

mod bound;
mod explanations;
mod outcomes;
mod packing;
mod plain;
mod rules;

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::cost::{Level, MAX_WORDS};
use crate::eligibility::Reason;
use crate::error::InputError;
use crate::index::Index;
use crate::input::{Board, BoardKey, DemandKey, Input, PeriodKey, PlaceKey, School, SchoolKey, TeamKey, Trainer, TrainerKey};
use crate::proposal::{Bottleneck, Price, Proposal};

use plain::{Plain, Seeker, Spot};

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
    /// Fewer students than the school takes at least, but not none: how many.
    Alone(SchoolKey, PeriodKey, u32),
    /// Members of the team are at different schools.
    Apart(TeamKey),
    /// The levels, their packing or the form of the prices is not right.
    Packing,
    /// The value of the level is not what the assignments add up to.
    Objective(Level),
    /// Another place, or no place (`None`), would be cheaper for this student.
    NotBest(DemandKey, Option<PlaceKey>),
    /// Another trainer would be cheaper for this student.
    NotBestTrainer(DemandKey, TrainerKey),
    /// The capacity has a price, and room.
    Slackness(Bottleneck),
    /// At its price the school would take another number of students.
    SchoolPrice(SchoolKey, PeriodKey),
    /// The cases of the search are not all there are.
    Cases,
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
        check.together();
        check.explanations();
        check.proof();
        check.shortages();
    }
    if check.violations.is_empty() { Ok(()) } else { Err(check.violations) }
}

/// A packed cost, padded with zero words at the end.
type Words = [i128; MAX_WORDS];

/// A school, trainer or board in a period.
type InPeriod<K> = (K, PeriodKey);

struct Check<'a> {
    input: &'a Input,
    proposal: &'a Proposal,
    violations: Vec<Violation>,
    plain: Plain<'a>,
    /// The hard rules.
    hard: Vec<Reason>,
    demands: HashMap<DemandKey, Seeker<'a>>,
    places: HashMap<PlaceKey, Spot<'a>>,
    /// What the places of a school in a period add up to, at most its total.
    room: BTreeMap<InPeriod<SchoolKey>, u32>,
    schools: HashMap<SchoolKey, &'a School>,
    trainers: HashMap<TrainerKey, &'a Trainer>,
    boards: HashMap<BoardKey, &'a Board>,
    used: BTreeMap<Bottleneck, u32>,
    at_site: BTreeMap<InPeriod<SchoolKey>, u32>,
    outside: u32,
}

impl<'a> Check<'a> {
    fn new(input: &'a Input, proposal: &'a Proposal) -> Self {
        let mut offered: BTreeMap<InPeriod<SchoolKey>, u64> = BTreeMap::new();
        for place in &input.places {
            *offered.entry((place.school, place.period)).or_default() += u64::from(place.count);
        }
        let plain = Plain::new(input);
        let always = [Reason::Period, Reason::Excluded, Reason::Pinned, Reason::Reserved];
        let hard = |reason: &Reason| always.contains(reason) || input.settings.hard.contains(*reason);
        let mut check = Self {
            input,
            proposal,
            violations: Vec::new(),
            hard: Reason::ALL.into_iter().filter(hard).collect(),
            demands: plain.seekers.iter().map(|seeker| (seeker.key, *seeker)).collect(),
            places: plain.spots.iter().map(|spot| (spot.key, *spot)).collect(),
            plain,
            room: BTreeMap::new(),
            schools: input.schools.iter().map(|row| (row.key, row)).collect(),
            trainers: input.trainers.iter().map(|row| (row.key, row)).collect(),
            boards: input.boards.iter().map(|row| (row.key, row)).collect(),
            used: BTreeMap::new(),
            at_site: BTreeMap::new(),
            outside: 0,
        };
        let room = |(&site, &offered): (&InPeriod<SchoolKey>, &u64)| {
            let total = check.total(site).map_or(u64::MAX, |total| total.cap().into());
            (site, u32::try_from(offered.min(total)).unwrap_or(u32::MAX - 1))
        };
        check.room = offered.iter().map(room).collect();
        check
    }

    fn rows(&mut self) {
        let rows = &self.proposal.assignments;
        let sorted = rows.is_sorted_by(|a, b| a.0 < b.0);
        let known = rows.iter().all(|row| self.demands.contains_key(&row.0));
        if !(sorted && known && rows.len() == self.demands.len()) {
            self.violations.push(Violation::Rows);
        }
    }

    fn total(&self, (school, period): InPeriod<SchoolKey>) -> Option<Bottleneck> {
        let totals = &self.schools.get(&school)?.totals;
        let cap = totals.iter().find(|cap| cap.period == period)?.cap;
        Some(Bottleneck::SchoolTotal(school, period, cap))
    }

    /// A trainer in a period; `None` without a cap.
    fn trainer_cap(&self, trainer: TrainerKey, period: PeriodKey) -> Option<Bottleneck> {
        let caps = &self.trainers.get(&trainer)?.capacity;
        let cap = caps.iter().find(|cap| cap.period == period)?.cap;
        Some(Bottleneck::Trainer(trainer, period, cap))
    }

    /// The total of the board of a school in a period; `None` without.
    fn board_cap(&self, (school, period): InPeriod<SchoolKey>) -> Option<Bottleneck> {
        let board = self.boards.get(&self.schools.get(&school)?.board?)?;
        let cap = board.totals.iter().find(|cap| cap.period == period)?.cap;
        Some(Bottleneck::Board(board.key, period, cap))
    }

    /// True when the snapshot has this capacity.
    fn is_known(&self, capacity: Bottleneck) -> bool {
        match capacity {
            Bottleneck::Place(key, cap) => self.places.get(&key).is_some_and(|place| place.count == cap),
            Bottleneck::SchoolTotal(school, period, _) => self.total((school, period)) == Some(capacity),
            Bottleneck::Trainer(trainer, period, _) => self.trainer_cap(trainer, period) == Some(capacity),
            Bottleneck::Board(key, period, cap) => {
                self.boards.get(&key).is_some_and(|board| board.totals.iter().any(|total| total.period == period && total.cap == cap))
            }
            Bottleneck::OutsideGuidance(cap) => self.input.settings.outside_cap == Some(cap),
        }
    }

    fn used(&self, capacity: Bottleneck) -> u32 {
        self.used.get(&capacity).copied().unwrap_or(0)
    }

    /// True when the snapshot has this capacity and all of it is used.
    fn is_full(&self, capacity: Bottleneck) -> bool {
        self.is_known(capacity) && self.used(capacity) >= capacity.cap()
    }
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

fn is_small(price: &Price) -> bool {
    price.iter().all(|word| word.unsigned_abs() < 1 << 120)
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
