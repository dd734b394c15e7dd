//! The dossier of a student as the page shows it.

use chrono_tz::Europe::Amsterdam;
use kernschil_app::privacy::{Dossier, DossierDemand, DossierEnrolment, DossierExclusion, DossierLetter, DossierPlacement, DossierTrace};
use kernschil_domain::codes::Guidance;
use kernschil_domain::periods::dutch_date;

use crate::routes::support::{capital, groups};
use crate::views::privacy::{DossierTable, DossierView};

fn table(code: &str, title: &str, hint: &str, heads: &[&str], rows: Vec<Vec<String>>) -> DossierTable {
    DossierTable {
        code: code.to_owned(),
        title: title.to_owned(),
        hint: hint.to_owned(),
        heads: heads.iter().map(|head| (*head).to_owned()).collect(),
        rows,
    }
}

fn enrolment(line: &DossierEnrolment) -> Vec<String> {
    let until = line.until.map_or_else(|| "nu".to_owned(), dutch_date);
    vec![
        line.programme.clone(),
        line.start_year.to_string(),
        line.phase.clone(),
        line.status.dutch().to_owned(),
        format!("{} tot {until}", dutch_date(line.from)),
    ]
}

fn demand(line: &DossierDemand) -> Vec<String> {
    let wishes: Vec<_> = (1..).zip(&line.wishes).map(|(rank, wish)| format!("{rank}. {wish}")).collect();
    vec![
        format!("{}, {}", line.round, line.period),
        line.phase.clone(),
        format!("{}; {}", groups(&line.groups), line.weekdays),
        line.team.as_ref().map_or_else(|| capital(line.need.dutch()), |team| format!("{}; team {team}", capital(line.need.dutch()))),
        wishes.join("; "),
        line.explanation.clone().unwrap_or_default(),
    ]
}

fn placement(line: &DossierPlacement) -> Vec<String> {
    let standing = line
        .guidance
        .map_or_else(|| line.standing.dutch().to_owned(), |guidance: Guidance| format!("{}, {}", line.standing.dutch(), guidance.dutch()));
    vec![
        format!("{}, {}", line.round, line.period),
        format!("{} ({})", line.school, line.school_code),
        standing,
        format!("{}, {}", line.status.dutch(), line.source.dutch()),
        line.trainer.clone().unwrap_or_default(),
        line.reason.clone().unwrap_or_default(),
    ]
}

fn exclusion(line: &DossierExclusion) -> Vec<String> {
    vec![format!("{}, {}", line.round, line.period), line.school.clone(), capital(line.category.dutch())]
}

fn letter(line: &DossierLetter) -> Vec<String> {
    let made = line.made_at.with_timezone(&Amsterdam).format("%d-%m-%Y %H.%M").to_string();
    vec![made, line.round.clone(), capital(line.kind.dutch()), line.text.clone()]
}

fn trace(line: &DossierTrace) -> Vec<String> {
    vec![
        line.at.with_timezone(&Amsterdam).format("%d-%m-%Y %H.%M").to_string(),
        capital(line.kind.dutch()),
        capital(&line.about),
        line.role.map(|role| capital(role.dutch())).unwrap_or_default(),
        line.who.clone().unwrap_or_else(|| "opdrachtregel of Kernschil zelf".to_owned()),
    ]
}

/// All of it.
pub(super) fn view(dossier: &Dossier) -> DossierView {
    let person = &dossier.person;
    let custom = [
        person.travel_limit.map(|minutes| format!("hoogstens {minutes} minuten reizen")),
        person.fixed_school.as_ref().map(|school| format!("vaste school: {school}")),
    ];
    let custom: Vec<_> = custom.into_iter().flatten().collect();
    let custom = if custom.is_empty() { "geen".to_owned() } else { custom.join("; ") };
    let earlier = if person.earlier_schools.is_empty() { "geen".to_owned() } else { person.earlier_schools.join("; ") };
    let fact = |word: &str, what: &str| (word.to_owned(), what.to_owned());
    DossierView {
        id: dossier.id.to_string(),
        name: person.full_name.clone(),
        facts: vec![
            fact("Studentnummer", &person.number),
            fact("Instituut", &person.institute),
            fact("Soort", person.kind.dutch()),
            fact("Postcode", person.postcode.as_deref().unwrap_or_default()),
            fact("E-mailadres", person.email.as_deref().unwrap_or_default()),
            fact("Reist met", person.travel_mode.map(kernschil_domain::policy::TravelMode::dutch).unwrap_or_default()),
            fact("Eigen werkplek", person.workplace.as_deref().unwrap_or_default()),
            fact("Maatwerk", &custom),
            fact("Eerdere stagescholen", &earlier),
        ],
        tables: vec![
            table(
                "inschrijvingen",
                "Inschrijvingen",
                "",
                &["Opleiding", "Startjaar", "Fase", "Stand", "Wanneer"],
                dossier.enrolments.iter().map(enrolment).collect(),
            ),
            table(
                "vragen",
                "Plaatsingsvragen en voorkeuren",
                "",
                &["Ronde en periode", "Fase", "Groepen en dagen", "Plaats nodig", "Voorkeuren", "Uitleg van het laatste voorstel"],
                dossier.demands.iter().map(demand).collect(),
            ),
            table(
                "plaatsingen",
                "Plaatsingen",
                "Ook plaatsen die zijn ingetrokken.",
                &["Ronde en periode", "School", "Rol van de school", "Stand en herkomst", "Opleider", "Toelichting"],
                dossier.placements.iter().map(placement).collect(),
            ),
            table(
                "uitgesloten",
                "Uitgesloten scholen",
                "Met de hand bepaald; van de reden staat alleen de soort vast.",
                &["Ronde en periode", "School", "Waarom"],
                dossier.exclusions.iter().map(exclusion).collect(),
            ),
            table(
                "brieven",
                "Brieven",
                "Zoals ze gemaakt zijn.",
                &["Wanneer", "Ronde", "Brief", "Tekst"],
                dossier.letters.iter().map(letter).collect(),
            ),
            table(
                "sporen",
                "Wie er iets mee deed",
                "Wijzigingen, downloads en inzage. Het openen van een gewone lijst wordt niet vastgelegd.",
                &["Wanneer", "Wat", "Waarover", "In welke rol", "Door"],
                dossier.traces.iter().rev().map(trace).collect(),
            ),
        ],
    }
}
