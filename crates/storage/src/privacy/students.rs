//! Students: who is known, since when a student takes part in nothing, and making students unrecognisable.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use kernschil_domain::ids::{RoundId, StudentId};
use kernschil_domain::privacy::{ANONYMOUS, FORGOTTEN_FILE};
use kernschil_domain::values::StudentNumber;
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::Value;

use crate::entity::{
    board_changes, demands, earlier_schools, enrolments, erasures, exclusions, imports, mutations, periods, placements, students,
    team_members, wishes, workplaces,
};
use crate::error::StorageError;
use crate::outbox;
use crate::rows::{all, in_chunks, put};
use crate::store::{Tx, WriteTx};

/// Ids in one statement.
const CHUNK: usize = 10_000;

/// Why somebody was made unrecognisable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErasureGround {
    /// The student asked for it.
    Request,
    /// The term has passed.
    Retention,
}

impl ErasureGround {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Retention => "retention",
        }
    }
}

/// The students who were not made unrecognisable.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn known(tx: &Tx) -> Result<Vec<StudentId>, StorageError> {
    let ids: Vec<Uuid> = students::Entity::find().select_only().column(students::Column::Id).into_tuple().all(tx.connection()).await?;
    let erased: HashSet<_> = all::<erasures::Entity>(tx).await?.into_iter().map(|row| row.student_id).collect();
    Ok(ids.into_iter().filter(|id| !erased.contains(id)).map(StudentId).collect())
}

/// Those of these students who were made unrecognisable.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn erased_among(tx: &Tx, of: &BTreeSet<StudentId>) -> Result<BTreeSet<StudentId>, StorageError> {
    let ids: Vec<_> = of.iter().map(|id| id.0).collect();
    let rows = in_chunks::<erasures::Entity, _>(tx, erasures::Column::StudentId, &ids).await?;
    Ok(rows.into_iter().map(|row| StudentId(row.student_id)).collect())
}

/// The rounds a student takes part in.
///
/// # Errors
/// [`StorageError::NotFound`] when there is no such student, or the student was made unrecognisable.
pub async fn of_student(tx: &Tx, id: StudentId) -> Result<BTreeSet<RoundId>, StorageError> {
    let exists = students::Entity::find_by_id(id.0).one(tx.connection()).await?.is_some();
    if !exists || erasures::Entity::find_by_id(id.0).one(tx.connection()).await?.is_some() {
        return Err(StorageError::NotFound);
    }
    let own = demands::Entity::find().filter(demands::Column::StudentId.eq(id.0)).all(tx.connection()).await?;
    Ok(own.into_iter().map(|row| RoundId(row.round_id)).collect())
}

/// The last day of the last round that each known student took part in. Who took part in none: the day the enrolment
/// ended, or else began.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn last_days(tx: &Tx) -> Result<BTreeMap<StudentId, NaiveDate>, StorageError> {
    let mut ends: HashMap<Uuid, NaiveDate> = HashMap::new();
    for period in all::<periods::Entity>(tx).await? {
        let end = ends.entry(period.round_id).or_insert(period.ends_on);
        *end = period.ends_on.max(*end);
    }
    let pairs: Vec<(Uuid, Uuid)> = demands::Entity::find()
        .select_only()
        .column(demands::Column::StudentId)
        .column(demands::Column::RoundId)
        .distinct()
        .into_tuple()
        .all(tx.connection())
        .await?;
    let mut in_rounds: HashMap<Uuid, NaiveDate> = HashMap::new();
    for (student, round) in pairs {
        let Some(end) = ends.get(&round) else { continue };
        let last = in_rounds.entry(student).or_insert(*end);
        *last = Ord::max(*end, *last);
    }
    let mut enrolled: HashMap<Uuid, NaiveDate> = HashMap::new();
    for row in all::<enrolments::Entity>(tx).await? {
        let day = row.valid_to.unwrap_or(row.valid_from);
        let last = enrolled.entry(row.student_id).or_insert(day);
        *last = day.max(*last);
    }
    let last = |id: StudentId| Some((id, *in_rounds.get(&id.0).or_else(|| enrolled.get(&id.0))?));
    Ok(known(tx).await?.into_iter().filter_map(last).collect())
}

