//! Minimum-cost flow in general, by the network simplex method.
//!
//! The engine does not use this: it is the second, different algorithm that its tests compare it
//! with, and what `examples/dimacs.rs` solves anybody's instances with. Arcs may have lower
//! bounds, negative costs and 64-bit capacities, may be parallel and may be loops; there may be
//! several sources and sinks. A cost is a list of words that compare from the left, so that a
//! lexicographic objective needs no weights.
//!
//! ```
//! use kernschil_allocation::mincost::{Answer, Arc, Problem, solve};
//!
//! let arc = |from, to, upper, cost| Arc { from, to, lower: 0, upper, cost: [cost] };
//! let problem = Problem { supplies: vec![4, 0, -4], arcs: vec![arc(0, 2, 3, 5), arc(0, 1, 9, 2), arc(1, 2, 2, 1)] };
//! let Ok(Answer::Optimal(optimum)) = solve(&problem) else { panic!("there is an optimum") };
//! assert_eq!(optimum.flows, [2, 2, 2]);
//! assert_eq!(optimum.value(&problem), Some([16]));
//! assert!(optimum.is_proven(&problem));
//! ```

pub mod dimacs;

mod number;
mod proof;
mod simplex;
mod tree;

use std::fmt;

use crate::cost::Cost;
pub(crate) use number::OfWords;
use simplex::{End, Simplex};

/// An upper bound that stands for no bound at all.
pub const UNLIMITED: i64 = i64::MAX;

/// One arc. Units flow from `from` to `to`, at least `lower` and at most `upper` of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arc<const W: usize = 1> {
    /// Number of the node where it starts, from 0.
    pub from: u32,
    /// Number of the node where it ends; the same node is allowed.
    pub to: u32,
    /// Least flow.
    pub lower: i64,
    /// Largest flow, or [`UNLIMITED`].
    pub upper: i64,
    /// Cost per unit, the most important word first.
    pub cost: [i128; W],
}

/// A network with what each node has too much (above zero) or too little (below zero).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problem<const W: usize = 1> {
    /// Supply of each node.
    pub supplies: Vec<i64>,
    /// The arcs.
    pub arcs: Vec<Arc<W>>,
}

/// What can be said of a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer<const W: usize = 1> {
    /// This is the least there is to pay.
    Optimal(Optimum<W>),
    /// No flow fits the supplies and the bounds, or the supplies do not add up to zero.
    Infeasible,
    /// A cycle of arcs without upper bound costs less than nothing, so there is no least cost.
    Unbounded,
}

/// A flow and its proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Optimum<const W: usize = 1> {
    /// Flow on each arc.
    pub flows: Vec<i128>,
    /// Potential of each node. No arc with room costs less than the potential at its end exceeds
    /// the one at its start, and none with more flow than it must have costs more.
    pub potentials: Vec<[i128; W]>,
}

/// Why a problem cannot be taken on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProblemError {
    /// The arc with this position names a node that is not there.
    NoSuchNode(usize),
    /// The lower bound of the arc with this position exceeds its upper bound.
    CrossedBounds(usize),
    /// Costs times the number of nodes would not fit in 128 bits.
    CostsTooLarge,
    /// More nodes or arcs than 32 bits can number.
    TooManyRows,
}

impl fmt::Display for ProblemError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchNode(arc) => write!(f, "arc {arc} names a node that is not there"),
            Self::CrossedBounds(arc) => write!(f, "the lower bound of arc {arc} exceeds its upper bound"),
            Self::CostsTooLarge => f.write_str("the costs are too large to add up"),
            Self::TooManyRows => f.write_str("there are too many nodes or arcs"),
        }
    }
}

impl std::error::Error for ProblemError {}

/// Largest sum of costs along a path for which 64-bit costs are used.
const SMALL_COSTS: i128 = 1 << 58;
/// Largest sum of costs along a path in a word.
const LARGE_COSTS: i128 = 1 << 122;
/// Largest sum of supplies and capacities for which 64-bit flows are used.
const SMALL_FLOWS: i128 = 1 << 61;

/// Finds a flow of least cost.
pub fn solve<const W: usize>(problem: &Problem<W>) -> Result<Answer<W>, ProblemError> {
    let costs = check(problem)?;
    if problem.supplies.iter().map(|&supply| i128::from(supply)).sum::<i128>() != 0 {
        return Ok(Answer::Infeasible);
    }
    let small = flow_bound(problem) < SMALL_FLOWS;
    Ok(match (W == 1 && costs < SMALL_COSTS, small) {
        (true, true) => run::<W, i64, i64>(problem),
        (true, false) => run::<W, i128, i64>(problem),
        (false, true) => run::<W, i64, Cost<W>>(problem),
        (false, false) => run::<W, i128, Cost<W>>(problem),
    })
}

fn run<const W: usize, Q: OfWords<1>, C: OfWords<W>>(problem: &Problem<W>) -> Answer<W> {
    let mut simplex = Simplex::<Q, C>::new(problem);
    match simplex.run() {
        End::Optimal => Answer::Optimal(Optimum { flows: simplex.flows(problem), potentials: simplex.potentials() }),
        End::Infeasible => Answer::Infeasible,
        End::Ray => {
            // The cycle says nothing about the supplies; those are tried without costs.
            let mut free = problem.clone();
            free.arcs.iter_mut().for_each(|arc| arc.cost = [0; W]);
            match Simplex::<Q, C>::new(&free).run() {
                End::Infeasible => Answer::Infeasible,
                End::Optimal | End::Ray => Answer::Unbounded,
            }
        }
    }
}

/// Checks the arcs; the largest cost a path can have in any word.
fn check<const W: usize>(problem: &Problem<W>) -> Result<i128, ProblemError> {
    let nodes = problem.supplies.len();
    let rows = nodes.checked_add(problem.arcs.len());
    if rows.and_then(|rows| u32::try_from(rows).ok()).is_none_or(|rows| rows == u32::MAX) {
        return Err(ProblemError::TooManyRows);
    }
    let mut largest = 0;
    for (number, arc) in problem.arcs.iter().enumerate() {
        if arc.from.max(arc.to) as usize >= nodes {
            return Err(ProblemError::NoSuchNode(number));
        }
        if arc.lower > arc.upper {
            return Err(ProblemError::CrossedBounds(number));
        }
        largest = arc.cost.iter().fold(largest, |largest, word| word.unsigned_abs().max(largest));
    }
    let costs = largest.checked_mul(nodes as u128 + 2).and_then(|costs| i128::try_from(costs).ok());
    costs.filter(|&costs| costs < LARGE_COSTS).ok_or(ProblemError::CostsTooLarge)
}

/// The sum of all supplies and bounds, which the flow on an arc without upper bound stays below.
fn flow_bound<const W: usize>(problem: &Problem<W>) -> i128 {
    let supplies = problem.supplies.iter().map(|&supply| i128::from(supply).abs());
    let bounds = problem.arcs.iter().map(|arc| {
        let upper = if arc.upper == UNLIMITED { 0 } else { i128::from(arc.upper).abs() };
        upper + i128::from(arc.lower).abs()
    });
    supplies.chain(bounds).sum()
}
