//! Text, choices from a closed list, yes and no, school years.

use kernschil_domain::policy::TravelMode;
use kernschil_domain::values::{Label, SchoolYear};

use super::{Cell, Outcome, Plain, Problem, Read, check_formula, display, list};
use crate::clean::{clean, closest, key};
use crate::codes;
use crate::raw::RawValue;

/// Reads text for people.
pub(crate) fn label(cell: Cell<'_>) -> Outcome<Label> {
    check_formula(cell.value)?;
    if matches!(cell.value, RawValue::Date(_)) {
        return Err(is_date(cell));
    }
    one_label(&display(cell.value, cell.date_1904), cell)
}

fn one_label(text: &str, cell: Cell<'_>) -> Outcome<Label> {
    let plain = Plain::of(text);
    let max = cell.column.max_length.unwrap_or(Label::MAX);
    let length = plain.clean.chars().count();
    if length > max {
        return Err(Problem::new(
            codes::TEXT_TOO_LONG,
            format!("De tekst heeft {length} tekens; hoogstens {max} mag."),
            "Maak de tekst korter.",
        ));
    }
    let label = Label::parse(&plain.clean)
        .map_err(|_| Problem::new(codes::TEXT_INVALID, "De tekst is leeg of heeft tekens die niet mogen.", "Typ de tekst opnieuw."))?;
    Ok(Read::compared(label, plain.clean, &plain.shown))
}

fn is_date(cell: Cell<'_>) -> Problem {
    Problem::new(
        codes::TEXT_IS_DATE,
        format!("Excel heeft van deze tekst een datum of tijd gemaakt ({}).", display(cell.value, cell.date_1904)),
        "Zet de kolom op Tekst en typ de waarde opnieuw.",
    )
}

/// Reads text as it stands there.
pub(crate) fn prose(cell: Cell<'_>) -> Outcome<String> {
    check_formula(cell.value)?;
    match cell.value {
        RawValue::Date(_) => Err(is_date(cell)),
        RawValue::Text(text) => Ok(Read::same(text.clone())),
        other => Ok(Read::same(display(other, cell.date_1904))),
    }
}

/// Reads the code of a part of a framework. Of 1.10 Excel makes the number 1.1, so a number that is not whole says
/// nothing.
pub(crate) fn part_code(cell: Cell<'_>) -> Outcome<String> {
    check_formula(cell.value)?;
    let shown = display(cell.value, cell.date_1904);
    let again = "Zet de kolom op Tekst en typ de code opnieuw.";
    match cell.value {
        RawValue::Date(_) => {
            Err(Problem::new(codes::CODE_IS_TIME, format!("Excel heeft van deze code een datum of tijd gemaakt ({shown})."), again))
        }
        RawValue::Number(number) if number.fract() != 0.0 => {
            Err(Problem::new(codes::CODE_IS_NUMBER, format!("Excel heeft van deze code het getal {shown} gemaakt."), again))
        }
        _ => Ok(Read::same(shown)),
    }
}

/// Reads a list of texts. Only `;` and line breaks separate: names may hold a comma. For phases and
/// the like, where a comma cannot be part of a text, it separates as well.
pub(crate) fn labels(cell: Cell<'_>, separators: &[char]) -> Outcome<Vec<Label>> {
    check_formula(cell.value)?;
    match cell.value {
        RawValue::Date(_) => Err(is_date(cell)),
        RawValue::Text(text) => list(text, separators, |part| one_label(part, cell)),
        other => one_label(&display(other, cell.date_1904), cell).map(|read| Read { value: vec![read.value], became: read.became }),
    }
}

/// The text by which two values of a column are held to be the same: without case and signs.
pub(crate) fn text_key(label: &Label) -> String {
    key(label.as_str())
}

