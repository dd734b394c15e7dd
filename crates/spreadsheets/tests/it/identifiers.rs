//! Ids and numbers: what Excel and people do to codes.

use kernschil_spreadsheets::RawWorkbook;
use kernschil_spreadsheets::codes;
use kernschil_spreadsheets::parse::{parse_offers, parse_partnerships};
use kernschil_spreadsheets::raw::RawValue;

use crate::support::{became, found, found_codes, n, sheet, student, t, workbook};

#[test]
fn a_student_number_is_read_from_text_and_from_a_whole_number() {
    for (value, expected) in [
        (n(12_345.0), "12345"),
        (t("12345"), "12345"),
        (t("'12345"), "12345"),
        (t("12345.0"), "12345"),
        (t("=\"0012345\""), "0012345"),
        (t("\u{a0}s1001\u{200b}"), "s1001"),
        (t("123456789012345678"), "123456789012345678"),
    ] {
        let parsed = student("Studentnummer", value.clone());
        assert_eq!(found_codes(&parsed.outcome), Vec::<String>::new(), "{value:?}");
        assert_eq!(parsed.value.students[0].value.number.as_str(), expected, "{value:?}");
    }
}

#[test]
fn a_number_that_lost_digits_is_refused_and_not_guessed() {
    for (value, code) in [
        (t("1.23457E+06"), codes::NUMBER_ROUNDED),
        (t("1,23457E+06"), codes::NUMBER_ROUNDED),
        (n(1_234_567_890_123_456.0), codes::NUMBER_TOO_LONG),
        (n(12.5), codes::NUMBER_NOT_WHOLE),
        (RawValue::Date(45_000.0), codes::CODE_IS_TIME),
    ] {
        let parsed = student("Studentnummer", value.clone());
        assert_eq!(found(&parsed.outcome), [(code.to_owned(), Some(2))], "{value:?}");
        assert!(parsed.value.students.is_empty() && !parsed.is_clean());
    }
}

#[test]
fn a_brin_is_restored_where_only_one_meaning_is_possible() {
    for (text, expected) in [
        ("25kb", "25KB"),
        ("25 KB", "25KB"),
        ("25\u{a0}KB", "25KB"),
        ("8AB", "08AB"),
        ("O8AB", "08AB"),
        ("250B", "25OB"),
        ("25KB00", "25KB"),
    ] {
        let parsed = student("Instituut BRIN", t(text));
        assert_eq!(parsed.value.students[0].value.institute.as_str(), expected, "{text}");
        assert_eq!(became(&parsed.outcome), [(text.to_owned(), expected.to_owned())], "{text}");
    }
    assert!(became(&student("Instituut BRIN", t("25KB")).outcome).is_empty());
}

#[test]
fn a_brin_that_excel_spoiled_is_a_finding_with_its_own_code() {
    for (value, code) in [
        // 01E3 typed in a cell becomes 1000, and 11AM becomes eleven o'clock.
        (n(1000.0), codes::CODE_IS_NUMBER),
        (t("1,00E+03"), codes::CODE_IS_NUMBER),
        (RawValue::Date(11.0 / 24.0), codes::CODE_IS_TIME),
        (t("25K"), codes::BRIN_INVALID),
        (t("KB25"), codes::BRIN_INVALID),
        (t("25KB01"), codes::BRIN_INVALID),
    ] {
        assert_eq!(found(&student("Instituut BRIN", value.clone()).outcome), [(code.to_owned(), Some(2))], "{value:?}");
    }
    let spoiled = student("Instituut BRIN", RawValue::Date(11.0 / 24.0));
    let finding = &spoiled.outcome.findings.list[0];
    assert_eq!(finding.value.as_deref(), Some("11:00"));
    let column = finding.column.as_ref().unwrap();
    assert_eq!((column.letters.as_str(), column.header.as_str()), ("B", "Instituut BRIN"));
}

#[test]
fn a_wish_is_a_school_or_a_board() {
    let parsed = crate::support::students(&[&[("Voorkeur 1", t("5xh")), ("Voorkeur 2", n(1_775.0)), ("Voorkeur 3", t("11AM"))]]);
    let wishes: Vec<String> = parsed.value.students[0].value.wishes.iter().map(ToString::to_string).collect();
    assert_eq!(wishes, ["05XH00", "01775", "11AM00"]);
    assert_eq!(became(&parsed.outcome), [("5xh".to_owned(), "05XH00".to_owned()), ("1775".to_owned(), "01775".to_owned())]);
    assert_eq!(found_codes(&student("Voorkeur 1", t("De Krullevaar")).outcome), [codes::WISH_INVALID]);
}

