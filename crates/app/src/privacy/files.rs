//! The register and the dossier of a student as workbooks.

use chrono::{DateTime, Utc};
use kernschil_domain::access::Role;
use kernschil_domain::codes::Guidance;
use kernschil_domain::periods::dutch_date;
use kernschil_domain::policy::TravelMode;
use kernschil_domain::privacy::DataKind;
use kernschil_domain::register::columns;
use kernschil_spreadsheets::write::{CellOut, Column, Orientation, Report, ReportSheet, report};

use super::dossier::Dossier;
use super::register::{Register, RegisterLine};
use crate::error::AppError;
use crate::exports::Workbook;
use crate::exports::cells::{dates, maybe, number, numbers, text, words};

fn sheet(name: &str, title: &str, columns: Vec<Column>, rows: Vec<Vec<CellOut>>) -> ReportSheet {
    ReportSheet { name: name.to_owned(), title: title.to_owned(), columns, rows, chart: None, print: Orientation::Landscape }
}

fn written(file_name: String, title: &str, sheets: Vec<ReportSheet>) -> Result<Workbook, AppError> {
    let bytes = report(&Report { title: title.to_owned(), sheets }).map_err(|e| AppError::Internal(e.to_string()))?;
    Ok(Workbook { file_name, bytes })
}

fn day(moment: DateTime<Utc>) -> String {
    dutch_date(moment.date_naive())
}

fn register_columns() -> Vec<Column> {
    vec![
        words("Gegeven", 34),
        words("Van wie", 20),
        words("Zorg", 18),
        words("Waarvoor", 40),
        words("Grondslag (voorstel)", 36),
        words("Bewaartermijn", 26),
        words("Wat daarna blijft", 28),
        words("Wie het ziet", 40),
        words("Waar het heen gaat", 40),
        words("Tabellen en kolommen", 50),
    ]
}

fn register_row(line: &RegisterLine) -> Vec<CellOut> {
    vec![
        text(line.kind.dutch()),
        text(line.subject.dutch()),
        text(line.care.dutch()),
        text(line.purpose),
        text(line.ground.dutch()),
        text(line.term()),
        text(line.remains),
        text(line.seen_by_in_words()),
        text(line.goes_to),
        text(line.stands_in.join("; ")),
    ]
}

/// What one has to know to read the register.
const EXPLANATION: [(&str, &str); 5] = [
    ("Waar dit vandaan komt", "Uit het programma zelf: uit de tabel van kolommen, de tabel van rechten en de ingestelde bewaartermijnen."),
    ("Grondslag", "Een voorstel. De verwerkingsverantwoordelijke stelt de grondslag vast, met de functionaris gegevensbescherming."),
    ("Bewaartermijn", "Een instelling van deze installatie. Voorbeelden uit de praktijk: stagedocumenten 2 jaar, overeenkomsten 7 jaar."),
    (
        "Bijzondere gegevens",
        "Kernschil vraagt niet naar gezondheid, geloof of afkomst. Van maatwerk staat alleen het gevolg erin, nooit de reden.",
    ),
    ("Wat hier niet in staat", "Werkboeken die iemand gedownload heeft, reservekopieën, en het logboek van de webserver ervoor."),
];

fn explanation() -> ReportSheet {
    let rows = EXPLANATION.iter().map(|(what, how)| vec![text(*what), text(*how)]).collect();
    sheet("Toelichting", "Toelichting", vec![words("Wat", 26), words("Uitleg", 110)], rows)
}

/// The register of processing.
pub(super) fn register(register: &Register) -> Result<Workbook, AppError> {
    let title = format!("Register van verwerkingen, {}", day(register.made_at));
    let every =
        columns().map(|one| vec![text(one.table), text(one.column), text(one.care().dutch()), maybe(one.kind.map(DataKind::dutch))]);
    let of_columns = vec![words("Tabel", 24), words("Kolom", 22), words("Zorg", 32), words("Gegeven", 60)];
    let sheets = vec![
        sheet("Register", &title, register_columns(), register.lines.iter().map(register_row).collect()),
        sheet("Alle kolommen", "Elke kolom van de database", of_columns, every.collect()),
        explanation(),
    ];
    written("register-van-verwerkingen.xlsx".to_owned(), &title, sheets)
}

fn facts(dossier: &Dossier) -> ReportSheet {
    let person = &dossier.person;
    let minutes = person.travel_limit.map(|minutes| format!("hoogstens {minutes} minuten"));
    let rows = [
        ("Instituut", text(&person.institute)),
        ("Studentnummer", text(&person.number)),
        ("Voornaam", text(&person.given_name)),
        ("Tussenvoegsel", maybe(person.prefix.as_deref())),
        ("Achternaam", text(&person.family_name)),
        ("Postcode", maybe(person.postcode.as_deref())),
        ("E-mailadres", maybe(person.email.as_deref())),
        ("Reist met", maybe(person.travel_mode.map(TravelMode::dutch))),
        ("Eigen werkplek", maybe(person.workplace.as_deref())),
        ("Soort", text(person.kind.dutch())),
        ("Maatwerk: reistijd", maybe(minutes.as_deref())),
        ("Maatwerk: vaste school", maybe(person.fixed_school.as_deref())),
        ("Eerdere stagescholen", text(person.earlier_schools.join("; "))),
        ("Opgemaakt op", text(day(dossier.made_at))),
    ];
    let rows = rows.into_iter().map(|(what, value)| vec![text(what), value]).collect();
    sheet("Gegevens", "Wat Kernschil van u weet", vec![words("Wat", 28), words("Waarde", 70)], rows)
}

