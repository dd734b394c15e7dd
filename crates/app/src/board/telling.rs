//! Changes of the board as Dutch sentences.

use kernschil_domain::codes::{Hold, Turn};
use kernschil_domain::ids::{DemandId, OfferId};
use kernschil_domain::rounds::RoundData;
use kernschil_storage::placements::StoredChange;

use super::change::{ChangeView, Step, steps_of};
use crate::labels;

/// A change that can still be undone, as the reader may know it.
pub(super) fn change_view(data: &RoundData, change: &StoredChange) -> Option<ChangeView> {
    let steps = steps_of(change)?;
    let known = steps.iter().flat_map(Step::demands).all(|demand| data.demands.contains_key(&demand));
    if !known || !steps.iter().all(|step| step.holds(data)) {
        return None;
    }
    Some(ChangeView { id: change.id, made_at: change.made_at, sentence: sentence(data, &change.kind, &steps)? })
}

fn sentence(data: &RoundData, kind: &str, steps: &[Step]) -> Option<String> {
    match (kind, steps) {
        ("bulk", _) => bulk(steps),
        ("swap", [Step::Place { demand: one, after: Some(there), .. }, Step::Place { demand: other, after: Some(here), .. }]) => {
            Some(format!(
                "{} en {} hebben van plek gewisseld: nu bij {} en {}.",
                student(data, *one)?,
                student(data, *other)?,
                school(data, there.offer)?,
                school(data, here.offer)?
            ))
        }
        _ => {
            let sentences: Option<Vec<_>> = steps.iter().map(|step| of_step(data, step)).collect();
            Some(sentences?.join(" "))
        }
    }
}

fn of_step(data: &RoundData, step: &Step) -> Option<String> {
    Some(match step {
        Step::Place { demand, before, after } => {
            let student = student(data, *demand)?;
            match (before, after) {
                (None, Some(after)) => format!("{student} is geplaatst bij {}.", school(data, after.offer)?),
                (Some(before), Some(after)) => {
                    format!("{student} is verplaatst van {} naar {}.", school(data, before.offer)?, school(data, after.offer)?)
                }
                (Some(before), None) => format!("{student} heeft geen plaats meer bij {}.", school(data, before.offer)?),
                (None, None) => return None,
            }
        }
        Step::Hold { demand, offer, after, .. } => {
            let (student, school) = (student(data, *demand)?, school(data, *offer)?);
            match after {
                Hold::Pinned => format!("De plek van {student} bij {school} is vastgezet."),
                Hold::Free => format!("De plek van {student} bij {school} is niet meer vastgezet."),
            }
        }
        Step::Exclusion { demand, school, after, .. } => {
            let (student, school) = (student(data, *demand)?, labels::school(data, *school));
            match after {
                Some(category) => format!("{school} is uitgesloten voor {student}, {}.", category.dutch()),
                None => format!("{school} is niet meer uitgesloten voor {student}."),
            }
        }
        Step::Turn { demand, after, .. } => {
            let student = student(data, *demand)?;
            match after {
                Turn::LeftOut => format!("{student} is overgeslagen bij het volgende voorstel."),
                Turn::TakesPart => format!("{student} doet weer mee bij het volgende voorstel."),
            }
        }
        Step::Team { before, after, .. } => match (before, after) {
            (None, Some(team)) => format!("Team {} is gemaakt met {}.", team.name, students(team.members.len())),
            (Some(_), Some(team)) => format!("Team {} is gewijzigd: nu {}.", team.name, students(team.members.len())),
            (Some(team), None) => format!("Team {} is opgeheven.", team.name),
            (None, None) => return None,
        },
    })
}

/// One sentence for many: what most steps have in common is that they did the same.
fn bulk(steps: &[Step]) -> Option<String> {
    let count = steps
        .iter()
        .filter(|step| std::mem::discriminant(*step) == steps.first().map_or(std::mem::discriminant(*step), std::mem::discriminant))
        .count();
    Some(match steps.first()? {
        Step::Hold { after: Hold::Pinned, .. } => format!("{} vastgezet.", places(count, "is", "zijn")),
        Step::Hold { after: Hold::Free, .. } => format!("{} niet meer vastgezet.", places(count, "is", "zijn")),
        Step::Turn { after: Turn::LeftOut, .. } if count == 1 => "1 student is overgeslagen bij het volgende voorstel.".to_owned(),
        Step::Turn { after: Turn::LeftOut, .. } => format!("{count} studenten zijn overgeslagen bij het volgende voorstel."),
        Step::Turn { after: Turn::TakesPart, .. } if count == 1 => "1 student doet weer mee bij het volgende voorstel.".to_owned(),
        Step::Turn { after: Turn::TakesPart, .. } => format!("{count} studenten doen weer mee bij het volgende voorstel."),
        Step::Place { .. } if count == 1 => "1 student heeft geen plek meer.".to_owned(),
        Step::Place { .. } => format!("{count} studenten hebben geen plek meer."),
        Step::Exclusion { .. } | Step::Team { .. } => return None,
    })
}

fn places(count: usize, one: &str, several: &str) -> String {
    if count == 1 { format!("1 plek {one}") } else { format!("{count} plekken {several}") }
}

fn students(count: usize) -> String {
    if count == 1 { "1 student".to_owned() } else { format!("{count} studenten") }
}

fn student(data: &RoundData, demand: DemandId) -> Option<String> {
    Some(data.students.get(&data.demands.get(&demand)?.student)?.full_name())
}

fn school(data: &RoundData, offer: OfferId) -> Option<String> {
    Some(labels::school(data, data.offers.get(&offer)?.school))
}
