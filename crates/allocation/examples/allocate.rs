//! Solves a snapshot and tells how long it took and what came out, as JSON on one line.
//!
//! ```text
//! cargo run --release -p kernschil-allocation --example allocate -- <snapshot.json> [<times>]
//! ```
//!
//! Times are in seconds, the fastest of so many runs: `total` is everything from the snapshot to
//! the proposal with explanations and proof, `placing` the part up to the plan, `checking` the
//! independent check of that; `proven` is how many levels are proven best. `memory` is the
//! largest size of the process in kilobytes, the snapshot included.

#![expect(clippy::expect_used, reason = "of use to developers only, who may read where it stopped")]

use std::env;
use std::fs::{self, File};
use std::io::BufReader;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use kernschil_allocation::{Input, Proof, Stage, solve, verify};
use serde_json::json;

fn main() {
    let mut arguments = env::args().skip(1);
    let path = arguments.next().expect("usage: allocate <snapshot.json> [<times>]");
    let times: usize = arguments.next().map_or(1, |times| times.parse().expect("a number"));
    let input: Input = serde_json::from_reader(BufReader::new(File::open(path).expect("a file"))).expect("a snapshot");
    let mut best: Option<(Duration, Duration)> = None;
    let mut solved = None;
    for _ in 0..times.max(1) {
        let start = Instant::now();
        let mut placing = Duration::ZERO;
        let proposal = solve(&input, &mut |progress| {
            if progress.stage == Stage::Placing || progress.done == 0 {
                placing = start.elapsed();
            }
            ControlFlow::Continue(())
        });
        let total = start.elapsed();
        solved = Some(proposal.expect("a valid round"));
        best = best.into_iter().chain([(total, placing)]).min();
    }
    let (total, placing) = best.unwrap_or_default();
    let memory = memory();
    let proposal = solved.expect("at least one run");
    let start = Instant::now();
    verify(&input, &proposal).expect("a proposal that is right");
    let checking = start.elapsed();
    let objective: Vec<i64> = proposal.objective.iter().map(|row| row.1).collect();
    let proven = match proposal.proof {
        Proof::Optimal => objective.len(),
        Proof::WithinBound { proven_levels, .. } => proven_levels,
    };
    let result = json!({
        "total": total.as_secs_f64(),
        "placing": placing.as_secs_f64(),
        "checking": checking.as_secs_f64(),
        "memory": memory,
        "objective": objective,
        "proven": proven,
    });
    println!("{result}");
}

/// Largest size of the process so far in kilobytes, where the system tells.
fn memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_ascii_whitespace().nth(1)?.parse().ok()
}
