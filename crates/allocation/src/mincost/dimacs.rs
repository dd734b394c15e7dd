//! The DIMACS format for minimum-cost flow problems.
//!
//! ```text
//! c a comment
//! p min <nodes> <arcs>
//! n <node> <supply>
//! a <from> <to> <lower> <upper> <cost>
//! ```
//!
//! Nodes are numbered from 1; a node without an `n` line has no supply. All numbers are 64-bit.
//! An upper bound of 9223372036854775807 stands for no bound.

use std::fmt;
use std::io::{self, BufRead, Write};
use std::str::FromStr;

use super::{Arc, Problem};

/// Most nodes that are read.
pub const MAX_NODES: usize = 50_000_000;
/// Most arcs that are read.
pub const MAX_ARCS: usize = 500_000_000;

/// What is wrong with a file, and where.
#[derive(Debug)]
pub struct ReadError {
    /// Line, from 1; of an unfinished file the one after the last.
    pub line: usize,
    /// What is wrong.
    pub fault: Fault,
}

/// What can be wrong with a line.
#[derive(Debug)]
#[non_exhaustive]
pub enum Fault {
    /// The file cannot be read.
    Unreadable(io::Error),
    /// The line does not start with one of the letters that the format knows.
    UnknownLine,
    /// The line does not have the fields that lines of its kind have.
    Fields(&'static str),
    /// This field is not a whole number that fits.
    NotANumber(String),
    /// The first line that is not a comment is not the problem line, or there is none.
    NoProblemLine,
    /// There is a second problem line.
    TwoProblemLines,
    /// The problem is of another kind than `min`.
    NotMinimumCost(String),
    /// More nodes than [`MAX_NODES`] or more arcs than [`MAX_ARCS`].
    TooLarge,
    /// There is no node with this number.
    NoSuchNode(u64),
    /// The node has had a supply before.
    TwoSupplies(u64),
    /// The lower bound exceeds the upper bound.
    CrossedBounds(i64, i64),
    /// The problem line announces another number of arcs than there are.
    ArcCount {
        /// The number that was announced.
        announced: usize,
        /// The number of arcs up to and including this line.
        found: usize,
    },
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        match &self.fault {
            Fault::Unreadable(error) => write!(f, "cannot be read: {error}"),
            Fault::UnknownLine => f.write_str("does not start with c, p, n or a"),
            Fault::Fields(form) => write!(f, "is not of the form '{form}'"),
            Fault::NotANumber(field) => write!(f, "'{field}' is not a whole number that fits"),
            Fault::NoProblemLine => f.write_str("the line 'p min <nodes> <arcs>' should have come first"),
            Fault::TwoProblemLines => f.write_str("there is a problem line already"),
            Fault::NotMinimumCost(kind) => write!(f, "'{kind}' is another kind of problem than 'min'"),
            Fault::TooLarge => write!(f, "more than {MAX_NODES} nodes or {MAX_ARCS} arcs"),
            Fault::NoSuchNode(node) => write!(f, "there is no node {node}"),
            Fault::TwoSupplies(node) => write!(f, "node {node} has a supply already"),
            Fault::CrossedBounds(lower, upper) => write!(f, "the lower bound {lower} exceeds the upper bound {upper}"),
            Fault::ArcCount { announced, found } => write!(f, "the problem line announces {announced} arcs, this makes {found}"),
        }
    }
}

impl std::error::Error for ReadError {}

/// Reads a problem.
pub fn read(mut from: impl BufRead) -> Result<Problem, ReadError> {
    let mut reader = Reader::default();
    let mut bytes = Vec::new();
    let mut line = 0;
    loop {
        line += 1;
        bytes.clear();
        let end = from.read_until(b'\n', &mut bytes).map_err(Fault::Unreadable).and_then(|length| {
            if length == 0 { reader.finish().map(|()| true) } else { reader.line(&String::from_utf8_lossy(&bytes)).map(|()| false) }
        });
        if end.map_err(|fault| ReadError { line, fault })? {
            return Ok(reader.problem);
        }
    }
}

#[derive(Default)]
struct Reader {
    problem: Problem,
    announced: Option<usize>,
    supplied: Vec<bool>,
}

