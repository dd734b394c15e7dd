//! Who hears of a mutation: students whose place changed, and schools that somebody leaves or comes to. Nobody else.

use std::collections::BTreeSet;

use kernschil_domain::ids::{RoundId, SchoolId};
use kernschil_domain::mutations::{Audience, Mutation, SnapshotKind};
use kernschil_domain::placements::Placement;
use kernschil_domain::rounds::RoundData;
use kernschil_storage::announcements as waves;
use kernschil_storage::{Tx, WriteTx, rounds};

use super::plan::PlanOption;
use crate::announcements::{self, LetterChange};
use crate::error::AppError;
use crate::steps::was_told;
use crate::{Actor, App};

/// How many letters go out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) students: usize,
    pub(super) schools: usize,
}

/// Who knows of the placements: while students were not told yet, only schools hear of changes.
pub(super) async fn audience(tx: &Tx, round: RoundId) -> Result<Audience, AppError> {
    let known = waves::waves(tx, round).await?;
    Ok(if was_told(&known, Audience::Students) { Audience::Everybody } else { Audience::Schools })
}

/// How many letters an option brings.
pub(super) fn count(data: &RoundData, option: &PlanOption, audience: Audience) -> Told {
    let offers = option.moves.iter().flat_map(|one| one.from.map(|(_, offer)| offer).into_iter().chain(one.to.map(|seat| seat.offer)));
    let schools: BTreeSet<SchoolId> = offers.filter_map(|offer| data.offers.get(&offer)).map(|offer| offer.school).collect();
    let students = if audience == Audience::Schools { 0 } else { option.moves.len() };
    Told { students, schools: schools.len() }
}

/// Freezes the round as it is now, and makes the letters.
pub(super) async fn tell(
    app: &App,
    actor: &Actor,
    tx: &WriteTx,
    before: &RoundData,
    mutation: &Mutation,
    option: &PlanOption,
    made: &[Placement],
) -> Result<Told, AppError> {
    let after = rounds::picture(tx, &before.round.slug).await?;
    announcements::freeze(app, tx, actor, &after, SnapshotKind::Mutation).await?;
    let audience = audience(tx, before.round.id).await?;
    let new = |one: &super::Move| made.iter().find(|placement| placement.demand == one.demand).map(|placement| placement.id);
    let changes: Vec<_> =
        option.moves.iter().map(|one| LetterChange { demand: one.demand, before: one.from.map(|(id, _)| id), after: new(one) }).collect();
    if !changes.is_empty() {
        announcements::letters_for(app, tx, actor, &after, audience, Some(mutation.id), &changes).await?;
    }
    Ok(count(before, option, audience))
}
