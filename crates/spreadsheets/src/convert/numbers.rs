//! Whole numbers, percentages and degrees, as text or as a number, with a decimal comma.

use super::{Cell, Outcome, Plain, Problem, Read, check_formula, display};
use crate::codes;
use crate::raw::RawValue;

/// A number as it was written: exact for text, rounded as Excel does for a number.
struct Decimal {
    /// The number.
    number: f64,
    /// Whether it was written in a way that is worth a note.
    rewritten: Rewritten,
    /// Whether it was written with a percent sign.
    percent: Percent,
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum Rewritten {
    Yes,
    No,
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum Percent {
    Yes,
    No,
}

/// What a single dot in text means.
#[derive(PartialEq, Eq, Clone, Copy)]
enum Dot {
    /// Groups of three digits (`1.100`), otherwise decimals.
    Groups,
    /// Always decimals (`52.371`).
    Decimals,
}

fn decimal(cell: Cell<'_>, dot: Dot) -> Result<Decimal, Problem> {
    check_formula(cell.value)?;
    match cell.value {
        RawValue::Number(number) => Ok(Decimal { number: *number, rewritten: Rewritten::No, percent: Percent::No }),
        RawValue::Date(_) => Err(Problem::new(
            codes::NUMBER_UNREADABLE,
            format!("Hier staat een datum of tijd ({}) en geen getal.", display(cell.value, cell.date_1904)),
            "Zet de kolom op Getal en typ het getal opnieuw.",
        )),
        other => from_text(&display(other, cell.date_1904), dot).ok_or_else(|| {
            Problem::new(codes::NUMBER_UNREADABLE, "Dit is geen getal.", "Typ alleen een getal, zonder woorden of eenheid.")
        }),
    }
}

fn from_text(text: &str, dot: Dot) -> Option<Decimal> {
    let plain = Plain::of(text);
    let mut digits: String = plain.clean.chars().filter(|c| !c.is_whitespace()).collect();
    let percent = if let Some(rest) = digits.strip_suffix('%') {
        digits = rest.to_owned();
        Percent::Yes
    } else {
        Percent::No
    };
    if let Some(rest) = digits.strip_prefix('\'') {
        digits = rest.to_owned();
    }
    let (sign, body) = match digits.strip_prefix(['-', '−']) {
        Some(body) => ("-", body),
        None => ("", digits.strip_prefix('+').unwrap_or(&digits)),
    };
    let body = if dot == Dot::Groups && is_grouped(body, '.') {
        body.replace('.', "")
    } else if body.contains(',') && body.contains('.') {
        // 1.234,5 has groups with dots; 1,234.5 has them with commas.
        let (whole, fraction) = body.rsplit_once([',', '.'])?;
        let group = if body.rfind(',') > body.rfind('.') { '.' } else { ',' };
        if !is_grouped(whole, group) {
            return None;
        }
        format!("{}.{fraction}", whole.replace(group, ""))
    } else {
        body.replace(',', ".")
    };
    let valid = body.bytes().all(|b| b.is_ascii_digit() || b == b'.') && body.bytes().filter(|b| *b == b'.').count() <= 1;
    if !valid || !body.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let number = format!("{sign}{body}").parse().ok().filter(|n: &f64| n.is_finite())?;
    let rewritten = if plain.shown.bytes().all(|b| b.is_ascii_digit()) { Rewritten::No } else { Rewritten::Yes };
    Some(Decimal { number, rewritten, percent })
}

/// Whether a number is written in groups of three, such as `1.100` or `12.345.678`.
fn is_grouped(text: &str, separator: char) -> bool {
    let mut groups = text.split(separator);
    let first = groups.next().unwrap_or("");
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let mut count = 0;
    let rest = groups.all(|group| {
        count += 1;
        group.len() == 3 && digits(group)
    });
    rest && count > 0 && (1..=3).contains(&first.len()) && digits(first) && first != "0"
}

/// Reads a whole number between the bounds of its column.
pub(crate) fn integer(cell: Cell<'_>) -> Outcome<i64> {
    let decimal = decimal(cell, Dot::Groups)?;
    if decimal.percent == Percent::Yes {
        return Err(Problem::new(codes::NUMBER_UNREADABLE, "Hier staat een percentage, en een aantal is nodig.", "Typ een heel getal."));
    }
    let number = whole(decimal.number)?;
    let (min, max) = (cell.column.min.unwrap_or(0), cell.column.max.unwrap_or(100_000));
    if !(min..=max).contains(&number) {
        return Err(Problem::new(
            codes::NUMBER_RANGE,
            format!("Het getal {number} kan hier niet: het moet van {min} tot en met {max} zijn."),
            "Typ een getal binnen deze grenzen.",
        ));
    }
    Ok(match decimal.rewritten {
        Rewritten::Yes => Read::became(number, number.to_string()),
        Rewritten::No => Read::same(number),
    })
}

fn whole(number: f64) -> Result<i64, Problem> {
    if number.fract() != 0.0 || number.abs() >= 1e15 {
        return Err(Problem::new(codes::NUMBER_NOT_WHOLE, "Dit is geen heel getal.", "Rond het getal af en typ het zonder komma."));
    }
    #[expect(clippy::cast_possible_truncation, reason = "whole and below 1e15")]
    let whole = number as i64;
    Ok(whole)
}

/// Reads a percentage of 0 to 100. A fraction is what Excel holds for a cell with percent format, so
/// `0,8` is 80%; a bare 1 could be either and is refused.
pub(crate) fn percentage(cell: Cell<'_>) -> Outcome<i64> {
    let decimal = decimal(cell, Dot::Decimals)?;
    let fraction = decimal.percent == Percent::No && decimal.number > 0.0 && decimal.number < 1.0;
    #[expect(clippy::float_cmp, reason = "whole numbers are exact")]
    let ambiguous = decimal.percent == Percent::No && decimal.number == 1.0;
    if ambiguous {
        return Err(Problem::new(
            codes::PERCENT_AMBIGUOUS,
            "Wij kunnen niet zien of 1 hier 1% of 100% is.",
            "Zet de cel op Getal en typ 1 of 100, of typ het met een %-teken als tekst.",
        ));
    }
    let number = if fraction { (decimal.number * 10_000.0).round() / 100.0 } else { decimal.number };
    let number = whole(number)?;
    if !(0..=100).contains(&number) {
        return Err(Problem::new(
            codes::NUMBER_RANGE,
            format!("Het percentage {number} kan niet: het moet van 0 tot en met 100 zijn."),
            "Typ een percentage van 0 tot en met 100.",
        ));
    }
    Ok(if fraction || decimal.rewritten == Rewritten::Yes { Read::became(number, format!("{number}%")) } else { Read::same(number) })
}

/// Reads a latitude in the Netherlands, in 1e-5 degrees.
pub(crate) fn latitude(cell: Cell<'_>) -> Outcome<i32> {
    degrees(cell, 50.0, 54.0, "breedtegraad", "52,37100")
}

/// Reads a longitude in the Netherlands, in 1e-5 degrees.
pub(crate) fn longitude(cell: Cell<'_>) -> Outcome<i32> {
    degrees(cell, 3.0, 8.0, "lengtegraad", "4,90420")
}

fn degrees(cell: Cell<'_>, min: f64, max: f64, what: &str, example: &str) -> Outcome<i32> {
    let wrong =
        |message: String| Problem::new(codes::COORDINATE_INVALID, message, format!("Typ de {what} in graden, bijvoorbeeld {example}."));
    let decimal = decimal(cell, Dot::Decimals).map_err(|problem| match problem.code {
        codes::NUMBER_UNREADABLE => wrong(format!("Dit is geen {what}.")),
        _ => problem,
    })?;
    if !(min..=max).contains(&decimal.number) {
        return Err(wrong(format!(
            "Deze {what} ligt niet in Nederland (van {min} tot {max} graden). Zijn breedte en lengte misschien verwisseld?"
        )));
    }
    #[expect(clippy::cast_possible_truncation, reason = "between 3 and 54 degrees")]
    let units = (decimal.number * 100_000.0).round() as i32;
    Ok(Read::same(units))
}
