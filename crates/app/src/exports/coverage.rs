//! Coverage that anybody can recount: the definition, numerator, denominator, everybody else, and who
//! is not covered.

use kernschil_domain::coverage::{CoverageStatus, DEFINITION};
use kernschil_domain::periods::dutch_date;
use kernschil_domain::rounds::RoundData;
use kernschil_spreadsheets::write::{CellOut, ChartSpec, ReportSheet};

use super::cells::{maybe, number, numbers, percentages, share, sheet, text, words};
use crate::coverage::{CoverageQuery, Dimension, Division, Explained, Figures, students_in, view};

/// How is counted, one line each so that every line can be read without opening the cell.
const RULES: [(&str, &str); 3] = [
    ("Welke scholen", "Alleen scholen van een partnerschap van het eigen instituut tellen: kern, of schil die aan de voorwaarden voldoet."),
    ("Eén keer", "Elke student telt één keer. Wie meer plaatsen heeft, telt met de minst gunstige."),
    ("Afronden", "Altijd naar beneden: 99,996% wordt nooit 100%."),
];

/// Sheet "Dekking", one for each division, and "Niet gedekt".
pub(super) fn sheets(round: &Explained, query: CoverageQuery) -> Vec<ReportSheet> {
    let data = &round.data;
    let view = view(data, query);
    let mut sheets = vec![summary(data, &view.figures, query)];
    sheets.extend(view.divisions.iter().filter(|division| !division.parts.is_empty()).map(|division| divided(data, division)));
    sheets.push(not_covered(round, query));
    sheets
}

/// For whom and when, in Dutch.
fn scope(data: &RoundData, query: CoverageQuery) -> String {
    let registry = &data.registry;
    let phase = query.phase.and_then(|id| registry.phases.get(&id)).map(|phase| phase.code.clone());
    let parts = [
        query.partnership.map(|id| crate::labels::partnership(data, id)),
        query.institute.map(|id| crate::labels::institute(data, id)),
        query.programme.map(|id| crate::labels::programme(data, id)),
        phase,
        query.period.map(|id| crate::labels::period(data, id)),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    let who = if parts.is_empty() { "alle studenten van de ronde".to_owned() } else { parts.join(", ") };
    let when =
        query.date.map_or_else(|| "elke plaats op de eerste dag van zijn periode".to_owned(), |date| format!("op {}", dutch_date(date)));
    format!("{who}; {when}")
}

/// What a status means for the count.
fn counts(status: CoverageStatus) -> &'static str {
    if status.is_covered() {
        "telt in teller en noemer"
    } else if status.is_counted() {
        "telt alleen in de noemer"
    } else {
        "telt niet mee"
    }
}

fn summary(data: &RoundData, figures: &Figures, query: CoverageQuery) -> ReportSheet {
    let line = |what: &str, value: CellOut, explanation: &str| vec![text(what), value, text(explanation)];
    let mut rows = vec![
        line("Dekking", share(figures.numerator, figures.denominator), "De teller gedeeld door de noemer."),
        line("Teller", number(figures.numerator), "Studenten uit de noemer die volgens het kwaliteitskader worden opgeleid."),
        line("Noemer", number(figures.denominator), "Studenten die een plaats moeten hebben."),
    ];
    rows.extend(figures.counts.iter().map(|(status, students)| line(&capitalised(status.dutch()), number(*students), counts(*status))));
    let funding = "Studenten uit de teller van wie de opleiding meetelt voor de bekostiging.";
    rows.push(line("Teller voor bekostiging", number(figures.covered_for_funding), funding));
    rows.extend(RULES.map(|(what, rule)| line(what, CellOut::Empty, rule)));
    rows.push(line("Voor wie en wanneer", CellOut::Empty, &scope(data, query)));
    rows.push(line("Definitie", text(DEFINITION), "Naam en versie van deze manier van tellen."));
    sheet(data, "Dekking", "Dekking", vec![words("Wat", 34), percentages("Waarde"), words("Uitleg", 110)], rows)
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn divided(data: &RoundData, division: &Division) -> ReportSheet {
    let by = division.by.dutch();
    let mut columns = vec![words(&capitalised(by), 44), percentages("Dekking"), numbers("Teller"), numbers("Noemer")];
    columns.extend(CoverageStatus::ALL.iter().map(|status| numbers(&capitalised(status.dutch()))));
    let rows = division.parts.iter().map(|part| {
        let figures = &part.figures;
        let mut cells =
            vec![text(&part.label), share(figures.numerator, figures.denominator), number(figures.numerator), number(figures.denominator)];
        cells.extend(figures.counts.iter().map(|(_, students)| number(*students)));
        cells
    });
    let series = (4_u16..).zip(CoverageStatus::ALL).filter(|(_, status)| status.is_counted()).map(|(column, _)| column).collect();
    let chart = ChartSpec {
        title: format!("Studenten per {by}"),
        categories: 0,
        series,
        alt_text: format!("Gestapelde balken: per {by} het aantal studenten met elke status. Dezelfde getallen staan in de tabel."),
    };
    let mut sheet = sheet(data, &format!("Per {by}"), &format!("Dekking per {by}"), columns, rows.collect());
    sheet.chart = Some(chart);
    if division.by == Dimension::Period {
        // A student with places in two periods stands on two lines.
        sheet.title.push_str(" (een student kan in meer perioden staan)");
    }
    sheet
}

fn not_covered(round: &Explained, query: CoverageQuery) -> ReportSheet {
    let columns = vec![
        words("Telt als", 28),
        words("Instituut", 26),
        words("Studentnummer", 14),
        words("Naam", 26),
        words("Opleiding", 28),
        words("Fase", 12),
        words("Periode", 14),
        words("Code school", 12),
        words("School", 30),
        words("Reden", 100),
    ];
    let mut students = students_in(round, query, None);
    students.retain(|student| student.status.is_counted() && !student.status.is_covered());
    students.sort_by_key(|student| student.status);
    let rows = students.iter().map(|student| {
        let place = student.place.as_ref();
        vec![
            text(student.status.dutch()),
            text(&student.institute),
            text(&student.number),
            text(&student.name),
            text(&student.programme),
            text(&student.phase),
            text(&student.period),
            maybe(place.map(|place| place.school_code.as_str())),
            maybe(place.map(|place| place.school_name.as_str())),
            maybe(student.reason.as_deref()),
        ]
    });
    sheet(&round.data, "Niet gedekt", "Studenten die niet gedekt zijn", columns, rows.collect())
}