/// Makes students unrecognisable: names and numbers are replaced; addresses, postcodes, maatwerk, exclusions, teams, the own
/// workplace, earlier schools, wishes, free text and mails go. What counts stays: programme, phase, demands, placements, and
/// that a letter was made; snapshots and letters hold no more than identifiers.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn anonymise(
    tx: &WriteTx,
    pseudonyms: &BTreeMap<StudentId, StudentNumber>,
    ground: ErasureGround,
    at: DateTime<Utc>,
) -> Result<(), StorageError> {
    let ids: Vec<_> = pseudonyms.keys().map(|id| id.0).collect();
    let rows = in_chunks::<students::Entity, _>(tx, students::Column::Id, &ids).await?;
    for address in rows.iter().filter_map(|row| row.email.as_deref()) {
        outbox::forget_address(tx, address).await?;
    }
    let unrecognisable = rows.into_iter().filter_map(|row| {
        let number = pseudonyms.get(&StudentId(row.id))?.to_string();
        Some(students::Model {
            number,
            given_name: String::new(),
            prefix: None,
            family_name: ANONYMOUS.to_owned(),
            postcode: None,
            travel_limit: None,
            fixed_school_id: None,
            email: None,
            travel_mode: None,
            ..row
        })
    });
    put(tx, unrecognisable.collect()).await?;
    for chunk in ids.chunks(CHUNK) {
        let these = earlier_schools::Column::StudentId.is_in(chunk.iter().copied());
        earlier_schools::Entity::delete_many().filter(these).exec(tx.connection()).await?;
        let own = workplaces::Column::StudentId.is_in(chunk.iter().copied());
        workplaces::Entity::delete_many().filter(own).exec(tx.connection()).await?;
    }
    let own = in_chunks::<demands::Entity, _>(tx, demands::Column::StudentId, &ids).await?;
    forget_wishes_and_reasons(tx, &own).await?;
    let erased = |id: &Uuid| erasures::Model { student_id: *id, erased_at: at, ground: ground.code().to_owned() };
    put(tx, ids.iter().map(erased).collect()).await
}

async fn forget_wishes_and_reasons(tx: &WriteTx, own: &[demands::Model]) -> Result<(), StorageError> {
    let ids: Vec<_> = own.iter().map(|row| row.id).collect();
    for chunk in ids.chunks(CHUNK) {
        let wished = wishes::Column::DemandId.is_in(chunk.iter().copied());
        wishes::Entity::delete_many().filter(wished).exec(tx.connection()).await?;
        let excluded = exclusions::Column::DemandId.is_in(chunk.iter().copied());
        exclusions::Entity::delete_many().filter(excluded).exec(tx.connection()).await?;
        let together = team_members::Column::DemandId.is_in(chunk.iter().copied());
        team_members::Entity::delete_many().filter(together).exec(tx.connection()).await?;
        placements::Entity::update_many()
            .col_expr(placements::Column::Reason, Expr::value(Option::<String>::None))
            .filter(placements::Column::DemandId.is_in(chunk.iter().copied()))
            .filter(placements::Column::Reason.is_not_null())
            .exec(tx.connection())
            .await?;
    }
    let demands: HashSet<_> = own.iter().map(|row| row.id.to_string()).collect();
    let rounds: BTreeSet<_> = own.iter().map(|row| row.round_id).collect();
    for round in rounds {
        let with_reason = board_changes::Entity::find()
            .filter(board_changes::Column::RoundId.eq(round))
            .filter(board_changes::Column::Steps.contains("\"reason\":\""));
        for change in with_reason.all(tx.connection()).await? {
            if let Some(steps) = without_reasons(&change.steps, &demands) {
                put(tx, vec![board_changes::Model { steps, ..change }]).await?;
            }
        }
        let with_note =
            mutations::Entity::find().filter(mutations::Column::RoundId.eq(round)).filter(mutations::Column::Note.is_not_null());
        let about = |row: &mutations::Model| demands.iter().any(|demand| row.subject.contains(demand));
        let forgotten = with_note.all(tx.connection()).await?.into_iter().filter(about).map(|row| mutations::Model { note: None, ..row });
        put(tx, forgotten.collect()).await?;
    }
    Ok(())
}

/// The steps of a change without the reasons about these demands; nothing when there are none to take out.
fn without_reasons(steps: &str, demands: &HashSet<String>) -> Option<String> {
    let mut steps: Value = serde_json::from_str(steps).ok()?;
    let mut any = false;
    for step in steps.as_array_mut()? {
        if !step["demand"].as_str().is_some_and(|id| demands.contains(id)) {
            continue;
        }
        for side in ["before", "after"] {
            if let Some(reason) = step.get_mut(side).and_then(|kept| kept.get_mut("reason")).filter(|reason| !reason.is_null()) {
                *reason = Value::Null;
                any = true;
            }
        }
    }
    any.then(|| steps.to_string())
}

/// Forgets the names of loaded files that `tells` something about somebody. Answers how many.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn forget_files(tx: &WriteTx, tells: impl Fn(&str) -> bool) -> Result<u64, StorageError> {
    let telling = all::<imports::Entity>(tx).await?.into_iter().filter(|row| row.file_name != FORGOTTEN_FILE && tells(&row.file_name));
    let rows: Vec<_> = telling.map(|row| imports::Model { file_name: FORGOTTEN_FILE.to_owned(), ..row }).collect();
    let count = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    put(tx, rows).await?;
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_reasons_about_these_demands_go() {
        let demands = HashSet::from(["a".to_owned()]);
        let steps = r#"[{"after":{"offer":"o","reason":"om Jan"},"before":null,"demand":"a"},{"after":{"reason":"blijft"},"demand":"b"}]"#;
        let left = without_reasons(steps, &demands).unwrap();
        assert!(!left.contains("om Jan") && left.contains("blijft") && left.contains(r#""offer":"o""#), "{left}");
        assert_eq!(without_reasons(&left, &demands), None);
        assert_eq!(without_reasons("kapot", &demands), None);
    }
}
