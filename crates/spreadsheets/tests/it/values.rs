//! Text, dates, choices and formulas in cells.

use chrono::NaiveDate;
use kernschil_domain::codes::{Need, ProgrammeForm, StudentKind};
use kernschil_spreadsheets::RawWorkbook;
use kernschil_spreadsheets::codes;
use kernschil_spreadsheets::parse::parse_offers;
use kernschil_spreadsheets::raw::RawValue;

use crate::support::{became, found, found_codes, n, noted, sheet, student, students, t, workbook};

#[test]
fn names_are_one_unicode_form_without_invisible_characters() {
    for (text, expected) in [
        ("Zoe\u{308}", "Zoë"),
        ("Zoë", "Zoë"),
        ("Ĳsbrand", "IJsbrand"),
        ("\u{a0}Jan\u{a0}Piet\u{200b} ", "Jan Piet"),
        ("Jan\nPiet", "Jan Piet"),
        ("A", "A"),
        ("Null", "Null"),
        ("'t Hart", "'t Hart"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("Robert'); DROP TABLE students;--", "Robert'); DROP TABLE students;--"),
    ] {
        let parsed = student("Achternaam", t(text));
        assert_eq!(parsed.value.students[0].value.family_name.as_str(), expected);
    }
    for prefix in ["van 't", "d'", "de la"] {
        assert_eq!(student("Tussenvoegsel", t(prefix)).value.students[0].value.prefix.as_ref().map(|p| p.as_str()), Some(prefix));
    }
    assert_eq!(became(&student("Achternaam", t("Jan\nPiet")).outcome), [("Jan\nPiet".to_owned(), "Jan Piet".to_owned())]);
    assert!(noted(&student("Achternaam", t("Zoe\u{308}")).outcome).is_empty());
}

#[test]
fn text_that_does_not_fit_or_says_nothing_is_a_finding() {
    assert_eq!(found(&student("Achternaam", t(&"x".repeat(32_767))).outcome), [(codes::TEXT_TOO_LONG.to_owned(), Some(2))]);
    assert_eq!(found(&student("Achternaam", t("\u{a0}\u{200b}")).outcome), [(codes::REQUIRED.to_owned(), Some(2))]);
    assert_eq!(found_codes(&student("Fase", RawValue::Date(46_054.0)).outcome), [codes::TEXT_IS_DATE]);
    // A dash in a column that may be empty means nothing, and that is said.
    let parsed = student("Tussenvoegsel", t("-"));
    assert_eq!(parsed.value.students[0].value.prefix, None);
    assert_eq!(became(&parsed.outcome), [("-".to_owned(), "(leeg)".to_owned())]);
}

#[test]
fn choices_are_read_by_word_code_and_alias_and_a_typo_is_answered_with_what_was_meant() {
    for (text, form) in [
        ("VT", ProgrammeForm::FullTime),
        ("Voltijd", ProgrammeForm::FullTime),
        ("deeltijd ", ProgrammeForm::PartTime),
        ("DU", ProgrammeForm::Dual),
    ] {
        assert_eq!(student("Vorm", t(text)).value.students[0].value.form, form);
    }
    assert_eq!(student("Soort", t("zij instromer")).value.students[0].value.kind, StudentKind::CareerChanger);
    assert_eq!(student("Plaats nodig", t("Nee")).value.students[0].value.need, Need::NotRequired);
    assert_eq!(student("Plaats nodig", RawValue::Bool(false)).value.students[0].value.need, Need::NotRequired);
    let parsed = student("Vorm", t("voltyd"));
    assert_eq!(found_codes(&parsed.outcome), [codes::CHOICE_UNKNOWN]);
    assert!(parsed.outcome.findings.list[0].advice.contains("Bedoelt u “voltijd”?"), "{:?}", parsed.outcome.findings.list[0].advice);
}

#[test]
fn what_may_be_empty_has_a_stated_meaning() {
    let parsed = students(&[&[]]);
    let student = &parsed.value.students[0].value;
    assert_eq!((student.need, student.kind), (Need::Required, StudentKind::Student));
    assert_eq!((student.groups.to_string().as_str(), student.weekdays.bits()), ("alle", 0));
    assert!(student.wishes.is_empty() && student.travel_limit.is_none());
    assert_eq!(parsed.outcome.findings.total + parsed.outcome.notes.total, 0);
}

fn period(starts: RawValue, ends: RawValue) -> RawWorkbook {
    let headers = ["Ronde", "Periode", "Begin", "Einde"].map(t).to_vec();
    let places = [["Ronde", "BRIN", "Periode", "Aantal"].map(t).to_vec(), vec![t("R"), t("05XH00"), t("P"), n(1.0)]];
    workbook(vec![sheet("Perioden", &[headers, vec![t("R"), t("P"), starts, ends]]), sheet("Plekken", &places)])
}

#[test]
fn dates_are_read_in_every_usual_form_and_in_both_date_systems() {
    let first = NaiveDate::from_ymd_opt(2026, 9, 1).unwrap();
    let end = || t("16-07-2027");
    for value in [
        RawValue::Date(46_266.0),
        n(46_266.0),
        t("1-9-2026"),
        t("01/09/2026"),
        t("1 sept 2026"),
        t("2026-09-01"),
        t("1.9.26"),
        RawValue::Date(46_266.354),
    ] {
        let parsed = parse_offers(&period(value.clone(), end()));
        assert_eq!(parsed.value.periods.first().map(|p| p.value.starts_on), Some(first), "{value:?}");
    }
    let mut old_mac = period(RawValue::Date(44_804.0), end());
    old_mac.date_1904 = true;
    assert_eq!(parse_offers(&old_mac).value.periods[0].value.starts_on, first);
    // Day before month, always; it is shown in words so that nobody is mistaken.
    let parsed = parse_offers(&period(t("03/04/2026"), end()));
    assert_eq!(became(&parsed.outcome), [("03/04/2026".to_owned(), "3 april 2026".to_owned())]);
}

#[test]
fn dates_that_are_none_are_findings() {
    for (value, code) in [
        (n(0.0), codes::DATE_IMPOSSIBLE),
        (n(60.0), codes::DATE_IMPOSSIBLE),
        (n(-1.0), codes::DATE_IMPOSSIBLE),
        (n(2_958_466.0), codes::DATE_IMPOSSIBLE),
        (t("september 2026"), codes::DATE_WITHOUT_DAY),
        (t("03/04"), codes::DATE_WITHOUT_YEAR),
        (t("31-09-2026"), codes::DATE_IMPOSSIBLE),
        (t("1-9-1026"), codes::DATE_RANGE),
        (t("na de zomer"), codes::DATE_UNREADABLE),
        (t("17-07-2027"), codes::DATES_REVERSED),
        (RawValue::Bool(true), codes::DATE_UNREADABLE),
    ] {
        let parsed = parse_offers(&period(value.clone(), t("16-07-2027")));
        assert_eq!(found(&parsed.outcome), [(code.to_owned(), Some(2))], "{value:?}");
    }
}

#[test]
fn formulas_give_their_cached_value_or_a_finding() {
    for (value, code) in [
        (RawValue::Error("#DIV/0!".to_owned()), codes::FORMULA_ERROR),
        (RawValue::Error("#N/A".to_owned()), codes::FORMULA_ERROR),
        (RawValue::NoResult, codes::FORMULA_WITHOUT_RESULT),
    ] {
        for column in ["Studentnummer", "Achternaam", "CROHO", "Startjaar", "Voorkeur 1", "Vorm", "Groepen"] {
            assert_eq!(found_codes(&student(column, value.clone()).outcome), [code], "{column}");
        }
    }
}

#[test]
fn all_findings_of_all_rows_come_at_once_and_in_order() {
    let parsed = students(&[
        &[("Studentnummer", t("")), ("CROHO", t("348")), ("Startjaar", t("vorig jaar"))],
        &[],
        &[("Voornaam", t("")), ("Postcode", t("6525 H")), ("Studentnummer", t("s1002"))],
    ]);
    assert_eq!(
        found(&parsed.outcome),
        [
            (codes::REQUIRED.to_owned(), Some(2)),
            (codes::CROHO_INVALID.to_owned(), Some(2)),
            (codes::NUMBER_UNREADABLE.to_owned(), Some(2)),
            (codes::REQUIRED.to_owned(), Some(4)),
            (codes::POSTCODE_INVALID.to_owned(), Some(4)),
        ]
    );
    assert_eq!(parsed.value.students.iter().map(|s| s.row).collect::<Vec<_>>(), [3]);
}

#[test]
fn findings_stop_growing_but_keep_counting() {
    let row: &[(&str, RawValue)] = &[("Studentnummer", t("")), ("CROHO", t("x"))];
    let parsed = students(&vec![row; 1_500]);
    assert_eq!((parsed.outcome.findings.list.len(), parsed.outcome.findings.total, parsed.outcome.errors), (1_000, 3_000, 3_000));
}
