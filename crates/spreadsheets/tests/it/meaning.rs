//! What rows mean together: doubles, contradictions, wishes, memberships.

use kernschil_domain::codes::Tier;
use kernschil_spreadsheets::parse::{parse_offers, parse_partnerships, parse_trainers};
use kernschil_spreadsheets::{RawWorkbook, Severity, codes};

use crate::support::{found, found_codes, n, sheet, student, students, t, workbook};

fn grid(rows: &[&[&str]]) -> Vec<Vec<kernschil_spreadsheets::raw::RawValue>> {
    rows.iter().map(|row| row.iter().map(|cell| t(cell)).collect()).collect()
}

#[test]
fn a_student_twice_in_a_period_is_named_with_both_rows_also_in_other_case() {
    let parsed = students(&[&[], &[("Studentnummer", t("S1001"))], &[("Periode", t("tweede helft"))]]);
    assert_eq!(found(&parsed.outcome), [(codes::STUDENT_TWICE.to_owned(), Some(3))]);
    assert!(parsed.outcome.findings.list[0].message.contains("rij 2"));
    assert_eq!(parsed.value.students.len(), 2);
    // The same number at another institute is another student.
    assert!(students(&[&[], &[("Instituut BRIN", t("27NF"))]]).is_clean());
}

#[test]
fn one_student_with_two_names_is_a_contradiction() {
    let parsed = students(&[&[], &[("Periode", t("tweede helft")), ("Voornaam", t("Hof")), ("Achternaam", t("Zoë"))]]);
    assert_eq!(found(&parsed.outcome), [(codes::STUDENT_CONFLICT.to_owned(), Some(3))]);
    assert!(parsed.outcome.findings.list[0].message.contains("voornaam, achternaam"));
}

#[test]
fn wishes_have_no_gaps_and_no_repeats() {
    let parsed = students(&[
        &[("Voorkeur 1", t("05XH00")), ("Voorkeur 3", t("11AM00"))],
        &[("Studentnummer", t("s2")), ("Voorkeur 1", t("05XH00")), ("Voorkeur 2", t("05xh"))],
        &[("Studentnummer", t("s3")), ("Voorkeur 1", t("05XH00")), ("Voorkeur 2", t("41775"))],
    ]);
    assert_eq!(found(&parsed.outcome), [(codes::WISH_GAP.to_owned(), Some(2)), (codes::WISH_TWICE.to_owned(), Some(3))]);
    assert_eq!(parsed.value.students.len(), 1);
}

#[test]
fn custom_effects_and_earlier_schools_are_read() {
    let parsed = students(&[&[("Reistijdgrens", n(45.0)), ("Vaste school", t("05xh")), ("Eerdere scholen", t("11AM00; 3wu, 11am"))]]);
    let student = &parsed.value.students[0].value;
    assert_eq!((student.travel_limit, student.fixed_school.as_ref().map(|s| s.as_str())), (Some(45), Some("05XH00")));
    assert_eq!(student.earlier_schools.iter().map(|s| s.as_str()).collect::<Vec<_>>(), ["11AM00", "03WU00"]);
    assert_eq!(found_codes(&self::student("Reistijdgrens", n(0.0)).outcome), [codes::NUMBER_RANGE]);
}

const SCHOOLS: [&str; 8] = ["BRIN", "School", "Sector", "Bestuursnummer", "Partnerschap", "Rol", "Vanaf", "Tot en met"];

fn schools(rows: &[[&str; 8]]) -> RawWorkbook {
    let mut all: Vec<&[&str]> = vec![&SCHOOLS];
    all.extend(rows.iter().map(|row| row.as_slice()));
    workbook(vec![sheet("Scholen", &grid(&all))])
}

