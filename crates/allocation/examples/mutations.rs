//! Solves a snapshot, changes it many times, and prints how long a change takes, as JSON on one line.
//!
//! ```text
//! cargo run --release -p kernschil-allocation --example mutations -- <snapshot.json> [<changes>]
//! ```
//!
//! Changes take turns: a place withdrawn and given back, a school total one lower and as it was, a
//! trainer one lower and as it was, a student who leaves and returns. Times are in milliseconds, over
//! single changes; `cold` is what preparing the round takes.

#![expect(clippy::expect_used, reason = "of use to developers only, who may read where it stopped")]

use std::env;
use std::fs::File;
use std::io::BufReader;
use std::time::{Duration, Instant};

use kernschil_allocation::{Change, Input, Prepared};
use serde_json::json;

fn main() {
    let mut arguments = env::args().skip(1);
    let path = arguments.next().expect("usage: mutations <snapshot.json> [<changes>]");
    let wanted: usize = arguments.next().map_or(400, |changes| changes.parse().expect("a number"));
    let input: Input = serde_json::from_reader(BufReader::new(File::open(path).expect("a file"))).expect("a snapshot");
    let start = Instant::now();
    let mut prepared = Prepared::new(&input).unwrap_or_else(|refusal| panic!("{refusal:?}"));
    let cold = start.elapsed();
    let mut times: Vec<Duration> = Vec::with_capacity(wanted);
    let mut moved = 0;
    for number in 0..wanted / 2 {
        for change in there_and_back(&input, number) {
            let start = Instant::now();
            moved += prepared.change(&[change]).unwrap_or_else(|refusal| panic!("{refusal:?}")).len();
            times.push(start.elapsed());
        }
    }
    times.sort_unstable();
    let at = |hundredths: usize| times.get(times.len() * hundredths / 100).or(times.last()).map(millis);
    let result = json!({
        "cold": millis(&cold),
        "changes": times.len(),
        "moved": moved,
        "median": at(50),
        "p95": at(95),
        "most": at(100),
    });
    println!("{result}");
}

/// A change and what undoes it, spread over the rows of the round.
fn there_and_back(input: &Input, number: usize) -> [Change; 2] {
    let pick = |rows: usize| number.wrapping_mul(7_919) % rows.max(1);
    match number % 4 {
        0 => {
            let place = &input.places[pick(input.places.len())];
            [0, place.count].map(|count| Change::Place(place.key, count))
        }
        1 => {
            let school = &input.schools[pick(input.schools.len())];
            let total = school.totals[0];
            [total.cap.saturating_sub(1), total.cap].map(|cap| Change::SchoolTotal(school.key, total.period, cap))
        }
        2 => {
            let trainer = &input.trainers[pick(input.trainers.len())];
            let capacity = trainer.capacity[0];
            [capacity.cap.saturating_sub(1), capacity.cap].map(|cap| Change::Trainer(trainer.key, capacity.period, cap))
        }
        _ => {
            let demand = input.demands[pick(input.demands.len())].key;
            [Change::Leaves(demand), Change::Returns(demand)]
        }
    }
}

fn millis(time: &Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
