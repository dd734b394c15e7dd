//! How long a round of the largest partnership takes, explanations included.
//!
//! `cargo bench -p kernschil-allocation`. The country is slow and only runs with `--ignored`.

use std::ops::ControlFlow;

use divan::{Bencher, black_box};
use kernschil_allocation::{Input, Proposal, solve, verify};

#[path = "../tests/allocation/rounds.rs"]
mod rounds;

use rounds::{Size, big};

fn main() {
    divan::main();
}

fn run(input: &Input) -> Proposal {
    let proposal = solve(input, &mut |_| ControlFlow::Continue(()));
    proposal.unwrap_or_else(|error| panic!("{error}"))
}

/// 1,131 students and 200 schools, of which this many are near enough.
#[divan::bench(args = [30, 200])]
fn partnership(bencher: Bencher<'_, '_>, near: usize) {
    let input = big(Size::partnership(near), 1);
    bencher.bench_local(|| run(black_box(&input)));
}

/// The same with room for 1,250 students.
#[divan::bench(args = [30, 200])]
fn partnership_with_room(bencher: Bencher<'_, '_>, near: usize) {
    let input = big(Size { percent: 110, ..Size::partnership(near) }, 1);
    bencher.bench_local(|| run(black_box(&input)));
}

/// The independent check of the proof.
#[divan::bench(args = [30, 200])]
fn check(bencher: Bencher<'_, '_>, near: usize) {
    let input = big(Size::partnership(near), 1);
    let proposal = run(&input);
    bencher.bench_local(|| verify(black_box(&input), &proposal));
}

/// 30,000 students and 6,500 schools, 30 near enough.
#[divan::bench(sample_count = 3, ignore)]
fn country(bencher: Bencher<'_, '_>) {
    let input = big(Size::country(), 1);
    bencher.bench_local(|| run(black_box(&input)));
}
