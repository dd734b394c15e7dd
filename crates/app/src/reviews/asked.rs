//! What somebody was asked about a review and did not answer: whether she takes part, and on which days she can come.

use chrono::NaiveDate;
use kernschil_domain::reviews::{Review, ReviewMember, ReviewState};
use kernschil_storage::Tx;
use kernschil_storage::reviews::{members, poll};

use super::members::path;
use super::poll::path as poll_path;
use super::waiting::{Lateness, Waiting};
use crate::App;
use crate::error::AppError;

fn is_over(review: &Review) -> bool {
    matches!(review.state, ReviewState::Closed | ReviewState::Cancelled)
}

/// Days that were proposed and still come, without an answer of a member; none once one of the proposed days was chosen.
pub(super) async fn open_days(tx: &Tx, review: &Review, member: &ReviewMember, today: NaiveDate) -> Result<Vec<NaiveDate>, AppError> {
    let mut days = poll::days(tx, review.id).await?;
    if review.held_on.is_some() || review.visit_on.is_some_and(|day| days.contains(&day)) {
        return Ok(Vec::new());
    }
    let answers = poll::answers(tx, &[member.id]).await?;
    days.retain(|day| today <= *day && answers.iter().all(|answer| answer.day != *day));
    Ok(days)
}

/// What the reader was asked herself in a review and did not answer.
pub(super) async fn waiting(app: &App, tx: &Tx, review: &Review, own: Option<&ReviewMember>) -> Result<Vec<Waiting>, AppError> {
    let Some(own) = own.filter(|_| !is_over(review)) else { return Ok(Vec::new()) };
    let waits = |path, sentence| Waiting { review: review.name.clone(), path, sentence, due_on: None, late: Lateness::InTime };
    let mut found = Vec::new();
    if own.answer.is_none() {
        found.push(waits(path(&review.slug), format!("U bent gevraagd als {}. Laat weten of u meedoet.", own.role.dutch())));
    }
    if !open_days(tx, review, own, app.clock.today()).await?.is_empty() {
        found.push(waits(poll_path(&review.slug), "Laat weten op welke dagen u kunt voor het bezoek.".to_owned()));
    }
    Ok(found)
}

/// Where somebody with an address goes who made her account: to the review that she was asked for and gave no answer to; to the start when
/// there is none, or more than one.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub async fn first_page(app: &App, email: &str) -> Result<String, AppError> {
    app.store
        .read(async |tx| {
            let asked = members::all(tx).await?.into_iter().filter(|member| member.email == email && member.answer.is_none());
            let asked: Vec<_> = asked.map(|member| member.review).collect();
            let all = kernschil_storage::reviews::list(tx).await?;
            let mut open = all.iter().filter(|review| asked.contains(&review.id) && !is_over(review));
            Ok(match (open.next(), open.next()) {
                (Some(review), None) => path(&review.slug),
                _ => "/".to_owned(),
            })
        })
        .await
}