#[test]
fn a_school_may_stand_there_once_for_each_membership() {
    let parsed = parse_partnerships(&schools(&[
        ["05XH00", "A", "bo", "41775", "Talent", "kern", "1-8-2024", "31-7-2026"],
        ["05XH00", "A", "bo", "41775", "Talent", "schil", "1-8-2026", ""],
        ["05XH00", "A", "bo", "41775", "HAK", "schil", "1-8-2024", ""],
        ["05xh", "A", "bo", "41775", "talent", "kern", "1-9-2026", ""],
        ["05XH00", "B", "bo", "41775", "Almere", "kern", "1-8-2026", ""],
        ["11AM00", "C", "sbo", "775", "", "", "", ""],
    ]));
    assert_eq!(found(&parsed.outcome), [(codes::SCHOOL_TWICE.to_owned(), Some(5)), (codes::SCHOOL_CONFLICT.to_owned(), Some(6))]);
    let memberships: Vec<_> = parsed
        .value
        .schools
        .iter()
        .map(|s| s.value.membership.as_ref().map(|m| (m.tier, m.span.from.to_string(), m.span.until.map(|d| d.to_string()))))
        .collect();
    assert_eq!(
        memberships,
        [
            // "Tot en met" is the last day; a span ends on the day after.
            Some((Tier::Kern, "2024-08-01".to_owned(), Some("2026-08-01".to_owned()))),
            Some((Tier::Schil, "2026-08-01".to_owned(), None)),
            Some((Tier::Schil, "2024-08-01".to_owned(), None)),
            None
        ]
    );
    assert_eq!(parsed.value.schools[3].value.board.as_str(), "00775");
}

#[test]
fn a_membership_needs_a_role_and_a_date_and_its_dates_in_order() {
    for (partnership, tier, from, until, code) in [
        ("Talent", "", "1-8-2024", "", codes::MEMBERSHIP_INCOMPLETE),
        ("Talent", "kern", "", "", codes::MEMBERSHIP_INCOMPLETE),
        ("", "kern", "", "", codes::MEMBERSHIP_WITHOUT_PARTNERSHIP),
        ("Talent", "kern", "1-8-2024", "1-7-2024", codes::DATES_REVERSED),
        ("Talent", "buiten", "1-8-2024", "", codes::CHOICE_UNKNOWN),
    ] {
        let parsed = parse_partnerships(&schools(&[["05XH00", "A", "bo", "41775", partnership, tier, from, until]]));
        assert_eq!(found(&parsed.outcome), [(code.to_owned(), Some(2))], "{partnership} {tier} {from} {until}");
    }
}

#[test]
fn a_vestiging_can_stand_in_its_own_column_but_not_contradict_the_code() {
    let rows = grid(&[
        &["BRIN", "Vestiging", "School", "Sector", "Bestuursnummer", "Breedtegraad", "Lengtegraad"],
        &["05XH", "1", "A", "bo", "41775", "51,81780", "5,86500"],
        &["05XH02", "02", "B", "bo", "41775", "", ""],
        &["05XH03", "04", "C", "bo", "41775", "", ""],
        &["05XH05", "", "D", "bo", "41775", "5,86500", "51,81780"],
        &["05XH06", "", "E", "bo", "41775", "51,8", ""],
    ]);
    let parsed = parse_partnerships(&workbook(vec![sheet("Scholen", &rows)]));
    assert_eq!(
        found(&parsed.outcome),
        [
            (codes::LOCATION_CONFLICT.to_owned(), Some(4)),
            (codes::COORDINATE_INVALID.to_owned(), Some(5)),
            (codes::COORDINATE_INVALID.to_owned(), Some(5)),
            (codes::COORDINATE_HALF.to_owned(), Some(6)),
        ]
    );
    let schools = &parsed.value.schools;
    assert_eq!(schools.iter().map(|s| s.value.school.as_str()).collect::<Vec<_>>(), ["05XH01", "05XH02"]);
    assert_eq!(schools[0].value.coordinate.map(|c| (c.latitude, c.longitude)), Some((5_181_780, 586_500)));
}

