//! Solves a snapshot, asks why students are where they are, and prints how long an answer takes, as
//! JSON on one line.
//!
//! ```text
//! cargo run --release -p kernschil-allocation --example questions -- <snapshot.json> [<questions>]
//! ```
//!
//! A question is why one student is at her place and not at any of her wishes. Times are in
//! milliseconds, over single questions; `ready` is what getting ready takes once the round is solved.

#![expect(clippy::expect_used, reason = "of use to developers only, who may read where it stopped")]

use std::env;
use std::fs::File;
use std::io::BufReader;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use kernschil_allocation::{Input, Solved, solve};
use serde_json::json;

fn main() {
    let mut arguments = env::args().skip(1);
    let path = arguments.next().expect("usage: questions <snapshot.json> [<questions>]");
    let wanted: usize = arguments.next().map_or(200, |questions| questions.parse().expect("a number"));
    let input: Input = serde_json::from_reader(BufReader::new(File::open(path).expect("a file"))).expect("a snapshot");
    let proposal = solve(&input, &mut |_| ControlFlow::Continue(())).expect("a valid round");
    let start = Instant::now();
    let solved = Solved::new(&input, &proposal).expect("a valid round");
    let ready = start.elapsed();
    let mut times: Vec<Duration> = Vec::with_capacity(wanted);
    for number in 0..wanted {
        let demand = input.demands[number.wrapping_mul(7_919) % input.demands.len()].key;
        let start = Instant::now();
        solved.why(demand).expect("a demand of the round");
        times.push(start.elapsed());
    }
    times.sort_unstable();
    let at = |hundredths: usize| times.get(times.len() * hundredths / 100).or(times.last()).map(millis);
    let result = json!({ "ready": millis(&ready), "median": at(50), "p95": at(95), "most": at(100) });
    println!("{result}");
}

fn millis(time: &Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