fn places(count: RawValue, groups: RawValue) -> RawWorkbook {
    let headers = ["Ronde", "BRIN", "Periode", "Aantal", "Groepen"].map(t).to_vec();
    workbook(vec![sheet("Plekken", &[headers, vec![t("R"), t("05XH00"), t("P"), count, groups]])])
}

#[test]
fn counts_are_whole_numbers_in_dutch_writing() {
    for (value, expected) in [(n(4.0), 4), (t("4"), 4), (t("1.000"), 1000), (t("4,0"), 4), (t(" 12 "), 12), (n(0.0), 0)] {
        let parsed = parse_offers(&places(value.clone(), t("")));
        assert_eq!(parsed.value.offers.first().map(|o| o.value.count), Some(expected), "{value:?} {:?}", found(&parsed.outcome));
    }
    for (value, code) in [
        (t("1,1"), codes::NUMBER_NOT_WHOLE),
        (n(1.5), codes::NUMBER_NOT_WHOLE),
        (n(-1.0), codes::NUMBER_RANGE),
        (t("-3"), codes::NUMBER_RANGE),
        (t("1.100"), codes::NUMBER_RANGE),
        (t("80 %"), codes::NUMBER_UNREADABLE),
        (t("vier"), codes::NUMBER_UNREADABLE),
        (RawValue::Date(45_000.0), codes::NUMBER_UNREADABLE),
        (n(1e300), codes::NUMBER_NOT_WHOLE),
    ] {
        assert_eq!(found_codes(&parse_offers(&places(value.clone(), t(""))).outcome), [code], "{value:?}");
    }
}

#[test]
fn groups_survive_what_excel_makes_of_them() {
    // 1-2 becomes 1 February 2026, 3-5 becomes 3 May, and 3,4 becomes a number.
    for (value, expected) in [
        (RawValue::Date(46_054.0), "1-2"),
        (RawValue::Date(46_145.0), "3-5"),
        (n(3.4), "3-4"),
        (n(3.0), "3"),
        (t("3;4;5"), "3-5"),
        (t("bovenbouw"), "6-8"),
        (t("groep 1-2"), "1-2"),
        (t(""), "alle"),
    ] {
        let parsed = parse_offers(&places(n(1.0), value.clone()));
        assert_eq!(
            parsed.value.offers.first().map(|o| o.value.groups.to_string()).as_deref(),
            Some(expected),
            "{value:?} {:?}",
            found(&parsed.outcome)
        );
    }
    // 2 January: an American Excel wrote this, or somebody meant 2-1. Not guessed.
    assert_eq!(found_codes(&parse_offers(&places(n(1.0), RawValue::Date(46_024.0))).outcome), [codes::GROUPS_INVALID]);
}

fn quality(value: RawValue) -> Vec<String> {
    let headers = ["BRIN", "Soort", "Waarde", "Vanaf"].map(t).to_vec();
    let rows = [headers, vec![t("05XH00"), t("getrainde mentoren"), value, t("01-02-2026")]];
    let parsed = parse_partnerships(&workbook(vec![sheet("Kwaliteit", &rows)]));
    let mut result: Vec<String> = parsed.value.quality.iter().map(|row| row.value.value.clone()).collect();
    result.extend(found_codes(&parsed.outcome));
    result
}

#[test]
fn percentages_are_read_as_people_mean_them() {
    for value in [t("80 %"), t("80%"), n(0.8), t("0,8"), n(80.0), t("80")] {
        assert_eq!(quality(value.clone()), ["80"], "{value:?}");
    }
    assert_eq!(quality(n(1.0)), [codes::PERCENT_AMBIGUOUS]);
    assert_eq!(quality(t("1%")), ["1"]);
    assert_eq!(quality(n(0.0)), ["0"]);
    assert_eq!(quality(n(120.0)), [codes::NUMBER_RANGE]);
}

#[test]
fn postcodes_are_read_in_all_writings() {
    for text in ["6525HP", "6525 hp", "6525  HP", "6525\u{a0}HP"] {
        let parsed = student("Postcode", t(text));
        assert_eq!(parsed.value.students[0].value.postcode.as_ref().map(|p| p.as_str()), Some("6525 HP"), "{text}");
    }
    assert_eq!(student("Postcode", n(6525.0)).value.students[0].value.postcode.as_ref().map(|p| p.as_str()), Some("6525"));
    assert_eq!(found_codes(&student("Postcode", t("0525 HP")).outcome), [codes::POSTCODE_INVALID]);
}