#[test]
fn boards_programmes_conditions_and_partnerships_are_held_against_themselves() {
    let parsed = parse_partnerships(&workbook(vec![
        sheet(
            "Partnerschappen",
            &grid(&[
                &["Partnerschap", "Status", "Onderwijsregio's", "Penvoerder", "Instituten", "Vanaf"],
                &["Talent", "erkend", "Gelderland-Zuid; Rivierenland", "41775", "25KB;27NF", "1-8-2022"],
                &["TALENT", "aspirant", "", "", "", "1-8-2022"],
            ]),
        ),
        sheet(
            "Opleidingen",
            &grid(&[
                &[
                    "Instituut BRIN",
                    "Instituut",
                    "CROHO",
                    "Opleiding",
                    "Vorm",
                    "Niveau",
                    "Telt voor bekostiging",
                    "Fasenummer",
                    "Fase",
                    "Soort fase",
                ],
                &["25KB", "HAN", "34808", "Pabo", "VT", "hbo-bachelor", "ja", "1", "jaar 1", "eerste"],
                &["25KB", "HAN", "34808", "Pabo", "VT", "hbo-bachelor", "ja", "2", "Jaar 1", "midden"],
                &["25KB", "HAN", "34808", "Pabo", "VT", "hbo-bachelor", "nee", "3", "jaar 3", "laatste"],
                &["25KB", "HAN", "34808", "Pabo", "DT", "hbo-bachelor", "ja", "1", "jaar 1", "eerste"],
            ]),
        ),
        sheet(
            "Besturen",
            &grid(&[
                &["Bestuursnummer", "Bestuur", "Partnerschap", "Rol", "Vanaf", "Maatje"],
                &["41775", "Voorbeeld", "Talent", "kern", "1-8-2022", ""],
                &["41775", "Voorbeeld", "Talent", "schil", "1-9-2022", ""],
                &["41776", "Ander", "Talent", "schil", "1-8-2022", "41776"],
            ]),
        ),
        sheet(
            "Voorwaarden",
            &grid(&[
                &["Partnerschap", "Rol", "Voorwaarde", "Waarde"],
                &["Talent", "kern", "getrainde mentoren", "80 %"],
                &["Talent", "kern", "getrainde mentoren", "90"],
                &["Talent", "kern", "minimaal aantal plekken", ""],
                &["Talent", "schil", "maatje", "3"],
            ]),
        ),
    ]));
    assert_eq!(
        found(&parsed.outcome),
        [
            (codes::PARTNERSHIP_TWICE.to_owned(), Some(3)),
            (codes::PHASE_TWICE.to_owned(), Some(3)),
            (codes::PROGRAMME_CONFLICT.to_owned(), Some(4)),
            (codes::BOARD_TWICE.to_owned(), Some(3)),
            (codes::BUDDY_SELF.to_owned(), Some(4)),
            (codes::CONDITION_TWICE.to_owned(), Some(3)),
            (codes::CONDITION_VALUE.to_owned(), Some(4)),
            (codes::CONDITION_VALUE.to_owned(), Some(5)),
        ]
    );
    assert_eq!(parsed.outcome.findings.list[7].severity, Severity::Warning);
    let partnership = &parsed.value.partnerships[0].value;
    assert_eq!(partnership.regions.iter().map(|r| r.as_str()).collect::<Vec<_>>(), ["Gelderland-Zuid", "Rivierenland"]);
    assert_eq!(parsed.value.conditions.iter().map(|c| c.value.parameter).collect::<Vec<_>>(), [Some(80), None]);
}

