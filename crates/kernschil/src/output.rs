//! What the program prints: text for people, one JSON value for machines.

use std::io::{self, Write};

use serde_json::Value;

use crate::exit::{Exit, Stop};

/// For whom the program prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// People.
    Text,
    /// Machines.
    Json,
}

/// What a command answers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    /// Exit code.
    pub(crate) exit: Exit,
    /// For people.
    pub(crate) text: String,
    /// For machines.
    pub(crate) json: Value,
}

impl Answer {
    /// An answer of work that went well.
    pub(crate) fn done(text: impl Into<String>, json: Value) -> Self {
        Self { exit: Exit::Done, text: text.into(), json }
    }
}

/// Prints an answer, or why there is none, and says with which code to end.
pub(crate) fn print(format: Format, outcome: &Result<Answer, Stop>) -> Exit {
    match (outcome, format) {
        (Ok(answer), Format::Text) => say(&answer.text),
        (Ok(answer), Format::Json) => say(&answer.json.to_string()),
        (Err(stop), Format::Text) => complain(&stop.message),
        (Err(stop), Format::Json) => say(&stop.json().to_string()),
    }
    match outcome {
        Ok(answer) => answer.exit,
        Err(stop) => stop.exit,
    }
}

/// Prints a text. A reader who walked away is no reason to fail.
pub(crate) fn say(text: &str) {
    let text = text.trim_end_matches('\n');
    if !text.is_empty() {
        let mut out = io::stdout().lock();
        let _ = writeln!(out, "{text}").and_then(|()| out.flush());
    }
}

/// Prints what went wrong.
pub(crate) fn complain(message: &str) {
    let _ = writeln!(io::stderr().lock(), "Fout: {message}");
}

/// Prints a warning.
pub(crate) fn warn(message: &str) {
    let _ = writeln!(io::stderr().lock(), "Let op: {message}");
}

/// Where a column of a table begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A table as text, without trailing spaces.
pub(crate) fn table(columns: &[(&str, Align)], rows: &[Vec<String>]) -> String {
    let head: Vec<String> = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
    let width = |at: usize| std::iter::once(&head).chain(rows).filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns.len()).map(|at| width(at).unwrap_or_default()).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(columns).zip(&widths).map(|((cell, (_, align)), width)| match align {
            Align::Left => format!("{cell:<width$}"),
            Align::Right => format!("{cell:>width$}"),
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    std::iter::once(&head).chain(rows).map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_also_with_letters_outside_ascii() {
        let rows = vec![vec!["Één".to_owned(), "7".to_owned()], vec!["Twintig".to_owned(), "20".to_owned()]];
        assert_eq!(table(&[("Woord", Align::Left), ("n", Align::Right)], &rows), "Woord     n\nÉén       7\nTwintig  20");
    }
}
