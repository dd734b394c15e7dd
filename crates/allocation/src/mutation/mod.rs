//! A solved round that is kept, and solved again after each change with the fewest steps.
//!
//! The plan and its prices stay as they are; a change puts a few nodes of the network out of balance,
//! and shortest paths in whole costs, all levels at once, bring those back ([`walk`]). What is looked
//! at grows with what has to move, not with the round. Words are as wide as can be, which makes a step
//! cheap; the first plan comes from narrow ones ([`draft`]). The plan is the one that [`solve`] gives for
//! the changed snapshot: the optimum is unique.
//!
//! [`solve`]: crate::solve

mod draft;
mod state;
#[cfg(test)]
mod tests;
mod walk;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::cost::{MAX_WORDS, Packing};
use crate::engine::Problem;
use crate::error::{InputError, Row};
use crate::flow::{self, NONE};
use crate::index::{Index, cap_in};
use crate::input::{DemandKey, Input, MAX_COUNT, PeriodKey, PlaceKey, SchoolKey, TrainerKey};

use draft::Draft;
use state::State;

/// Something that turned out otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// The place now is for so many students.
    Place(PlaceKey, u32),
    /// The total of the school in the period, which had one, now is this.
    SchoolTotal(SchoolKey, PeriodKey, u32),
    /// The capacity of the trainer in the period, who had one, now is this.
    Trainer(TrainerKey, PeriodKey, u32),
    /// The demand is no longer there.
    Leaves(DemandKey),
    /// The demand that had left is there again, as it was.
    Returns(DemandKey),
}

/// A student who is elsewhere after a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// The demand.
    pub demand: DemandKey,
    /// The place before; `None` without one.
    pub from: Option<PlaceKey>,
    /// The place now; `None` without one.
    pub to: Option<PlaceKey>,
}

/// Why a change was not made. The round is as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// The changed snapshot would not be valid.
    Input(InputError),
    /// The round has no such row, or it has no cap in the period that can change.
    Unknown(Row),
    /// Rules that are no capacity (see [`Proposal::crossing`](crate::Proposal::crossing)) would be
    /// broken: the changed snapshot has to be solved anew.
    MoreThanAFlow,
}

impl From<InputError> for Refusal {
    fn from(error: InputError) -> Self {
        Self::Input(error)
    }
}

/// A solved round that takes changes.
pub struct Prepared<'a> {
    round: Box<dyn Round + Send + Sync + 'a>,
}

impl<'a> Prepared<'a> {
    /// Solves the round and keeps it.
    pub fn new(input: &'a Input) -> Result<Self, Refusal> {
        let index = Index::new(input)?;
        // The fewer words, the cheaper a step.
        let packing = Packing::wide(input);
        let round: Box<dyn Round + Send + Sync + 'a> = match packing.words {
            1 => Box::new(Kept::<1>::new(index, packing)?),
            2 => Box::new(Kept::<2>::new(index, packing)?),
            3..=4 => Box::new(Kept::<4>::new(index, packing)?),
            5..=MAX_WORDS => Box::new(Kept::<MAX_WORDS>::new(index, packing)?),
            _ => return Err(InputError::ObjectiveTooLarge.into()),
        };
        Ok(Self { round })
    }

    /// Makes all changes, one after another, or none. Tells who is elsewhere, sorted by demand; a
    /// demand that leaves or returns is told of if it had or gets a place.
    pub fn change(&mut self, changes: &[Change]) -> Result<Vec<Moved>, Refusal> {
        self.round.change(changes)
    }

    /// Where the student is now; `None` without a place and for an unknown demand.
    pub fn place_of(&self, demand: DemandKey) -> Option<PlaceKey> {
        self.round.place_of(demand)
    }
}

trait Round {
    fn change(&mut self, changes: &[Change]) -> Result<Vec<Moved>, Refusal>;
    fn place_of(&self, demand: DemandKey) -> Option<PlaceKey>;
}

/// A round with costs of `W` words.
struct Kept<'a, const W: usize> {
    state: State<'a, W>,
    demands: HashMap<DemandKey, u32>,
    schools: HashMap<SchoolKey, usize>,
}

impl<'a, const W: usize> Kept<'a, W> {
    fn new(index: Index<'a>, packing: Packing) -> Result<Self, Refusal> {
        let demands = (0..).zip(&index.demands).map(|(number, demand)| (demand.key, number)).collect();
        let schools = index.schools.iter().enumerate().map(|(number, school)| (school.key, number)).collect();
        let problem = Problem::<W>::new(index, packing)?;
        let start = Draft::new(problem.index.input)?.map(|draft| draft.in_packing(&problem.packing));
        let flow = flow::solve(&problem.network, &problem.candidates, &problem.costs, start, |_| true).ok_or(Refusal::MoreThanAFlow)?;
        if !problem.keeps_all(&flow) {
            return Err(Refusal::MoreThanAFlow);
        }
        Ok(Self { state: State::new(problem, flow), demands, schools })
    }