/// Reads one of a closed list of values.
pub(crate) fn choice<T: Copy>(cell: Cell<'_>, parse: fn(&str) -> Option<T>, all: &[T], dutch: fn(T) -> &'static str) -> Outcome<T> {
    check_formula(cell.value)?;
    let text = clean(&display(cell.value, cell.date_1904));
    let found = parse(&text).or_else(|| parse(&text.replace(['-', '_'], " "))).or_else(|| parse(&text.replace(' ', "-")));
    let found = found.or_else(|| all.iter().copied().find(|value| key(dutch(*value)) == key(&text)));
    if let Some(value) = found {
        return Ok(Read::same(value));
    }
    let words: Vec<&str> = all.iter().map(|value| dutch(*value)).collect();
    let advice = match closest(&text, words.iter().copied()) {
        Some(close) => format!("Bedoelt u “{close}”? Kies uit: {}.", words.join(", ")),
        None => format!("Kies uit: {}.", words.join(", ")),
    };
    Err(Problem::new(
        codes::CHOICE_UNKNOWN,
        format!("“{}” kan niet in de kolom {}.", crate::findings::shorten(&text), cell.column.header),
        advice,
    ))
}

/// Reads how somebody travels.
pub(crate) fn travel_mode(cell: Cell<'_>) -> Outcome<TravelMode> {
    choice(cell, TravelMode::parse, TravelMode::ALL, TravelMode::dutch)
}

/// Longest mail address that mail servers take.
const MOST_OF_EMAIL: usize = 254;

/// Reads a mail address. Whether there is somebody behind it only shows when a mail is sent.
pub(crate) fn email(cell: Cell<'_>) -> Outcome<String> {
    check_formula(cell.value)?;
    let plain = Plain::of(&display(cell.value, cell.date_1904));
    let usual = plain.clean.trim_start_matches("mailto:").to_lowercase();
    let wrong = || {
        let message = "Dit is geen e-mailadres.";
        Problem::new(codes::EMAIL_INVALID, message, "Vul één adres in, zoals naam@school.nl, of laat de cel leeg.")
    };
    let (name, domain) = usual.split_once('@').ok_or_else(wrong)?;
    let plain_part =
        |part: &str| !part.is_empty() && !part.chars().any(|c| c.is_whitespace() || c.is_control() || "@,;<>\"()[]".contains(c));
    let dotted =
        domain.contains('.') && domain.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'));
    if usual.len() > MOST_OF_EMAIL || !plain_part(name) || !plain_part(domain) || !dotted {
        return Err(wrong());
    }
    Ok(Read::compared(usual.clone(), usual, &plain.shown))
}

/// Reads yes or no.
pub(crate) fn yes_no(cell: Cell<'_>) -> Outcome<bool> {
    check_formula(cell.value)?;
    let text = clean(&display(cell.value, cell.date_1904)).to_lowercase();
    match text.as_str() {
        "ja" | "j" | "y" | "yes" | "waar" | "true" => Ok(Read::same(true)),
        "nee" | "n" | "neen" | "no" | "onwaar" | "false" => Ok(Read::same(false)),
        "1" | "x" => Ok(Read::became(true, "ja".to_owned())),
        "0" => Ok(Read::became(false, "nee".to_owned())),
        _ => {
            Err(Problem::new(codes::CHOICE_UNKNOWN, format!("“{}” is geen ja of nee.", crate::findings::shorten(&text)), "Typ ja of nee."))
        }
    }
}

/// Reads a school year.
pub(crate) fn school_year(cell: Cell<'_>) -> Outcome<SchoolYear> {
    check_formula(cell.value)?;
    if matches!(cell.value, RawValue::Date(_)) {
        return Err(is_date(cell));
    }
    let plain = Plain::of(&display(cell.value, cell.date_1904));
    let year = SchoolYear::parse(&plain.clean).map_err(|error| {
        Problem::new(codes::SCHOOL_YEAR_INVALID, format!("Dit is geen schooljaar: {error}."), "Typ het schooljaar als 2026-2027.")
    })?;
    Ok(Read::compared(year, year.to_string(), &plain.shown))
}
