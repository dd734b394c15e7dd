//! Codes of schools, boards, institutes, programmes and students; groups and weekdays. These are what
//! Excel spoils most: lost zeros, numbers, times, dates.

use std::fmt::Display;

use chrono::Datelike;
use kernschil_domain::values::{BoardNumber, Brin, Croho, Groups, Postcode, SchoolCode, StudentNumber, ValueError, Weekdays};

use super::{Cell, Outcome, Plain, Problem, Read, check_formula, display, list};
use crate::codes;
use crate::dates;
use crate::parse::{EmployerCode, WishCode};
use crate::raw::RawValue;

/// Whether a code can be a plain number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Numbers {
    /// It consists of digits, so a whole number is fine.
    Digits,
    /// It has letters: a number is something that Excel made of it.
    Spoiled,
}

/// Separators inside a cell with several codes.
const SEPARATORS: [char; 4] = [';', ',', '\n', '|'];

/// The text of a code, from any kind of cell.
fn code_text(cell: Cell<'_>, numbers: Numbers) -> Result<Plain, Problem> {
    check_formula(cell.value)?;
    let spoiled = |code, what: &str| {
        Problem::new(
            code,
            format!("Excel heeft van deze code {what} gemaakt ({}).", display(cell.value, cell.date_1904)),
            "Zet de kolom op Tekst en typ de code opnieuw.",
        )
    };
    match cell.value {
        RawValue::Date(_) => Err(spoiled(codes::CODE_IS_TIME, "een datum of tijd")),
        RawValue::Number(_) if numbers == Numbers::Spoiled => Err(spoiled(codes::CODE_IS_NUMBER, "een getal")),
        RawValue::Number(number) if number.abs() >= 1e15 => Err(Problem::new(
            codes::NUMBER_TOO_LONG,
            "Dit nummer heeft meer dan 15 cijfers. Excel heeft de laatste cijfers vervangen door nullen.",
            "Zet de kolom op Tekst en typ het nummer opnieuw.",
        )),
        RawValue::Number(number) if number.fract() != 0.0 => {
            Err(Problem::new(codes::NUMBER_NOT_WHOLE, "Dit nummer heeft een komma.", "Zet de kolom op Tekst en typ het nummer opnieuw."))
        }
        other => {
            let mut plain = Plain::of(&display(other, cell.date_1904));
            if is_scientific(&plain.clean) {
                return Err(match numbers {
                    Numbers::Spoiled => spoiled(codes::CODE_IS_NUMBER, "een getal"),
                    Numbers::Digits => Problem::new(
                        codes::NUMBER_ROUNDED,
                        "Dit nummer is afgerond opgeslagen; er zijn cijfers verloren.",
                        "Zet de kolom in het eerste bestand op Tekst en sla het opnieuw op.",
                    ),
                });
            }
            if let Some(bare) = bare(&plain.clean) {
                plain.clean = bare;
            }
            Ok(plain)
        }
    }
}

/// `1,23E+06`, as Excel shows a long number.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    exponent.strip_prefix('+').is_some_and(digits) && mantissa.split([',', '.']).all(digits)
}

/// A code without what programs put around it to keep it text: `'0123`, `="0123"`, `123.0`.
fn bare(text: &str) -> Option<String> {
    if let Some(inner) = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        return Some(inner.to_owned());
    }
    if let Some(rest) = text.strip_prefix(['\'', '’', '‘', '`']) {
        return Some(rest.trim().to_owned());
    }
    let whole = text.strip_suffix(".0").or_else(|| text.strip_suffix(",0"))?;
    (!whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit())).then(|| whole.to_owned())
}

fn read<T: Display>(cell: Cell<'_>, numbers: Numbers, one: impl Fn(&str) -> Result<T, Problem>) -> Outcome<T> {
    let plain = code_text(cell, numbers)?;
    let value = one(&plain.clean)?;
    let usual = value.to_string();
    Ok(Read::compared(value, usual, &plain.shown))
}

fn read_list<T: Display + PartialEq>(cell: Cell<'_>, numbers: Numbers, one: impl Fn(&str) -> Result<T, Problem>) -> Outcome<Vec<T>> {
    let plain = match (cell.value, numbers) {
        (RawValue::Text(text), _) => Plain { shown: text.clone(), clean: text.clone() },
        _ => code_text(cell, numbers)?,
    };
    list(&plain.clean, &SEPARATORS, |part| {
        let plain = Plain::of(part);
        let text = bare(&plain.clean).unwrap_or(plain.clean);
        let value = one(&text)?;
        let usual = value.to_string();
        Ok(Read::compared(value, usual, &plain.shown))
    })
}

