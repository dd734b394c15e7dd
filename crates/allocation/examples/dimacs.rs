//! Solves a minimum-cost flow problem in DIMACS format.
//!
//! ```text
//! cargo run --release -p kernschil-allocation --example dimacs -- [--flow] [<file>]
//! ```
//!
//! Without a file the problem comes from standard input. Prints one line:
//!
//! - `s <value>`: the least cost; with `--flow` followed by `f <from> <to> <flow>` for every arc,
//!   in the order of the file. The optimum has been checked against its potentials.
//! - `s INFEASIBLE`: no flow fits, or the supplies do not add up to zero.
//! - `s UNBOUNDED`: a cycle of arcs without upper bound (9223372036854775807) costs less than zero.
//!
//! These are answers, so the exit code is 0. A file that cannot be read or is not right gives one
//! line on standard error that names the line, and exit code 2.

use std::env;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::process::ExitCode;

use kernschil_allocation::mincost::{Answer, Optimum, Problem, dimacs, solve};

/// Whether the flow is printed too.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Print {
    Value,
    Flow,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "dimacs: {error}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<(), String> {
    let mut print = Print::Value;
    let mut file = None;
    for argument in env::args_os().skip(1) {
        if argument == "--flow" {
            print = Print::Flow;
        } else if argument.to_string_lossy().starts_with("--") || file.is_some() {
            return Err("usage: dimacs [--flow] [<file>]".to_owned());
        } else {
            file = Some(argument);
        }
    }
    let from: Box<dyn BufRead> = match file {
        None => Box::new(io::stdin().lock()),
        Some(path) => {
            let name = path.to_string_lossy().into_owned();
            Box::new(BufReader::with_capacity(1 << 20, File::open(path).map_err(|error| format!("{name}: {error}"))?))
        }
    };
    let problem = dimacs::read(from).map_err(|error| error.to_string())?;
    let answer = solve(&problem).map_err(|error| error.to_string())?;
    match answer {
        Answer::Infeasible => say("s INFEASIBLE\n"),
        Answer::Unbounded => say("s UNBOUNDED\n"),
        Answer::Optimal(optimum) => report(&problem, &optimum, print),
    }
}

fn report(problem: &Problem, optimum: &Optimum, print: Print) -> Result<(), String> {
    if !optimum.is_proven(problem) {
        return Err("the optimum that was found does not pass the check; please report this".to_owned());
    }
    let [value] = optimum.value(problem).ok_or("the optimum does not fit in 128 bits")?;
    say(&format!("s {value}\n"))?;
    if print == Print::Value {
        return Ok(());
    }
    let mut out = BufWriter::new(io::stdout().lock());
    for (arc, flow) in problem.arcs.iter().zip(&optimum.flows) {
        written(writeln!(out, "f {} {} {flow}", u64::from(arc.from) + 1, u64::from(arc.to) + 1))?;
    }
    written(out.flush())
}

fn say(line: &str) -> Result<(), String> {
    written(io::stdout().write_all(line.as_bytes()))
}

/// Whoever reads the answer may stop reading.
fn written(result: io::Result<()>) -> Result<(), String> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(format!("cannot write: {error}")),
        _ => Ok(()),
    }
}
