//! How a round goes: dates of its steps, what schools answered, totals of boards.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernschil_domain::codes::{AnswerState, RoundState};
use kernschil_domain::ids::{BoardId, PeriodId, RoundId, SchoolId};
use kernschil_domain::rounds::{BoardTotal, SchoolAnswer};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::entity::{board_totals, round_dates, school_answers};
use crate::error::StorageError;
use crate::rows::read;
use crate::store::Tx;

/// When each step of a round should be done.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn dates(tx: &Tx, round: RoundId) -> Result<BTreeMap<RoundState, NaiveDate>, StorageError> {
    let rows = round_dates::Entity::find().filter(round_dates::Column::RoundId.eq(round.0)).all(tx.connection()).await?;
    rows.into_iter().map(|row| Ok((read(RoundState::parse(&row.state), "round_dates.state")?, row.due_on))).collect()
}

/// What schools answered that gave no places.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn answers(tx: &Tx, round: RoundId) -> Result<BTreeMap<SchoolId, SchoolAnswer>, StorageError> {
    let rows = school_answers::Entity::find().filter(school_answers::Column::RoundId.eq(round.0)).all(tx.connection()).await?;
    let answer = |row: school_answers::Model| {
        let state = read(AnswerState::parse(&row.answer), "school_answers.answer")?;
        let school = SchoolId(row.school_id);
        Ok((school, SchoolAnswer { school, state, asked_on: row.asked_on, answered_on: row.answered_on }))
    };
    rows.into_iter().map(answer).collect()
}

/// Totals of boards in a round.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn board_totals(tx: &Tx, round: RoundId) -> Result<Vec<BoardTotal>, StorageError> {
    let rows = board_totals::Entity::find().filter(board_totals::Column::RoundId.eq(round.0)).all(tx.connection()).await?;
    let total =
        |row: board_totals::Model| BoardTotal { board: BoardId(row.board_id), period: PeriodId(row.period_id), maximum: row.maximum };
    Ok(rows.into_iter().map(total).collect())
}
