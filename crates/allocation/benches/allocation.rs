//! How long rounds of the largest partnership and of the country take.
//!
//! `cargo bench -p kernschil-allocation`. The country is slow and only runs with `--ignored`.
//!
//! Measured with the examples `allocate` and `mutations` on two shared cores, in milliseconds:
//!
//! | | partnership, 30 near | partnership, 200 near | country, 30 near |
//! |---|---|---|---|
//! | the plan | 20 | 121 | 4,900 |
//! | with reasons and proof | 22 | 127 | 6,000 |
//! | the check | 15 | 46 | 4,200 |
//! | a change: median | 0.02 | 0.08 | 0.28 |
//! | a change: 95 in 100 | 0.2 | 1.9 | 12 |
//! | a change: the slowest of 400 | 1.2 | 4.5 | 44 to 51 |
//!
//! Preparing a round for changes takes about twice the plan for a partnership, 6,900 for the country.
//! With room for 1,250 and 30 near: nobody alone 260, all levels proven (in a minute `HiGHS` proves 3
//! of 10 and CP-SAT 2, the same values). Totals of boards that cross trainers 600, all levels proven.

use std::ops::ControlFlow;

use divan::{Bencher, black_box};
use kernschil_allocation::{Change, Input, Prepared, Proposal, Solved, solve, verify};

#[path = "../tests/allocation/rounds.rs"]
mod rounds;

use rounds::{Size, big, nobody_alone, with_big_boards};

fn main() {
    divan::main();
}

fn run(input: &Input) -> Proposal {
    let proposal = solve(input, &mut |_| ControlFlow::Continue(()));
    proposal.unwrap_or_else(|error| panic!("{error}"))
}

/// A place that is withdrawn and given back, another one each time.
fn withdraw(bencher: Bencher<'_, '_>, input: &Input) {
    let mut prepared = Prepared::new(input).unwrap_or_else(|refusal| panic!("{refusal:?}"));
    let mut places = input.places.iter().cycle().step_by(97);
    bencher.bench_local(|| {
        let place = places.next();
        let counts = place.into_iter().flat_map(|place| [0, place.count].map(|count| Change::Place(place.key, count)));
        counts.map(|change| prepared.change(&[change]).map_or(0, |moved| moved.len())).sum::<usize>()
    });
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

/// The same with totals of boards that cross trainers.
#[divan::bench(sample_count = 3)]
fn partnership_crossing(bencher: Bencher<'_, '_>) {
    let input = with_big_boards(big(Size { percent: 110, ..Size::partnership(30) }, 1), 97, 7);
    bencher.bench_local(|| run(black_box(&input)));
}

/// The same with nobody alone at a school.
#[divan::bench(sample_count = 3)]
fn partnership_nobody_alone(bencher: Bencher<'_, '_>) {
    let input = nobody_alone(big(Size { percent: 110, ..Size::partnership(30) }, 1));
    bencher.bench_local(|| run(black_box(&input)));
}

/// The independent check of the proof.
#[divan::bench(args = [30, 200])]
fn check(bencher: Bencher<'_, '_>, near: usize) {
    let input = big(Size::partnership(near), 1);
    let proposal = run(&input);
    bencher.bench_local(|| verify(black_box(&input), &proposal));
}

/// Why one student is where she is, and not at her wishes.
#[divan::bench(args = [30, 200])]
fn explanation(bencher: Bencher<'_, '_>, near: usize) {
    let input = big(Size::partnership(near), 1);
    let proposal = run(&input);
    let solved = Solved::new(&input, &proposal).unwrap_or_else(|error| panic!("{error}"));
    let mut demands = input.demands.iter().cycle();
    bencher.bench_local(|| demands.next().map(|demand| solved.why(demand.key)));
}

/// Getting ready for such questions.
#[divan::bench(args = [30, 200])]
fn ready_for_questions(bencher: Bencher<'_, '_>, near: usize) {
    let input = big(Size::partnership(near), 1);
    let proposal = run(&input);
    bencher.bench_local(|| Solved::new(black_box(&input), &proposal).map(drop));
}

/// Two changes to a prepared round.
#[divan::bench(args = [30, 200])]
fn mutation(bencher: Bencher<'_, '_>, near: usize) {
    withdraw(bencher, &big(Size::partnership(near), 1));
}

/// 30,000 students and 6,500 schools, 30 near enough.
#[divan::bench(sample_count = 3, ignore)]
fn country(bencher: Bencher<'_, '_>) {
    let input = big(Size::country(), 1);
    bencher.bench_local(|| run(black_box(&input)));
}

/// The check of that.
#[divan::bench(sample_count = 3, ignore)]
fn country_check(bencher: Bencher<'_, '_>) {
    let input = big(Size::country(), 1);
    let proposal = run(&input);
    bencher.bench_local(|| verify(black_box(&input), &proposal));
}

/// Two changes to that.
#[divan::bench(ignore)]
fn country_mutation(bencher: Bencher<'_, '_>) {
    withdraw(bencher, &big(Size::country(), 1));
}
