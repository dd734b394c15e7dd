//! The rules of a round, totals of boards, and what earlier rounds of its students say for those rules.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use kernschil_domain::codes::PlacementStatus;
use kernschil_domain::cohorts::Student;
use kernschil_domain::ids::{RoundId, SchoolId, StudentId, Version};
use kernschil_domain::registry::Registry;
use kernschil_domain::rounds::{BoardTotal, Past, Round, RoundRules};
use kernschil_domain::values::Groups;
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::entity::{board_totals, demands, offers, periods, placements, rounds};
use crate::error::StorageError;
use crate::rows::{in_chunks, put, read};
use crate::store::{Tx, WriteTx};

/// Gives a round other rules. Fails with `Stale` when somebody else changed it since `seen`.
///
/// # Errors
/// [`StorageError::Stale`].
pub async fn set_rules(tx: &WriteTx, round: RoundId, rules: &RoundRules, seen: Version) -> Result<Version, StorageError> {
    let policy = read(serde_json::to_string(&rules.policy).ok(), "rounds.policy")?;
    let done = rounds::Entity::update_many()
        .col_expr(rounds::Column::TravelLimit, Expr::value(rules.travel_limit.map(i32::from)))
        .col_expr(rounds::Column::OutsideGuidance, Expr::value(rules.outside_guidance.and_then(|count| i32::try_from(count).ok())))
        .col_expr(rounds::Column::MaxWishes, Expr::value(i32::from(rules.max_wishes)))
        .col_expr(rounds::Column::Seed, Expr::value(rules.seed.cast_signed()))
        .col_expr(rounds::Column::Policy, Expr::value(policy))
        .col_expr(rounds::Column::Version, Expr::value(seen.next().0))
        .filter(rounds::Column::Id.eq(round.0))
        .filter(rounds::Column::Version.eq(seen.0))
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 { Err(StorageError::Stale) } else { Ok(seen.next()) }
}

/// Gives a round other totals of boards; a board and period without one has no total any more. The version of the round
/// goes up with it, so that two who look at the same totals notice each other.
///
/// # Errors
/// [`StorageError::Stale`] when somebody else changed the round since `seen`.
pub async fn set_board_totals(tx: &WriteTx, round: RoundId, totals: &[BoardTotal], seen: Version) -> Result<Version, StorageError> {
    let done = rounds::Entity::update_many()
        .col_expr(rounds::Column::Version, Expr::value(seen.next().0))
        .filter(rounds::Column::Id.eq(round.0))
        .filter(rounds::Column::Version.eq(seen.0))
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 {
        return Err(StorageError::Stale);
    }
    board_totals::Entity::delete_many().filter(board_totals::Column::RoundId.eq(round.0)).exec(tx.connection()).await?;
    let row = |total: &BoardTotal| board_totals::Model {
        round_id: round.0,
        board_id: total.board.0,
        period_id: total.period.0,
        maximum: total.maximum,
    };
    put(tx, totals.iter().map(row).collect()).await?;
    Ok(seen.next())
}

/// One place of an earlier round.
struct EarlierPlace {
    student: StudentId,
    school: SchoolId,
    groups: Groups,
    starts_on: NaiveDate,
}

/// Where students were in earlier rounds: announced places in periods that began before `first_day`.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub(crate) async fn past(
    tx: &Tx,
    round: &Round,
    registry: &Registry,
    students: &BTreeMap<StudentId, Student>,
    first_day: NaiveDate,
) -> Result<HashMap<StudentId, Past>, StorageError> {
    let mut places = earlier_places(tx, round.id, students, first_day).await?;
    // The last trip is that of the latest period; by school where there are two of them.
    places.sort_by_key(|place| (place.starts_on, place.school));
    let mut past: HashMap<StudentId, Past> = HashMap::new();
    for place in places {
        let minutes = students.get(&place.student).and_then(|student| {
            let mode = student.travel_mode.unwrap_or(round.rules.policy.travel_mode);
            registry.minutes(student.postcode.as_ref()?, mode, registry.schools.get(&place.school)?)
        });
        let known = past.entry(place.student).or_default();
        if !known.schools.contains(&place.school) {
            known.schools.push(place.school);
        }
        known.groups.push(place.groups);
        known.last_trip = minutes;
    }
    Ok(past)
}

async fn earlier_places(
    tx: &Tx,
    round: RoundId,
    students: &BTreeMap<StudentId, Student>,
    first_day: NaiveDate,
) -> Result<Vec<EarlierPlace>, StorageError> {
    let began = periods::Entity::find().filter(periods::Column::StartsOn.lt(first_day)).filter(periods::Column::RoundId.ne(round.0));
    let began: HashMap<Uuid, NaiveDate> = began.all(tx.connection()).await?.into_iter().map(|row| (row.id, row.starts_on)).collect();
    if began.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = students.keys().map(|student| student.0).collect();
    let asked = in_chunks::<demands::Entity, _>(tx, demands::Column::StudentId, &ids).await?;
    let asked: HashMap<_, _> = asked.into_iter().filter_map(|row| Some((row.id, (row.student_id, *began.get(&row.period_id)?)))).collect();
    let ids: Vec<_> = asked.keys().copied().collect();
    let mut given = in_chunks::<placements::Entity, _>(tx, placements::Column::DemandId, &ids).await?;
    given.retain(|row| row.status == PlacementStatus::Announced.code());
    let ids: Vec<_> = given.iter().map(|row| row.offer_id).collect();
    let offered = in_chunks::<offers::Entity, _>(tx, offers::Column::Id, &ids).await?;
    let offered: HashMap<_, _> = offered.into_iter().map(|row| (row.id, row)).collect();
    let mut places = Vec::with_capacity(given.len());
    for row in given {
        let (Some((student, starts_on)), Some(offer)) = (asked.get(&row.demand_id), offered.get(&row.offer_id)) else { continue };
        places.push(EarlierPlace {
            student: StudentId(*student),
            school: SchoolId(offer.school_id),
            groups: Groups::from_bits(read(u8::try_from(offer.groups).ok(), "offers.groups")?),
            starts_on: *starts_on,
        });
    }
    Ok(places)
}
