//! Trainers, the schools they cover, and their qualifications.

use std::collections::{BTreeSet, HashSet};

use kernschil_domain::ids::{SchoolId, TrainerId};
use kernschil_domain::registry::{Employer, Qualification, Registry, Trainer, TrainerSchool};
use kernschil_spreadsheets::Located;
use kernschil_spreadsheets::parse::{EmployerCode, TrainerRow, TrainersFile};

use super::codes;
use super::dated::Timelines;
use super::diff::{Staged, Table};
use super::findings::{Place, problem};
use super::keys::{Keys, id_of};
use super::lookup::{self, Source};
use super::members::{self, Listed};
use super::planner::Planner;

/// Plans a trainers file.
pub(super) fn plan(file: &TrainersFile, registry: &Registry, planner: &mut Planner<'_>) {
    let mut keys = Keys::of(registry);
    let (mut trainers, mut covered) = (Staged::default(), Timelines::default());
    let (mut accepted, mut refused) = (HashSet::new(), HashSet::new());
    for row in &file.trainers {
        let named = schools_of(row, &keys, planner);
        let employer = employer(row, &keys, planner);
        let number = row.value.number.as_str().to_lowercase();
        if refuse(row, &named, employer, registry, &keys, planner) {
            refused.insert(number);
            continue;
        }
        let id = id_of(&mut keys.trainers, number, planner.ids);
        accepted.insert(id);
        let Some(employer) = employer else { continue };
        let trainer = trainer(row, id, employer, registry, planner);
        if let Some(named) = named.into_iter().collect::<Option<Vec<_>>>() {
            cover(row, trainer.id, &named, registry, planner, &mut covered);
        }
        trainers.put(trainer.id, trainer);
    }
    let (rows, counts) = trainers.settle(|id| registry.trainers.get(id));
    planner.rows.registry.trainers = rows;
    planner.tally.add(Table::Trainers, counts);
    let (changes, counts) = covered.settle();
    planner.rows.registry.trainer_schools =
        changes.into_iter().map(|c| TrainerSchool { trainer: c.key.0, school: c.key.1, span: c.now.span }).collect();
    planner.tally.add(Table::TrainerSchools, counts);
    // Beside the sheet of trainers a trainer out of reach is one who does not exist.
    keys.trainers.retain(|_, id| accepted.contains(id) || registry.trainers.get(id).is_some_and(|known| is_hers(known, registry, planner)));
    qualifications(file, registry, &keys, &refused, planner);
}

fn employer(row: &Located<TrainerRow>, keys: &Keys, planner: &mut Planner<'_>) -> Option<Employer> {
    let at = (Place::of("trainers", row), "employer");
    match &row.value.employer {
        EmployerCode::Board(number) => lookup::board(planner, keys, Source::Before, at, number).map(Employer::Board),
        EmployerCode::Institute(brin) => lookup::institute(planner, keys, Source::Before, at, brin).map(Employer::Institute),
    }
}

/// The schools in the cell, each of them where it is known.
fn schools_of(row: &Located<TrainerRow>, keys: &Keys, planner: &mut Planner<'_>) -> Vec<Option<SchoolId>> {
    let at = (Place::of("trainers", row), "schools");
    row.value.schools.iter().map(|code| lookup::school(planner, keys, Source::Before, at, code)).collect()
}

/// The schools that a trainer covers, or will cover.
fn covered_by(trainer: TrainerId, registry: &Registry, planner: &Planner<'_>) -> BTreeSet<SchoolId> {
    let links = registry.trainer_schools.values().flatten().filter(|link| link.trainer == trainer);
    links.filter(|link| link.span.until.is_none_or(|until| until > planner.today)).map(|link| link.school).collect()
}

fn is_hers(trainer: &Trainer, registry: &Registry, planner: &Planner<'_>) -> bool {
    planner.reach.holds_trainer(registry, &covered_by(trainer.id, registry, planner), trainer.employer)
}