    /// Makes one change and tells which one undoes it.
    fn make(&mut self, change: Change) -> Result<Change, Refusal> {
        let count = |row, count| if count > MAX_COUNT { Err(InputError::CountTooLarge(row, count)) } else { Ok(()) };
        match change {
            Change::Place(key, new) => {
                let row = Row::Place(key);
                count(row, new)?;
                let place = self.state.problem.index.place_number(key).ok_or(Refusal::Unknown(row))?;
                let old = self.state.place_count(place);
                self.state.set_place(place, new);
                Ok(Change::Place(key, old))
            }
            Change::SchoolTotal(key, period, new) => {
                let row = Row::School(key);
                count(row, new)?;
                let school = *self.schools.get(&key).ok_or(Refusal::Unknown(row))?;
                let facts = self.state.problem.index.schools[school];
                cap_in(&facts.totals, period).ok_or(Refusal::Unknown(row))?;
                if cap_in(&facts.minimum, period).is_some_and(|minimum| minimum > new) {
                    return Err(InputError::MinimumAboveTotal(key, period).into());
                }
                let site = self.state.site(school, period).ok_or(Refusal::Unknown(row))?;
                let old = self.state.total(site).ok_or(Refusal::Unknown(row))?;
                self.state.set_total(site, new);
                Ok(Change::SchoolTotal(key, period, old))
            }
            Change::Trainer(key, period, new) => {
                let row = Row::Trainer(key);
                count(row, new)?;
                let trainer = *self.state.problem.index.trainer_number.get(&key).ok_or(Refusal::Unknown(row))?;
                let old = self.state.trainer_cap(trainer, period).ok_or(Refusal::Unknown(row))?;
                self.state.set_trainer(trainer, period, new);
                Ok(Change::Trainer(key, period, old))
            }
            Change::Leaves(key) => {
                let demand = self.number(key)?;
                if !self.state.send_away(demand) {
                    return Err(Refusal::Unknown(Row::Demand(key)));
                }
                Ok(Change::Returns(key))
            }
            Change::Returns(key) => {
                let demand = self.number(key)?;
                if !self.state.take_in(demand) {
                    return Err(Refusal::Unknown(Row::Demand(key)));
                }
                Ok(Change::Leaves(key))
            }
        }
    }

    fn number(&self, demand: DemandKey) -> Result<u32, Refusal> {
        self.demands.get(&demand).copied().ok_or(Refusal::Unknown(Row::Demand(demand)))
    }

    fn make_all(&mut self, changes: &[Change], undo: &mut Vec<Change>) -> Result<(), Refusal> {
        for &change in changes {
            undo.push(self.make(change)?);
        }
        self.state.check_least()?;
        if self.state.problem.keeps_all(&self.state.flow) { Ok(()) } else { Err(Refusal::MoreThanAFlow) }
    }

    fn place(&self, choice: u32) -> Option<PlaceKey> {
        let arc = self.state.problem.candidates.arcs.get(choice as usize)?;
        Some(self.state.problem.index.places[arc.place as usize].key)
    }
}

impl<const W: usize> Round for Kept<'_, W> {
    fn change(&mut self, changes: &[Change]) -> Result<Vec<Moved>, Refusal> {
        let mut undo = Vec::with_capacity(changes.len());
        let made = self.make_all(changes, &mut undo);
        if made.is_err() {
            for change in undo.into_iter().rev() {
                self.make(change)?;
            }
        }
        let touched = self.state.take_touched();
        made?;
        let mut moved: Vec<Moved> = touched
            .into_iter()
            .filter(|&(demand, before)| self.state.flow.choice[demand as usize] != before)
            .map(|(demand, before)| Moved {
                demand: self.state.problem.index.demands[demand as usize].key,
                from: self.place(before),
                to: self.place(self.state.flow.choice[demand as usize]),
            })
            .collect();
        moved.sort_unstable_by_key(|row| row.demand);
        Ok(moved)
    }

    fn place_of(&self, demand: DemandKey) -> Option<PlaceKey> {
        let number = self.demands.get(&demand)?;
        self.place(self.state.flow.choice.get(*number as usize).copied().unwrap_or(NONE))
    }
}
