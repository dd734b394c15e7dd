//! Rounds of the size of the largest partnership that are more than a flow. Slow, and run with
//! `cargo test --release -p kernschil-allocation -- --ignored --nocapture partnership`.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use kernschil_allocation::{Halt, Input, Proof, Solved, TeamKey, solve, verify};

use crate::rounds::{Size, big, nobody_alone, with_big_boards};

/// After this a search is told to settle.
const PATIENCE: Duration = Duration::from_secs(10);

fn with_teams(mut input: Input, percent: usize) -> Input {
    let pairs = input.demands.len() * percent / 200;
    for (number, pair) in input.demands.chunks_mut(2).take(pairs).enumerate() {
        for demand in pair {
            demand.team = Some(TeamKey(number as u128));
        }
    }
    input
}

fn timed(name: &str, input: &Input) {
    let start = Instant::now();
    let mut cases = 0;
    let proposal = solve(input, &mut |progress| {
        if progress.stage == kernschil_allocation::Stage::Searching {
            cases = cases.max(progress.done);
        }
        if start.elapsed() > PATIENCE { ControlFlow::Break(Halt::Settle) } else { ControlFlow::Continue(()) }
    });
    let proposal = proposal.expect("a valid round");
    let solving = start.elapsed();
    let start = Instant::now();
    assert_eq!(verify(input, &proposal), Ok(()));
    let checking = start.elapsed();
    let start = Instant::now();
    let asked = Solved::new(input, &proposal).expect("a valid round");
    let building = start.elapsed();
    let start = Instant::now();
    input.demands.iter().take(100).for_each(|demand| drop(asked.why(demand.key)));
    let asking = start.elapsed() / 100;
    let proof = match proposal.proof {
        Proof::Optimal => "optimal".to_owned(),
        Proof::WithinBound { proven_levels, bound } => {
            let (level, value) = proposal.objective[proven_levels];
            format!("{proven_levels} of {} levels proven, {level:?} {value} at least {bound}", proposal.objective.len())
        }
    };
    let branches = proposal.certificate.branches.len();
    println!(
        "{name}: {solving:?}, {cases} flows, {branches} cases told, {proof}; check {checking:?}; questions {building:?} + {asking:?} each"
    );
}

#[test]
#[ignore = "slow"]
fn partnership_times_with_room_and_nobody_alone() {
    for percent in [130, 200] {
        let input = big(Size { percent, ..Size::partnership(30) }, 1);
        timed(&format!("nobody alone, room for {percent}%, 30"), &nobody_alone(input));
    }
}

#[test]
#[ignore = "slow"]
fn partnership_times() {
    for near in [30, 200] {
        let flow = big(Size::partnership(near), 1);
        timed(&format!("flow, {near} candidates"), &flow);
        for percent in [100, 97, 90] {
            timed(&format!("crossing boards at {percent}%, {near}"), &with_big_boards(flow.clone(), percent, 7));
        }
        timed(&format!("nobody alone, {near}"), &nobody_alone(flow.clone()));
        timed(&format!("5% in pairs, {near}"), &with_teams(flow.clone(), 5));
        let mut outside = flow.clone();
        outside.settings.outside_cap = Some(60);
        timed(&format!("60 outside, {near}"), &outside);
    }
}
