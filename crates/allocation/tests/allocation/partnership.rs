//! Rounds of the size of the largest partnership that are more than a flow. How long they take is measured in
//! `benches/allocation.rs`; here is how far they are proven.

use std::ops::ControlFlow;

use kernschil_allocation::{Halt, Input, Proof, Proposal, Stage, TeamKey, solve, verify};

use crate::rounds::{Size, big, nobody_alone, with_big_boards};

/// After so many flows a search is told to settle.
const PATIENCE: usize = 100;

fn flow() -> Input {
    big(Size::partnership(30), 1)
}

fn with_teams(mut input: Input, percent: usize) -> Input {
    let pairs = input.demands.len() * percent / 200;
    for (number, pair) in input.demands.chunks_mut(2).take(pairs).enumerate() {
        for demand in pair {
            demand.team = Some(TeamKey(number as u128));
        }
    }
    input
}

fn solved(input: &Input) -> Proposal {
    let proposal = solve(input, &mut |progress| {
        let enough = progress.stage == Stage::Searching && progress.done > PATIENCE;
        if enough { ControlFlow::Break(Halt::Settle) } else { ControlFlow::Continue(()) }
    });
    let proposal = proposal.expect("a valid round");
    assert_eq!(verify(input, &proposal), Ok(()));
    proposal
}

fn is_proven(name: &str, input: &Input) {
    let proposal = solved(input);
    assert!(matches!(proposal.proof, Proof::Optimal), "{name}: {:?}", proposal.proof);
}

#[test]
fn board_totals_that_cross_are_proven_at_every_level() {
    for percent in [100, 97, 90] {
        is_proven(&format!("{percent}%"), &with_big_boards(flow(), percent, 7));
    }
}

#[test]
fn nobody_alone_is_proven_at_every_level_also_with_room() {
    is_proven("full", &nobody_alone(flow()));
    for percent in [130, 200] {
        is_proven(&format!("{percent}%"), &nobody_alone(big(Size { percent, ..Size::partnership(30) }, 1)));
    }
}

#[test]
fn a_cap_on_guidance_outside_is_proven_at_every_level() {
    let mut outside = flow();
    outside.settings.outside_cap = Some(60);
    is_proven("60 outside", &outside);
}

#[test]
fn many_pairs_are_kept_together_and_it_is_said_how_far_that_is_proven() {
    let input = with_teams(flow(), 5);
    let proposal = solved(&input);
    let Proof::WithinBound { proven_levels, bound } = proposal.proof else { return };
    let (_, value) = proposal.objective[proven_levels];
    assert!(bound <= value, "{bound} is no bound of {value}");
}