/// Whether a row is out of reach; then that is reported, and nothing else about the trainer. What the row itself says
/// comes first, so that a trainer of others is answered like one who does not exist for as long as that can be.
fn refuse(
    row: &Located<TrainerRow>,
    named: &[Option<SchoolId>],
    employer: Option<Employer>,
    registry: &Registry,
    keys: &Keys,
    planner: &mut Planner<'_>,
) -> bool {
    let place = Place::of("trainers", row);
    let known = keys.trainers.get(&row.value.number.as_str().to_lowercase()).and_then(|id| registry.trainers.get(id));
    let is_known_as_hers = known.is_some_and(|known| is_hers(known, registry, planner));
    let mut all = named.iter().flatten();
    if let Some(school) = all.find(|school| !planner.reach.holds_member(registry, **school)) {
        let code = registry.schools.get(school).map(|school| school.code.to_string()).unwrap_or_default();
        let message = format!("School {code} valt buiten uw bereik.");
        planner.found.out_of_reach(Some((place, "schools")), message, ADVICE);
        return true;
    }
    let keeps_schools = is_known_as_hers && known.is_some_and(|known| !covered_by(known.id, registry, planner).is_empty());
    if named.is_empty()
        && !keeps_schools
        && employer.is_some_and(|employer| !planner.reach.holds_trainer(registry, &BTreeSet::new(), employer))
    {
        let message = "Bij deze opleider staat geen school, en de werkgever valt buiten uw bereik.";
        planner.found.out_of_reach(Some((place, "schools")), message, ADVICE);
        return true;
    }
    if known.is_some() && !is_known_as_hers {
        planner.found.out_of_reach(Some((place, "number")), "Deze opleider valt buiten uw bereik.", ADVICE);
        return true;
    }
    false
}

/// What to do about a trainer who is out of reach.
const ADVICE: &str = "Laad alleen opleiders van scholen van uw eigen partnerschap, of vraag de regiocoördinator.";

fn trainer(row: &Located<TrainerRow>, id: TrainerId, employer: Employer, registry: &Registry, planner: &mut Planner<'_>) -> Trainer {
    let capacity = if planner.found.has_column(Place::of("trainers", row), "capacity") {
        row.value.capacity
    } else {
        registry.trainers.get(&id).and_then(|known| known.capacity)
    };
    let (number, name) = (row.value.number.to_string(), row.value.name.to_string());
    Trainer { id, number, name, kind: row.value.kind, employer, capacity }
}

/// The cell names all schools of the trainer from a day on.
fn cover(
    row: &Located<TrainerRow>,
    trainer: TrainerId,
    named: &[SchoolId],
    registry: &Registry,
    planner: &mut Planner<'_>,
    covered: &mut Timelines<(TrainerId, SchoolId), ()>,
) {
    let place = Place::of("trainers", row);
    if named.is_empty() {
        return;
    }
    let known = registry.trainer_schools.values().flatten().filter(|link| link.trainer == trainer);
    let known: Vec<_> = known.map(|link| (link.school, link.span)).collect();
    let listed = Listed { owner: trainer, named, from: row.value.valid_from, known: &known };
    for (school, end) in members::align(&listed, covered) {
        let code = registry.schools.get(&school).map(|s| s.code.to_string()).unwrap_or_default();
        let message = format!("Opleider {} begeleidt nu ook school {code}. Die staat hier niet bij. {}", row.value.number, end.dutch());
        let advice = "Begeleidt de opleider deze school nog, zet haar code dan erbij. Anders hoeft u niets te doen.";
        planner.found.warning(place, "schools", problem(codes::TRAINER_LEAVES, message, advice));
    }
}

fn qualifications(file: &TrainersFile, registry: &Registry, keys: &Keys, refused: &HashSet<String>, planner: &mut Planner<'_>) {
    let mut staged = Staged::default();
    for row in &file.qualifications {
        let number = row.value.number.as_str().to_lowercase();
        if refused.contains(&number) {
            continue;
        }
        let Some(trainer) = keys.trainers.get(&number).copied() else {
            let message = format!("Opleider {} staat niet op het blad Opleiders, en is ook niet bekend.", row.value.number);
            let what = problem(codes::TRAINER_UNKNOWN, message, "Zet de opleider op het blad Opleiders, of verander het nummer.");
            lookup::unknown(planner, Source::SameFile, Place::of("qualifications", row), "number", what);
            continue;
        };
        staged.put((trainer, row.value.kind, row.value.span.from), Qualification { trainer, kind: row.value.kind, span: row.value.span });
    }
    let (rows, counts) = staged
        .settle(|(trainer, kind, from)| registry.qualifications.get(trainer)?.iter().find(|q| q.kind == *kind && q.span.from == *from));
    planner.rows.registry.qualifications = rows;
    planner.tally.add(Table::Qualifications, counts);
}