/// Restores a BRIN or school code: separators go, lost zeros in front come back, and the letter O and
/// the digit 0 go where only one of them can stand. Nothing else is guessed.
fn restored(text: &str) -> String {
    let mut code: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    let digit_then_letters =
        matches!(code.as_slice(), [a, b, c, ..] if a.is_ascii_digit() && b.is_ascii_alphabetic() && c.is_ascii_alphabetic());
    if digit_then_letters && matches!(code.len(), 3 | 5) {
        code.insert(0, '0');
    }
    for (place, c) in code.iter_mut().enumerate() {
        match (place, *c) {
            (0 | 1 | 4 | 5, 'O') => *c = '0',
            (2 | 3, '0') => *c = 'O',
            _ => {}
        }
    }
    code.into_iter().collect()
}

fn one_brin(text: &str) -> Result<Brin, Problem> {
    let code = restored(text);
    // An institute is often written with the vestiging of its head office.
    let short = if code.len() == 6 { code.strip_suffix("00").unwrap_or(&code) } else { &code };
    Brin::parse(short).map_err(|_| {
        Problem::new(
            codes::BRIN_INVALID,
            "Dit is geen BRIN. Een BRIN heeft twee cijfers en twee letters, zoals 25LT.",
            "Zoek de BRIN op bij DUO en typ haar over.",
        )
    })
}

fn one_school(text: &str) -> Result<SchoolCode, Problem> {
    SchoolCode::parse(&restored(text)).map_err(|_| {
        Problem::new(
            codes::SCHOOL_INVALID,
            "Dit is geen schoolcode. Dat is een BRIN met twee cijfers voor de vestiging, zoals 05XH00.",
            "Zoek de code op bij DUO en typ haar over.",
        )
    })
}

fn one_board(text: &str) -> Result<BoardNumber, Problem> {
    BoardNumber::parse(text).map_err(|_| {
        Problem::new(
            codes::BOARD_INVALID,
            "Dit is geen bestuursnummer. Dat heeft vijf cijfers, zoals 41775.",
            "Zoek het nummer op bij DUO en typ het over.",
        )
    })
}

/// Reads a BRIN of four characters.
pub(crate) fn brin(cell: Cell<'_>) -> Outcome<Brin> {
    read(cell, Numbers::Spoiled, one_brin)
}

/// Reads a list of BRINs.
pub(crate) fn brins(cell: Cell<'_>) -> Outcome<Vec<Brin>> {
    read_list(cell, Numbers::Spoiled, one_brin)
}

/// Reads the code of a school; a BRIN alone is vestiging 00.
pub(crate) fn school(cell: Cell<'_>) -> Outcome<SchoolCode> {
    let plain = code_text(cell, Numbers::Spoiled)?;
    let code = one_school(&plain.clean)?;
    // A BRIN alone is a usual way to name the head office: not worth a note.
    if format!("{}00", plain.shown) == code.as_str() {
        return Ok(Read::same(code));
    }
    let usual = code.to_string();
    Ok(Read::compared(code, usual, &plain.shown))
}

/// Reads a list of school codes.
pub(crate) fn schools(cell: Cell<'_>) -> Outcome<Vec<SchoolCode>> {
    read_list(cell, Numbers::Spoiled, one_school)
}

/// Reads a board number; lost zeros in front come back.
pub(crate) fn board(cell: Cell<'_>) -> Outcome<BoardNumber> {
    read(cell, Numbers::Digits, one_board)
}

/// Reads the number of a vestiging, 0 to 99.
pub(crate) fn location(cell: Cell<'_>) -> Outcome<u8> {
    let plain = code_text(cell, Numbers::Digits)?;
    let found = if plain.clean.len() <= 2 { plain.clean.parse::<u8>().ok() } else { None };
    found.map(Read::same).ok_or_else(|| {
        Problem::new(
            codes::SCHOOL_INVALID,
            "Dit is geen nummer van een vestiging. Dat heeft twee cijfers, zoals 00.",
            "Typ twee cijfers, of laat de cel leeg voor vestiging 00.",
        )
    })
}

/// Reads a CROHO code.
pub(crate) fn croho(cell: Cell<'_>) -> Outcome<Croho> {
    read(cell, Numbers::Digits, |text| {
        Croho::parse(text).map_err(|_| {
            Problem::new(
                codes::CROHO_INVALID,
                "Dit is geen CROHO-code. Die heeft vijf cijfers, zoals 34808.",
                "Typ de vijf cijfers van de opleiding.",
            )
        })
    })
}

