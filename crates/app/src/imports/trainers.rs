//! Trainers, the schools they cover, and their qualifications.

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
    for row in &file.trainers {
        let Some(trainer) = trainer(row, registry, &mut keys, planner) else { continue };
        schools(row, trainer.id, registry, &keys, planner, &mut covered);
        trainers.put(trainer.id, trainer);
    }
    let (rows, counts) = trainers.settle(|id| registry.trainers.get(id));
    planner.rows.registry.trainers = rows;
    planner.tally.add(Table::Trainers, counts);
    let (changes, counts) = covered.settle();
    planner.rows.registry.trainer_schools =
        changes.into_iter().map(|c| TrainerSchool { trainer: c.key.0, school: c.key.1, span: c.now.span }).collect();
    planner.tally.add(Table::TrainerSchools, counts);
    qualifications(file, registry, &keys, planner);
}

fn trainer(row: &Located<TrainerRow>, registry: &Registry, keys: &mut Keys, planner: &mut Planner<'_>) -> Option<Trainer> {
    let place = Place::of("trainers", row);
    let employer = match &row.value.employer {
        EmployerCode::Board(number) => lookup::board(planner, keys, Source::Before, (place, "employer"), number).map(Employer::Board),
        EmployerCode::Institute(brin) => {
            lookup::institute(planner, keys, Source::Before, (place, "employer"), brin).map(Employer::Institute)
        }
    };
    let id: TrainerId = id_of(&mut keys.trainers, row.value.number.as_str().to_lowercase(), planner.ids);
    let capacity = if planner.found.has_column(place, "capacity") {
        row.value.capacity
    } else {
        registry.trainers.get(&id).and_then(|known| known.capacity)
    };
    Some(Trainer {
        id,
        number: row.value.number.to_string(),
        name: row.value.name.to_string(),
        kind: row.value.kind,
        employer: employer?,
        capacity,
    })
}

/// The cell names all schools of the trainer from a day on.
fn schools(
    row: &Located<TrainerRow>,
    trainer: TrainerId,
    registry: &Registry,
    keys: &Keys,
    planner: &mut Planner<'_>,
    covered: &mut Timelines<(TrainerId, SchoolId), ()>,
) {
    let place = Place::of("trainers", row);
    let found: Vec<_> =
        row.value.schools.iter().map(|code| lookup::school(planner, keys, Source::Before, (place, "schools"), code)).collect();
    let Some(named) = found.into_iter().collect::<Option<Vec<_>>>() else { return };
    if named.is_empty() {
        return;
    }
    let known = registry.trainer_schools.values().flatten().filter(|link| link.trainer == trainer);
    let known: Vec<_> = known.map(|link| (link.school, link.span)).collect();
    let listed = Listed { owner: trainer, named: &named, from: row.value.valid_from, known: &known };
    for (school, end) in members::align(&listed, covered) {
        let code = registry.schools.get(&school).map(|s| s.code.to_string()).unwrap_or_default();
        let message = format!("Opleider {} begeleidt nu ook school {code}. Die staat hier niet bij. {}", row.value.number, end.dutch());
        let advice = "Begeleidt de opleider deze school nog, zet haar code dan erbij. Anders hoeft u niets te doen.";
        planner.found.warning(place, "schools", problem(codes::TRAINER_LEAVES, message, advice));
    }
}

fn qualifications(file: &TrainersFile, registry: &Registry, keys: &Keys, planner: &mut Planner<'_>) {
    let mut staged = Staged::default();
    for row in &file.qualifications {
        let Some(trainer) = keys.trainers.get(&row.value.number.as_str().to_lowercase()).copied() else {
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
