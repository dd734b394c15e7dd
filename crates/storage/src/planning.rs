//! How a round goes: dates of its steps, what schools answered, totals of boards.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernschil_domain::codes::{AnswerState, RoundState};
use kernschil_domain::ids::{BoardId, PeriodId, RoundId, SchoolId};
use kernschil_domain::rounds::{BoardTotal, SchoolAnswer};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::entity::{board_totals, round_dates, school_answers};
use crate::error::StorageError;
use crate::rows::{put, read};
use crate::store::{Tx, WriteTx};

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
        Ok((school, SchoolAnswer { school, state, asked_on: row.asked_on, reminded_on: row.reminded_on, answered_on: row.answered_on }))
    };
    rows.into_iter().map(answer).collect()
}

/// Stores when each step of a round should be done; a step without a date has none any more.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn set_dates(tx: &WriteTx, round: RoundId, dates: &BTreeMap<RoundState, NaiveDate>) -> Result<(), StorageError> {
    round_dates::Entity::delete_many().filter(round_dates::Column::RoundId.eq(round.0)).exec(tx.connection()).await?;
    let row = |(state, due_on): (&RoundState, &NaiveDate)| round_dates::Model {
        round_id: round.0,
        state: state.code().to_owned(),
        due_on: *due_on,
    };
    put(tx, dates.iter().map(row).collect()).await
}

/// Stores what schools answered that gave no places.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn set_answers(tx: &WriteTx, round: RoundId, answers: &[SchoolAnswer]) -> Result<(), StorageError> {
    let row = |answer: &SchoolAnswer| school_answers::Model {
        round_id: round.0,
        school_id: answer.school.0,
        answer: answer.state.code().to_owned(),
        asked_on: answer.asked_on,
        reminded_on: answer.reminded_on,
        answered_on: answer.answered_on,
    };
    put(tx, answers.iter().map(row).collect()).await
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