#[test]
fn trainers_have_one_row_and_an_employer_that_fits() {
    let parsed = parse_trainers(&workbook(vec![
        sheet(
            "Opleiders",
            &grid(&[
                &["Opleidernummer", "Naam", "Soort", "Werkgever", "Capaciteit", "Scholen", "Vanaf"],
                &["SO-1", "Ann", "schoolopleider", "1775", "", "05XH00;11AM", "1-8-2025"],
                &["so-1", "Ann", "schoolopleider", "1775", "", "", "1-8-2025"],
                &["IO-1", "Ben", "instituutopleider", "41775", "15", "", "1-8-2025"],
                &["IO-2", "Cas", "instituutopleider", "25kb", "15", "", "1-8-2025"],
            ]),
        ),
        sheet(
            "Kwalificaties",
            &grid(&[
                &["Opleidernummer", "Kwalificatie", "Vanaf", "Geldig tot en met"],
                &["SO-1", "BRLO", "15-3-2024", "14-3-2028"],
                &["SO-1", "VELON", "15-3-2024", ""],
            ]),
        ),
    ]));
    assert_eq!(
        found(&parsed.outcome),
        [
            (codes::TRAINER_TWICE.to_owned(), Some(3)),
            (codes::EMPLOYER_INVALID.to_owned(), Some(4)),
            (codes::QUALIFICATION_TWICE.to_owned(), Some(3))
        ]
    );
    let trainers: Vec<_> =
        parsed.value.trainers.iter().map(|t| (t.value.employer.to_string(), t.value.capacity, t.value.schools.len())).collect();
    assert_eq!(trainers, [("01775".to_owned(), None, 2), ("25KB".to_owned(), Some(15), 0)]);
}

#[test]
fn rounds_periods_places_and_totals_are_held_against_themselves() {
    let parsed = parse_offers(&workbook(vec![
        sheet(
            "Rondes",
            &grid(&[
                &["Ronde", "Schooljaar", "Partnerschappen", "Reistijdgrens", "Aantal voorkeuren"],
                &["R1", "2026/27", "Talent, met komma; HAK", "90", "3"],
                &["r1", "2026-2027", "Talent", "", ""],
                &["R2", "2026-2028", "Talent", "", "6"],
            ]),
        ),
        sheet(
            "Perioden",
            &grid(&[
                &["Ronde", "Periode", "Begin", "Einde"],
                &["R1", "heel jaar", "31-8-2026", "16-7-2027"],
                &["R1", "Heel jaar", "31-8-2026", "16-7-2027"],
                &["R1", "eerste helft", "31-8-2026", "31-1-2027"],
            ]),
        ),
        sheet(
            "Plekken",
            &grid(&[
                &["Ronde", "BRIN", "Periode", "Fasen", "Groepen", "Dagen", "Aantal"],
                &["R1", "05XH00", "heel jaar", "jaar 1; jaar 2", "1-2", "ma;di", "4"],
                &["R1", "05XH00", "heel jaar", "Jaar 2, jaar 1", "onderbouw", "ma-di", "2"],
                &["R1", "05XH00", "heel jaar", "", "", "za", "2"],
            ]),
        ),
        sheet(
            "Schooltotalen",
            &grid(&[&["Ronde", "BRIN", "Periode", "Maximum"], &["R1", "05XH", "heel jaar", "5"], &["R1", "05XH00", "heel jaar", "9"]]),
        ),
    ]));
    assert_eq!(
        found(&parsed.outcome),
        [
            (codes::ROUND_TWICE.to_owned(), Some(3)),
            (codes::SCHOOL_YEAR_INVALID.to_owned(), Some(4)),
            (codes::NUMBER_RANGE.to_owned(), Some(4)),
            (codes::PERIOD_TWICE.to_owned(), Some(3)),
            (codes::PERIODS_OVERLAP.to_owned(), Some(4)),
            (codes::OFFER_TWICE.to_owned(), Some(3)),
            (codes::WEEKDAYS_INVALID.to_owned(), Some(4)),
            (codes::TOTAL_BELOW_OFFERS.to_owned(), Some(2)),
            (codes::TOTAL_TWICE.to_owned(), Some(3)),
        ]
    );
    assert_eq!(parsed.value.rounds[0].value.partnerships.iter().map(|p| p.as_str()).collect::<Vec<_>>(), ["Talent, met komma", "HAK"]);
    assert_eq!(parsed.value.offers.len(), 2);
}
