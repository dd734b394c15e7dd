//! Names of students in mails to schools.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kernschil_domain::ids::StudentId;
use kernschil_domain::privacy::ANONYMOUS;
use sea_orm::prelude::Uuid;

use crate::entity::{demands, letters, mails, offers, placements};
use crate::error::StorageError;
use crate::rows::{in_chunks, put};
use crate::store::WriteTx;

/// Takes the names of students out of mails to the schools where they have or had a place, whatever became of those mails:
/// such a mail lists everybody who comes. For the other students on the list it stays as it is.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn forget_in_mails(tx: &WriteTx, names: &BTreeMap<StudentId, Vec<String>>) -> Result<(), StorageError> {
    let at = schools_of(tx, names.keys().map(|id| id.0).collect()).await?;
    let schools: Vec<_> = at.keys().copied().collect();
    let told = in_chunks::<letters::Entity, _>(tx, letters::Column::SchoolId, &schools).await?;
    // A letter to a student names the school as well; her mails go with her address.
    let to_schools = told.into_iter().filter(|letter| letter.demand_id.is_none());
    let school_of: HashMap<_, _> = to_schools.filter_map(|letter| Some((letter.mail_id?, letter.school_id?))).collect();
    let ids: Vec<_> = school_of.keys().copied().collect();
    let mut changed = Vec::new();
    for mail in in_chunks::<mails::Entity, _>(tx, mails::Column::Id, &ids).await? {
        let here = school_of.get(&mail.id).and_then(|school| at.get(school)).into_iter().flatten();
        let telling = here.filter_map(|student| names.get(student)).flatten();
        let body = telling.fold(mail.body.clone(), |body, name| body.replace(name, ANONYMOUS));
        if body != mail.body {
            changed.push(mails::Model { body, ..mail });
        }
    }
    put(tx, changed).await
}

/// The schools where students have or had a place, with those students.
async fn schools_of(tx: &WriteTx, students: Vec<Uuid>) -> Result<HashMap<Uuid, BTreeSet<StudentId>>, StorageError> {
    let own = in_chunks::<demands::Entity, _>(tx, demands::Column::StudentId, &students).await?;
    let student_of: HashMap<_, _> = own.into_iter().map(|row| (row.id, StudentId(row.student_id))).collect();
    let asked: Vec<_> = student_of.keys().copied().collect();
    let given = in_chunks::<placements::Entity, _>(tx, placements::Column::DemandId, &asked).await?;
    let taken: BTreeSet<_> = given.iter().map(|row| row.offer_id).collect();
    let taken: Vec<_> = taken.into_iter().collect();
    let offered = in_chunks::<offers::Entity, _>(tx, offers::Column::Id, &taken).await?;
    let school_of: HashMap<_, _> = offered.into_iter().map(|row| (row.id, row.school_id)).collect();
    let mut at: HashMap<_, BTreeSet<_>> = HashMap::new();
    for placement in given {
        if let (Some(school), Some(student)) = (school_of.get(&placement.offer_id), student_of.get(&placement.demand_id)) {
            at.entry(*school).or_default().insert(*student);
        }
    }
    Ok(at)
}
