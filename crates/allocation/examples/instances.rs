//! Writes the rounds that the engine is measured on, for `tests/peers` and for anybody else.
//!
//! ```text
//! cargo run --release -p kernschil-allocation --example instances -- <folder>
//! ```
//!
//! For each round `<name>.json`, the snapshot that `examples/allocate.rs` solves; `<name>.min`, the
//! same as a minimum-cost flow in DIMACS format with one weighted sum of the levels; and
//! `<name>.levels`, the value of each level on each arc of that file, in the same order. A round that
//! is more than a flow has `<name>.rules` as well: `most <cap> <arc> ...` for arcs, counted from 0, that
//! together may have so much flow, and `least <number> <arc>` for an arc with none or at least so much.

#![expect(clippy::expect_used, reason = "of use to developers only, who may read where it stopped")]

use std::env;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use kernschil_allocation::mincost::dimacs;
use kernschil_allocation::{Input, LevelKind};

#[path = "../tests/allocation/model.rs"]
mod model;
#[path = "../tests/allocation/rounds.rs"]
mod rounds;

use model::Model;
use rounds::{Size, big, nobody_alone, with_big_boards};

fn main() {
    let folder = PathBuf::from(env::args_os().nth(1).expect("usage: instances <folder>"));
    fs::create_dir_all(&folder).expect("a folder");
    for (name, size) in
        [("partnership-30", Size::partnership(30)), ("partnership-200", Size::partnership(200)), ("country-30", Size::country())]
    {
        let mut input = big(size, 1);
        input.settings.levels = levels();
        write(&folder, name, &input).expect("room on the disk");
    }
    let mut partnership = big(Size { percent: 110, ..Size::partnership(30) }, 1);
    partnership.settings.levels = levels();
    let crossing = with_big_boards(partnership.clone(), 97, 7);
    for (name, input) in [("crossing-30", crossing), ("alone-30", nobody_alone(partnership))] {
        write(&folder, name, &input).expect("room on the disk");
        write_rules(&folder, name, &input).expect("room on the disk");
    }
}

/// Writes the totals of boards and "nobody alone", for a round of one period.
fn write_rules(folder: &Path, name: &str, input: &Input) -> io::Result<()> {
    let model = Model::new(input);
    let first = input.demands.len() + input.places.len();
    let through = |school: usize| {
        let entrance = first + 2 * school;
        let arc = model.arcs.iter().position(|arc| arc.from as usize == entrance && arc.to as usize == entrance + 1);
        arc.expect("an arc through every school")
    };
    let mut rules = File::create(folder.join(format!("{name}.rules"))).map(BufWriter::new)?;
    for board in &input.boards {
        let own = input.schools.iter().enumerate().filter(|(_, school)| school.board == Some(board.key));
        let arcs: Vec<String> = own.map(|(school, _)| through(school).to_string()).collect();
        for total in &board.totals {
            writeln!(rules, "most {} {}", total.cap, arcs.join(" "))?;
        }
    }
    for (number, school) in input.schools.iter().enumerate().filter(|(_, school)| school.least > 1) {
        writeln!(rules, "least {} {}", school.least, through(number))?;
    }
    rules.flush()
}

/// The levels that are a sum over students, which any solver of flows can take.
fn levels() -> Vec<LevelKind> {
    vec![LevelKind::NotPlaced, LevelKind::NotCovered, LevelKind::Ladder, LevelKind::Wishes, LevelKind::Travel, LevelKind::Lot]
}

/// What a unit of each level weighs in the weighted sum: reasonable, and small enough for 64 bits.
/// From the last level up: the lot is scaled down, a minute is 8 of it.
const WEIGHTS: [i128; 11] = [1 << 40, 1 << 38, 1 << 33, 1 << 28, 1 << 24, 1 << 22, 1 << 20, 1 << 16, 1 << 14, 1 << 3, 0];

fn write(folder: &Path, name: &str, input: &Input) -> io::Result<()> {
    let file = |ending: &str| File::create(folder.join(format!("{name}.{ending}"))).map(BufWriter::new);
    serde_json::to_writer(file("json")?, input)?;
    let model = Model::new(input);
    assert_eq!(model.levels, WEIGHTS.len());
    let weighted = model.problem(|values| [values.iter().zip(WEIGHTS).map(|(&value, weight)| i128::from(value) * weight).sum()]);
    dimacs::write(&weighted, file("min")?)?;
    let mut levels = file("levels")?;
    for arc in 0..model.arcs.len() {
        let row: Vec<String> = model.of(arc).iter().map(ToString::to_string).collect();
        writeln!(levels, "{}", row.join(" "))?;
    }
    levels.flush()
}
