//! How long an import of usual size takes: 1,131 students, as many as Talent voor Onderwijs had.
//!
//! Read and parse apart, because reading happens in the worker process. `cargo bench -p kernschil-spreadsheets`.
#![expect(clippy::unwrap_used, reason = "a bench may stop on broken input")]

use std::fmt::Write;

use divan::Bencher;
use kernschil_spreadsheets::parse::{parse_duo, parse_students};
use kernschil_spreadsheets::write::{FilledSheet, filled};
use kernschil_spreadsheets::{ImportKind, Limits, read_direct};

fn main() {
    divan::main();
}

/// A workbook with as many students.
fn students(count: u32) -> Vec<u8> {
    let row = |number: u32| {
        [
            "Talent 2026-2027",
            "25KB",
            &format!("s{:07}", 1_000_000 + number),
            "Zoë",
            "van 't",
            &format!("Hof-{number}"),
            "6525 HP",
            "student",
            "34808",
            "voltijd",
            "2025",
            "jaar 2",
            "heel jaar",
            "3-5",
            "ma;di",
            "ja",
            "Talent voor Onderwijs",
            "",
            "",
            "11AM00; 03WU00",
            "05XH00",
            "41775",
            "08AB00",
            "",
            "",
        ]
        .map(str::to_owned)
        .to_vec()
    };
    filled(ImportKind::Students, &[FilledSheet { key: "students".to_owned(), rows: (0..count).map(row).collect() }]).unwrap()
}

/// A school file of DUO with as many rows of 31 columns.
fn duo(count: u32) -> Vec<u8> {
    let mut text = String::from(
        "PROVINCIE;BEVOEGD GEZAG NUMMER;INSTELLINGSCODE;VESTIGINGSCODE;VESTIGINGSNAAM;POSTCODE;PLAATSNAAM;GEMEENTENUMMER;GEMEENTENAAM",
    );
    text.push_str(&";ANDERS".repeat(22));
    for number in 0..count {
        let (high, low) = (number / 100, number % 100);
        let letters = [b'A' + u8::try_from(high / 26 % 26).unwrap_or(0), b'A' + u8::try_from(high % 26).unwrap_or(0)].map(char::from);
        let code = format!("{:02}{}{}", low, letters[0], letters[1]);
        write!(text, "\r\nGelderland;41775;{code};{code}00;Basisschool {number};6525 HP;NIJMEGEN;0268;NIJMEGEN").unwrap();
        text.push_str(&";iets".repeat(22));
    }
    text.into_bytes()
}

#[divan::bench]
fn read_1131_students(bencher: Bencher<'_, '_>) {
    let bytes = students(1_131);
    bencher.bench(|| read_direct(&bytes, &Limits::default()).unwrap());
}

#[divan::bench]
fn json_1131_students(bencher: Bencher<'_, '_>) {
    let raw = read_direct(&students(1_131), &Limits::default()).unwrap();
    bencher.bench(|| {
        let json = serde_json::to_vec(&raw).unwrap();
        serde_json::from_slice::<kernschil_spreadsheets::RawWorkbook>(&json).unwrap()
    });
}

#[divan::bench]
fn parse_1131_students(bencher: Bencher<'_, '_>) {
    let raw = read_direct(&students(1_131), &Limits::default()).unwrap();
    let parsed = parse_students(&raw);
    assert!(parsed.is_clean() && parsed.value.students.len() == 1_131);
    bencher.bench(|| parse_students(&raw));
}

#[divan::bench]
fn write_1131_students(bencher: Bencher<'_, '_>) {
    bencher.bench(|| students(1_131));
}

#[divan::bench]
fn read_and_parse_6122_schools_of_duo(bencher: Bencher<'_, '_>) {
    let bytes = duo(6_122);
    bencher.bench(|| {
        let parsed = parse_duo(&read_direct(&bytes, &Limits::default()).unwrap());
        assert_eq!(parsed.value.schools.len(), 6_122);
        parsed
    });
}
