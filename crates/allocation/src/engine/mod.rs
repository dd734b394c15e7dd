//! One run: read the snapshot, place everybody, explain, add up.

mod assemble;
mod problem;

use std::ops::ControlFlow;

use crate::cost::{MAX_WORDS, Packing};
use crate::crossing;
use crate::error::SolveError;
use crate::flow;
use crate::index::Index;
use crate::input::Input;
use crate::proposal::{Proof, Proposal};

pub(crate) use problem::Problem;

/// What a run is busy with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Placing students.
    Placing,
    /// Looking for the best way through capacities that cross, "nobody alone" and teams. `done`
    /// counts cases, of the most that will be looked at.
    Searching,
    /// Finding out why students have no place or no kern place.
    Explaining,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// Students done in this stage.
    pub done: usize,
    /// Students in all.
    pub total: usize,
}

/// How the caller wants a run to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Halt {
    /// No proposal is needed any more.
    Cancel,
    /// Stop improving: give the best proposal found so far, with its proof. Until there is one,
    /// the run goes on.
    Settle,
}

/// Asks the caller whether to go on.
pub(crate) type Report<'a> = &'a mut dyn FnMut(Progress) -> ControlFlow<Halt>;

/// Students between two calls of the progress function.
const REPORT_EVERY: usize = 64;

/// Allocates a round.
///
/// The answer depends on the rows of the snapshot only, not on their order, on the clock or on
/// anything else (but for a search that was told to settle). `progress` is called now and then;
/// see [`Halt`] for what it may answer.
pub fn solve(input: &Input, progress: &mut dyn FnMut(Progress) -> ControlFlow<Halt>) -> Result<Proposal, SolveError> {
    let index = Index::new(input)?;
    let packing = Packing::new(input)?;
    match packing.words {
        1 => run::<1>(index, packing, progress),
        2 => run::<2>(index, packing, progress),
        3..=4 => run::<4>(index, packing, progress),
        5..=8 => run::<8>(index, packing, progress),
        _ => run::<MAX_WORDS>(index, packing, progress),
    }
}

fn run<const W: usize>(index: Index<'_>, packing: Packing, progress: Report<'_>) -> Result<Proposal, SolveError> {
    let problem = Problem::<W>::new(index, packing)?;
    let total = problem.index.demands.len();
    let mut step = |done| tick(progress, Stage::Placing, done, total).is_ok();
    let flow = flow::solve(&problem.network, &problem.candidates, &problem.costs, None, &mut step).ok_or(SolveError::Cancelled)?;
    if problem.keeps_all(&flow) {
        let prices = problem.prices(&problem.network, &flow.prices, None, &[]);
        return assemble::proposal(&problem, &flow, Proof::Optimal, prices, Vec::new(), progress);
    }
    let Problem { index, packing, .. } = problem;
    let packing = packing.fine(index.input);
    let problem = Problem::<W>::new(index, packing)?;
    let found = crossing::search(&problem, progress)?;
    assemble::proposal(&problem, &found.plan, found.proof, found.prices, found.branches, progress)
}

/// Asks now and then whether to go on.
pub(crate) fn tick(progress: Report<'_>, stage: Stage, done: usize, total: usize) -> Result<(), SolveError> {
    if done.is_multiple_of(REPORT_EVERY) && progress(Progress { stage, done, total }) == ControlFlow::Break(Halt::Cancel) {
        return Err(SolveError::Cancelled);
    }
    Ok(())
}