/// Reads a student number: text of the institute's own form.
pub(crate) fn student_number(cell: Cell<'_>) -> Outcome<StudentNumber> {
    read(cell, Numbers::Digits, |text| {
        StudentNumber::parse(text)
            .map_err(|error| Problem::new(codes::TEXT_TOO_LONG, format!("Dit is geen studentnummer: {error}."), "Typ het nummer opnieuw."))
    })
}

/// Reads a postcode.
pub(crate) fn postcode(cell: Cell<'_>) -> Outcome<Postcode> {
    read(cell, Numbers::Digits, |text| {
        Postcode::parse(text).map_err(|_| {
            Problem::new(
                codes::POSTCODE_INVALID,
                "Dit is geen postcode. Die heeft vier cijfers en twee letters, zoals 6525 HP.",
                "Typ de postcode opnieuw, of laat de cel leeg.",
            )
        })
    })
}

/// Reads who employs a trainer: a board number or the BRIN of an institute.
pub(crate) fn employer(cell: Cell<'_>) -> Outcome<EmployerCode> {
    let plain = code_text(cell, Numbers::Digits)?;
    let found = match one_board(&plain.clean) {
        Ok(board) => Some(EmployerCode::Board(board)),
        Err(_) => one_brin(&plain.clean).ok().map(EmployerCode::Institute),
    };
    let employer = found.ok_or_else(|| {
        Problem::new(
            codes::EMPLOYER_INVALID,
            "Dit is geen bestuursnummer en geen BRIN van een instituut.",
            "Typ het bestuursnummer (vijf cijfers) of de BRIN van het instituut (zoals 25LT).",
        )
    })?;
    let usual = employer.to_string();
    Ok(Read::compared(employer, usual, &plain.shown))
}

/// Reads a wish: a school, or any school of a board.
pub(crate) fn wish(cell: Cell<'_>) -> Outcome<WishCode> {
    let plain = code_text(cell, Numbers::Digits)?;
    let found = match one_board(&plain.clean) {
        Ok(board) => Some(WishCode::Board(board)),
        Err(_) => one_school(&plain.clean).ok().map(WishCode::School),
    };
    let wish = found.ok_or_else(|| {
        Problem::new(
            codes::WISH_INVALID,
            "Dit is geen schoolcode en geen bestuursnummer.",
            "Typ de code van een school (zoals 05XH00) of het nummer van een bestuur (zoals 41775).",
        )
    })?;
    if format!("{}00", plain.shown) == wish.to_string() {
        return Ok(Read::same(wish));
    }
    let usual = wish.to_string();
    Ok(Read::compared(wish, usual, &plain.shown))
}

/// Reads groups. Excel makes a date of `1-2` and a number of `3,4`; both are understood where only
/// one meaning is possible.
pub(crate) fn groups(cell: Cell<'_>) -> Outcome<Groups> {
    check_formula(cell.value)?;
    let wrong = |_: ValueError| {
        Problem::new(
            codes::GROUPS_INVALID,
            "Dit zijn geen groepen.",
            "Typ groepen als 1-2, 3;4;5 of bovenbouw. Zet de kolom op Tekst, anders maakt Excel er een datum van.",
        )
    };
    let spoiled = match cell.value {
        RawValue::Date(serial) => {
            Some(dates::of_serial(*serial, cell.date_1904).map_or(String::new(), |date| format!("{}-{}", date.day(), date.month())))
        }
        RawValue::Number(number) if number.fract() != 0.0 => Some(display(cell.value, cell.date_1904).replace(',', ";")),
        _ => None,
    };
    let text = spoiled.clone().unwrap_or_else(|| Plain::of(&display(cell.value, cell.date_1904)).clean);
    if text.is_empty() {
        return Err(wrong(ValueError::Groups));
    }
    let groups = Groups::parse(&text).map_err(wrong)?;
    Ok(if spoiled.is_some() { Read::became(groups, groups.to_string()) } else { Read::same(groups) })
}

/// Reads weekdays.
pub(crate) fn weekdays(cell: Cell<'_>) -> Outcome<Weekdays> {
    check_formula(cell.value)?;
    let text = Plain::of(&display(cell.value, cell.date_1904)).clean;
    let days = Weekdays::parse(&text).map_err(|_| {
        Problem::new(codes::WEEKDAYS_INVALID, "Dit zijn geen dagen van maandag tot en met vrijdag.", "Typ dagen als ma;di of ma-wo.")
    })?;
    Ok(Read::same(days))
}