fn enrolments(dossier: &Dossier) -> ReportSheet {
    let columns = vec![words("Opleiding", 40), numbers("Startjaar"), words("Fase", 14), words("Stand", 16), dates("Vanaf"), dates("Tot")];
    let rows = dossier.enrolments.iter().map(|line| {
        vec![
            text(&line.programme),
            number(line.start_year),
            text(&line.phase),
            text(line.status.dutch()),
            CellOut::Date(line.from),
            line.until.map_or(CellOut::Empty, CellOut::Date),
        ]
    });
    sheet("Inschrijvingen", "Inschrijvingen", columns, rows.collect())
}

fn demands(dossier: &Dossier) -> ReportSheet {
    let columns = vec![
        words("Ronde", 28),
        words("Periode", 16),
        dates("Van"),
        dates("Tot en met"),
        words("Fase", 12),
        words("Groepen", 12),
        words("Dagen", 12),
        words("Plaats nodig", 18),
        words("Doet mee", 14),
        words("Team", 20),
        words("Partnerschap", 28),
        words("Voorkeuren", 50),
        words("Uitleg van het laatste voorstel", 70),
    ];
    let date = |day: Option<chrono::NaiveDate>| day.map_or(CellOut::Empty, CellOut::Date);
    let rows = dossier.demands.iter().map(|line| {
        let wishes: Vec<_> = (1..).zip(&line.wishes).map(|(rank, wish)| format!("{rank}. {wish}")).collect();
        vec![
            text(&line.round),
            text(&line.period),
            date(line.starts_on),
            date(line.ends_on),
            text(&line.phase),
            text(&line.groups),
            text(&line.weekdays),
            text(line.need.dutch()),
            text(line.turn.dutch()),
            maybe(line.team.as_deref()),
            maybe(line.partnership.as_deref()),
            text(wishes.join("; ")),
            maybe(line.explanation.as_deref()),
        ]
    });
    sheet("Vragen en voorkeuren", "Plaatsingsvragen en voorkeuren", columns, rows.collect())
}

fn placements(dossier: &Dossier) -> ReportSheet {
    let columns = vec![
        words("Ronde", 28),
        words("Periode", 16),
        words("Code school", 12),
        words("School", 34),
        words("Rol van de school", 24),
        words("Stand", 16),
        words("Herkomst", 16),
        words("Opleider", 26),
        words("Begeleiding buiten", 26),
        words("Toelichting", 60),
    ];
    let rows = dossier.placements.iter().map(|line| {
        vec![
            text(&line.round),
            text(&line.period),
            text(&line.school_code),
            text(&line.school),
            text(line.standing.dutch()),
            text(line.status.dutch()),
            text(line.source.dutch()),
            maybe(line.trainer.as_deref()),
            maybe(line.guidance.map(Guidance::dutch)),
            maybe(line.reason.as_deref()),
        ]
    });
    sheet("Plaatsingen", "Plaatsingen, ook die ingetrokken zijn", columns, rows.collect())
}

fn exclusions(dossier: &Dossier) -> ReportSheet {
    let columns = vec![words("Ronde", 28), words("Periode", 16), words("School", 34), words("Waarom", 34)];
    let rows = dossier.exclusions.iter();
    let rows = rows.map(|line| vec![text(&line.round), text(&line.period), text(&line.school), text(line.category.dutch())]);
    sheet("Uitgesloten scholen", "Scholen die met de hand zijn uitgesloten", columns, rows.collect())
}

fn letters(dossier: &Dossier) -> ReportSheet {
    let columns = vec![words("Ronde", 28), words("Wanneer (UTC)", 18), words("Brief", 20), words("Tekst", 100)];
    let rows = dossier.letters.iter().map(|line| {
        let made = line.made_at.format("%Y-%m-%d %H:%M").to_string();
        vec![text(&line.round), text(made), text(line.kind.dutch()), text(&line.text)]
    });
    sheet("Brieven", "Brieven aan de student", columns, rows.collect())
}

fn traces(dossier: &Dossier) -> ReportSheet {
    let columns = vec![words("Wanneer (UTC)", 18), words("Wat", 32), words("Waarover", 50), words("In welke rol", 26), words("Door", 28)];
    let rows = dossier.traces.iter().map(|line| {
        vec![
            text(line.at.format("%Y-%m-%d %H:%M").to_string()),
            text(line.kind.dutch()),
            text(&line.about),
            maybe(line.role.map(Role::dutch)),
            maybe(line.who.as_deref()),
        ]
    });
    let title = "Wie er iets mee deed: wijzigingen, downloads en inzage. Het openen van een gewone lijst wordt niet vastgelegd.";
    sheet("Wie deed wat", title, columns, rows.collect())
}

/// Everything about one student. The name of the file says nothing about whom.
pub(super) fn dossier(dossier: &Dossier) -> Result<Workbook, AppError> {
    let title = format!("Inzage, {}", day(dossier.made_at));
    let explained = dossier.register.iter().map(register_row).collect();
    let sheets = vec![
        facts(dossier),
        enrolments(dossier),
        demands(dossier),
        placements(dossier),
        exclusions(dossier),
        letters(dossier),
        traces(dossier),
        sheet("Uitleg", "Wat Kernschil van studenten bewaart, waarvoor en hoe lang", register_columns(), explained),
        explanation(),
    ];
    written(format!("inzage-{}.xlsx", dossier.made_at.date_naive()), &title, sheets)
}
