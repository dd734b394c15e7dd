//! What the engine promises, tested from outside. The files read like the manual:
//! `optimum` (the best there is, compared with an oracle), `explanations` (every why is true),
//! `sameness` (row order, seed, more room), `proof` (the check refuses what was tampered with),
//! `networks` (another algorithm agrees), `guidance` (the cap on students outside), `why` (what a
//! question to a solved round is answered), `mutations` (changes lead to where solving again does),
//! `crossing` (rounds too large to try everything, with capacities that cross), `bytes` and `axioms`
//! (no bytes break any of it), `partnership` (how long large rounds take), `snapshots` (what is refused).

#![expect(clippy::expect_used, clippy::cast_possible_truncation, reason = "a test may stop, and its numbers are small")]

mod axioms;
mod bytes;
mod crossing;
mod explanations;
mod guidance;
mod model;
mod mutations;
mod networks;
mod optimum;
mod oracle;
mod partnership;
mod proof;
mod rounds;
mod sameness;
mod snapshots;
mod why;

use std::ops::ControlFlow;

use kernschil_allocation::{Input, Proposal, solve};

/// Solves a round that must be valid.
fn solved(input: &Input) -> Proposal {
    solve(input, &mut |_| ControlFlow::Continue(())).expect("a valid round")
}
