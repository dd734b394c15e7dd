//! Writes an example as the four workbooks, sheet by sheet, in the order of the import definitions.

use crate::offers::Offer;
use crate::plan::{Plan, Programme};
use crate::rng::Rng;
use crate::students::Student;
use crate::trainers::Trainer;
use crate::world::World;

/// One sheet: name, headers, rows.
pub(crate) struct Sheet {
    /// Name.
    pub(crate) name: &'static str,
    /// Headers.
    pub(crate) headers: Vec<String>,
    /// Rows, each as wide as the headers.
    pub(crate) rows: Vec<Vec<String>>,
}

impl Sheet {
    /// A sheet without rows.
    pub(crate) fn new(name: &'static str, headers: &[&str]) -> Self {
        Self { name, headers: headers.iter().map(|h| (*h).to_owned()).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, row: &[&str]) {
        self.rows.push(row.iter().map(|cell| (*cell).to_owned()).collect());
    }
}

/// Partnerships, programmes, boards, schools and what is asked of them.
pub(crate) fn partnerships(plan: &Plan, world: &World) -> Vec<Sheet> {
    vec![
        partnership_sheet(plan),
        programme_sheet(plan.programmes),
        board_sheet(world),
        school_sheet(world),
        condition_sheet(plan),
        quality_sheet(world),
    ]
}

fn partnership_sheet(plan: &Plan) -> Sheet {
    let mut sheet = Sheet::new("Partnerschappen", &["Partnerschap", "Status", "Onderwijsregio's", "Penvoerder", "Instituten", "Vanaf"]);
    for p in plan.partnerships {
        sheet.push(&[p.name, p.status, p.regions, p.lead, &p.institutes.join(";"), p.since]);
    }
    sheet
}

fn programme_sheet(programmes: &[Programme]) -> Sheet {
    let headers = [
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
    ];
    let mut sheet = Sheet::new("Opleidingen", &headers);
    for p in programmes {
        for (nth, (phase, kind)) in p.phases.iter().enumerate() {
            let nth = (nth + 1).to_string();
            sheet.push(&[p.brin, p.institute, p.croho, p.name, p.form, p.level, p.funded, &nth, phase, kind]);
        }
    }
    sheet
}

fn board_sheet(world: &World) -> Sheet {
    let headers = ["Bestuursnummer", "Bestuur", "Partnerschap", "Rol", "Vanaf", "Tot en met", "Maatje"];
    let mut sheet = Sheet::new("Besturen", &headers);
    for b in &world.boards {
        sheet.push(&[b.number, b.name, b.partnership, b.tier, b.since, "", b.buddy]);
    }
    sheet
}

fn school_sheet(world: &World) -> Sheet {
    let headers = [
        "BRIN",
        "Vestiging",
        "School",
        "Sector",
        "Postcode",
        "Plaats",
        "Bestuursnummer",
        "Partnerschap",
        "Rol",
        "Vanaf",
        "Tot en met",
        "Maatje",
        "Breedtegraad",
        "Lengtegraad",
    ];
    let mut sheet = Sheet::new("Scholen", &headers);
    for s in &world.schools {
        let mut push = |partnership: &str, tier: &str, since: &str, buddy: &str| {
            sheet.push(&[&s.code, "", &s.name, s.sector, &s.postcode, &s.place, &s.board, partnership, tier, since, "", buddy, "", ""]);
        };
        if s.members.is_empty() {
            push("", "", "", "");
        }
        for m in &s.members {
            push(m.partnership, m.tier, m.since, &m.buddy);
        }
    }
    sheet
}

fn condition_sheet(plan: &Plan) -> Sheet {
    let mut sheet = Sheet::new("Voorwaarden", &["Partnerschap", "Rol", "Voorwaarde", "Waarde"]);
    for c in plan.conditions {
        sheet.push(&[c.partnership, c.tier, c.kind, c.value]);
    }
    sheet
}

fn quality_sheet(world: &World) -> Sheet {
    let mut sheet = Sheet::new("Kwaliteit", &["BRIN", "Soort", "Waarde", "Vanaf", "Tot en met"]);
    for s in &world.schools {
        for (kind, value) in &s.evidence {
            sheet.push(&[&s.code, kind, value, "2025-08-01", ""]);
        }
    }
    sheet
}

/// Trainers and their qualifications.
pub(crate) fn trainers(world: &World, trainers: &[Trainer]) -> Vec<Sheet> {
    let headers = ["Opleidernummer", "Naam", "Soort", "Werkgever", "Capaciteit", "Scholen", "Vanaf"];
    let mut people = Sheet::new("Opleiders", &headers);
    let mut held = Sheet::new("Kwalificaties", &["Opleidernummer", "Kwalificatie", "Vanaf", "Geldig tot en met"]);
    for t in trainers {
        let capacity = t.capacity.map(|c| c.to_string()).unwrap_or_default();
        let schools: Vec<_> = t.schools.iter().filter_map(|at| world.schools.get(*at)).map(|s| s.code.as_str()).collect();
        people.push(&[&t.number, &t.name, t.kind, &t.employer, &capacity, &schools.join(";"), &t.since]);
        for (kind, from, until) in &t.qualifications {
            held.push(&[&t.number, kind, from, until]);
        }
    }
    vec![people, held]
}

/// The round, its periods and the places.
pub(crate) fn offers(plan: &Plan, world: &World, offers: &[Offer], rng: &mut Rng) -> Vec<Sheet> {
    let round = &plan.round;
    let headers = ["Ronde", "Schooljaar", "Partnerschappen", "Reistijdgrens", "Begeleiding buiten", "Aantal voorkeuren"];
    let mut rounds = Sheet::new("Rondes", &headers);
    let names: Vec<_> = plan.partnerships.iter().map(|p| p.name).collect();
    rounds.push(&[round.name, round.school_year, &names.join(";"), round.travel_limit, round.outside_guidance, &round.wishes.to_string()]);
    let mut periods = Sheet::new("Perioden", &["Ronde", "Periode", "Begin", "Einde"]);
    for p in plan.periods {
        periods.push(&[round.name, p.name, p.begins, p.ends]);
    }
    let mut places = Sheet::new("Plekken", &["Ronde", "BRIN", "Periode", "Fasen", "Groepen", "Dagen", "Aantal"]);
    for o in offers {
        let Some(school) = world.schools.get(o.school) else { continue };
        places.push(&[round.name, &school.code, o.period, &o.phases, &o.groups, &o.days, &o.count.to_string()]);
    }
    vec![rounds, periods, places, totals(plan, world, offers, rng)]
}

/// Some schools say how many they take at most; a few of them less than their offers add up to.
fn totals(plan: &Plan, world: &World, offers: &[Offer], rng: &mut Rng) -> Sheet {
    let mut sheet = Sheet::new("Schooltotalen", &["Ronde", "BRIN", "Periode", "Maximum"]);
    let mut seen = 0;
    for (at, school) in world.schools.iter().enumerate() {
        for period in plan.periods {
            let places: usize = offers.iter().filter(|o| o.school == at && o.period == period.name).map(|o| o.count).sum();
            if places < 4 || school.members.iter().all(|m| m.tier != "kern") || rng.chance(60) {
                continue;
            }
            seen += 1;
            let tight = plan.tight_school > 0 && seen % plan.tight_school == plan.tight_school - 1;
            let maximum = if tight { places - 1 } else { places };
            sheet.push(&[plan.round.name, &school.code, period.name, &maximum.to_string()]);
        }
    }
    sheet
}

/// Students with what they need and wish, one row for each period.
pub(crate) fn students(plan: &Plan, students: &[Student]) -> Vec<Sheet> {
    let mut headers: Vec<&str> = vec![
        "Ronde",
        "Instituut BRIN",
        "Studentnummer",
        "Voornaam",
        "Tussenvoegsel",
        "Achternaam",
        "Postcode",
        "Soort",
        "CROHO",
        "Vorm",
        "Startjaar",
        "Fase",
        "Periode",
        "Groepen",
        "Dagen",
        "Plaats nodig",
        "Partnerschap",
        "Reistijdgrens",
        "Vaste school",
        "Eerdere scholen",
    ];
    headers.extend(["Voorkeur 1", "Voorkeur 2", "Voorkeur 3", "Voorkeur 4", "Voorkeur 5"]);
    let mut sheet = Sheet::new("Studenten", &headers);
    for s in students {
        let Some(cohort) = plan.cohorts.get(s.cohort) else { continue };
        let limit = s.travel_limit.map(|m| m.to_string()).unwrap_or_default();
        let (earlier, year) = (s.earlier.join(";"), cohort.start_year.to_string());
        for d in &s.demands {
            let mut row = vec![
                plan.round.name,
                cohort.brin,
                &s.number,
                s.given_name,
                s.prefix,
                s.family_name,
                s.home,
                cohort.kind,
                cohort.croho,
                cohort.form,
                &year,
                cohort.phase,
                d.period,
                d.groups,
                d.days,
                s.needed,
                cohort.partnership,
                &limit,
                s.fixed_school.as_deref().unwrap_or_default(),
                &earlier,
            ];
            row.extend((0..5).map(|nth| d.wishes.get(nth).map(String::as_str).unwrap_or_default()));
            sheet.push(&row);
        }
    }
    vec![sheet]
}