impl Reader {
    fn line(&mut self, line: &str) -> Result<(), Fault> {
        let mut fields = line.split_ascii_whitespace();
        match fields.next() {
            None | Some("c") => Ok(()),
            Some("p") => self.problem_line(&mut fields),
            Some("n") => self.supply(fields),
            Some("a") => self.arc(fields),
            Some(field) if field.starts_with('c') => Ok(()),
            Some(_) => Err(Fault::UnknownLine),
        }
    }

    fn problem_line<'a>(&mut self, fields: &mut impl Iterator<Item = &'a str>) -> Result<(), Fault> {
        if self.announced.is_some() {
            return Err(Fault::TwoProblemLines);
        }
        let form = "p min <nodes> <arcs>";
        let kind = fields.next().ok_or(Fault::Fields(form))?;
        if kind != "min" {
            return Err(Fault::NotMinimumCost(kind.to_owned()));
        }
        let [nodes, arcs] = all(fields, form)?;
        let (nodes, arcs) = (number::<usize>(nodes)?, number::<usize>(arcs)?);
        if nodes > MAX_NODES || arcs > MAX_ARCS {
            return Err(Fault::TooLarge);
        }
        self.announced = Some(arcs);
        self.problem.supplies = vec![0; nodes];
        self.supplied = vec![false; nodes];
        Ok(())
    }

    fn supply<'a>(&mut self, fields: impl Iterator<Item = &'a str>) -> Result<(), Fault> {
        self.announced.ok_or(Fault::NoProblemLine)?;
        let [node, supply] = all(fields, "n <node> <supply>")?;
        let position = self.node(node)? as usize;
        if std::mem::replace(&mut self.supplied[position], true) {
            return Err(Fault::TwoSupplies(number(node)?));
        }
        self.problem.supplies[position] = number(supply)?;
        Ok(())
    }

    fn arc<'a>(&mut self, fields: impl Iterator<Item = &'a str>) -> Result<(), Fault> {
        let announced = self.announced.ok_or(Fault::NoProblemLine)?;
        let [from, to, lower, upper, cost] = all(fields, "a <from> <to> <lower> <upper> <cost>")?;
        let (from, to) = (self.node(from)?, self.node(to)?);
        let (lower, upper) = (number(lower)?, number(upper)?);
        if lower > upper {
            return Err(Fault::CrossedBounds(lower, upper));
        }
        let found = self.problem.arcs.len() + 1;
        if found > announced {
            return Err(Fault::ArcCount { announced, found });
        }
        let cost = [number::<i64>(cost)?.into()];
        self.problem.arcs.push(Arc { from, to, lower, upper, cost });
        Ok(())
    }

    /// Position of a node.
    fn node(&self, field: &str) -> Result<u32, Fault> {
        let node: u64 = number(field)?;
        let position = node.checked_sub(1).and_then(|position| u32::try_from(position).ok());
        position.filter(|&position| (position as usize) < self.supplied.len()).ok_or(Fault::NoSuchNode(node))
    }

    fn finish(&self) -> Result<(), Fault> {
        let announced = self.announced.ok_or(Fault::NoProblemLine)?;
        let found = self.problem.arcs.len();
        if found == announced { Ok(()) } else { Err(Fault::ArcCount { announced, found }) }
    }
}

/// Exactly `N` fields.
fn all<'a, const N: usize>(mut fields: impl Iterator<Item = &'a str>, form: &'static str) -> Result<[&'a str; N], Fault> {
    let mut row = [""; N];
    for slot in &mut row {
        *slot = fields.next().ok_or(Fault::Fields(form))?;
    }
    if fields.next().is_none() { Ok(row) } else { Err(Fault::Fields(form)) }
}

fn number<T: FromStr>(field: &str) -> Result<T, Fault> {
    field.parse().map_err(|_| Fault::NotANumber(field.to_owned()))
}

/// Writes a problem.
pub fn write(problem: &Problem, mut to: impl Write) -> io::Result<()> {
    writeln!(to, "p min {} {}", problem.supplies.len(), problem.arcs.len())?;
    for (node, &supply) in (1_u64..).zip(&problem.supplies) {
        if supply != 0 {
            writeln!(to, "n {node} {supply}")?;
        }
    }
    for &Arc { from, to: end, lower, upper, cost: [cost] } in &problem.arcs {
        writeln!(to, "a {} {} {lower} {upper} {cost}", u64::from(from) + 1, u64::from(end) + 1)?;
    }
    to.flush()
}
