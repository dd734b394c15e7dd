//! What is done with a review afterwards: actions with an owner, a date and how far they are. They can be made once the
//! report was sent to the receiving side, and stay open to change after the review was closed; the next review begins
//! with them.

mod changing;
mod export;
mod previous;

use chrono::NaiveDate;
use kernschil_domain::access::Permission;
use kernschil_domain::frameworks::{FrameworkContent, Part};
use kernschil_domain::reviews::{FollowUp, FollowUpStatus, Review, ReviewState};
use kernschil_storage::Tx;
use kernschil_storage::reviews::{follow_ups, gates};

use super::members as people;
use super::reflection::framework_of;
use super::sight::{self, Known};
use super::weighing::{ToldFinding, as_sent};
use crate::error::AppError;
use crate::{Actor, App};

pub use changing::{ACTIONS, FollowUpDraft, add, change};
pub use export::workbook;
pub use previous::{Previous, previous};

/// What a list of follow-ups is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FollowUpOrder {
    /// By date, those without one last.
    #[default]
    Due,
    /// By how far they are.
    Status,
    /// By the part of the framework, those without a finding last.
    Part,
}

/// What somebody asks of a list of follow-ups.
#[derive(Debug, Clone, Default)]
pub struct FollowUpQuery {
    /// Only those that are so far.
    pub status: Option<FollowUpStatus>,
    /// Only those in which this stands: what is done, by whom, or what came of it.
    pub text: Option<String>,
    /// The order.
    pub order: FollowUpOrder,
}

/// A follow-up with the finding it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUpItem {
    /// The follow-up.
    pub follow_up: FollowUp,
    /// The joint finding it comes from, where it comes from one, as the report says it.
    pub finding: Option<ToldFinding>,
    /// Days that it is late; zero when it is not, or is done or dropped.
    pub days_late: i64,
}

impl FollowUpItem {
    /// The part of the framework it is about, where it comes from a finding.
    pub fn part(&self) -> Option<&Part> {
        self.finding.as_ref().map(|finding| &finding.part)
    }
}

/// The follow-ups of a review.
#[derive(Debug, Clone)]
pub struct FollowUps {
    /// The review.
    pub review: Review,
    /// What the framework says.
    pub content: FrameworkContent,
    /// The follow-ups that were asked for, in the order that was asked for.
    pub items: Vec<FollowUpItem>,
    /// How many there are in all.
    pub total: usize,
    /// The joint findings of the report, to make follow-ups of; nothing before it was sent.
    pub joint: Vec<ToldFinding>,
    /// Whether the reader makes and changes follow-ups.
    pub can_change: bool,
    /// Why there can be none yet or any more; nothing while there can.
    pub locked: Option<String>,
}

/// Why no follow-up can be made or changed.
async fn lock(tx: &Tx, review: &Review) -> Result<Option<String>, AppError> {
    if review.state == ReviewState::Cancelled {
        return Ok(Some("Deze peer review is vervallen. Er valt niets op te volgen.".to_owned()));
    }
    if review.state == ReviewState::Closed || gates::was_sent(tx, review.id).await? {
        return Ok(None);
    }
    Ok(Some(
        "Opvolging begint als het panel het rapport ter reactie heeft gestuurd. Bekijk in het dossier waar de review staat.".to_owned(),
    ))
}

fn days_late(follow_up: &FollowUp, today: NaiveDate) -> i64 {
    let due = follow_up.due_on.filter(|_| follow_up.status.is_to_do());
    due.map_or(0, |due| (today - due).num_days().max(0))
}

async fn items(tx: &Tx, review: &Review, told: &[ToldFinding], today: NaiveDate) -> Result<Vec<FollowUpItem>, AppError> {
    let item = |follow_up: FollowUp| FollowUpItem {
        finding: told.iter().find(|finding| Some(finding.id) == follow_up.finding).cloned(),
        days_late: days_late(&follow_up, today),
        follow_up,
    };
    Ok(follow_ups::of_review(tx, review.id).await?.into_iter().map(item).collect())
}

fn asked(content: &FrameworkContent, mut items: Vec<FollowUpItem>, query: &FollowUpQuery) -> Vec<FollowUpItem> {
    if let Some(status) = query.status {
        items.retain(|item| item.follow_up.status == status);
    }
    if let Some(text) = query.text.as_ref().map(|text| text.to_lowercase()) {
        let holds = |field: &str| field.to_lowercase().contains(&text);
        items.retain(|item| {
            let action = &item.follow_up;
            holds(&action.text) || holds(&action.owner) || holds(&action.result)
        });
    }
    let due = |item: &FollowUpItem| item.follow_up.due_on.unwrap_or(NaiveDate::MAX);
    match query.order {
        FollowUpOrder::Due => items.sort_by_key(due),
        FollowUpOrder::Status => items.sort_by_key(|item| (item.follow_up.status, due(item))),
        FollowUpOrder::Part => {
            let parts: Vec<_> = content.parts().collect();
            let place = |item: &FollowUpItem| parts.iter().position(|part| Some(part) == item.part()).unwrap_or(usize::MAX);
            items.sort_by_key(|item| (place(item), due(item)));
        }
    }
    items
}

/// The follow-ups of a review, for everybody who may read its dossier.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`].
pub async fn list(app: &App, actor: &Actor, slug: &str, query: &FollowUpQuery) -> Result<FollowUps, AppError> {
    app.store.read(async |tx| load(app, tx, actor, slug, query).await).await
}

async fn load(app: &App, tx: &Tx, actor: &Actor, slug: &str, query: &FollowUpQuery) -> Result<FollowUps, AppError> {
    let known: Known = sight::review(tx, actor, slug, Permission::ReadReview).await?;
    let content = framework_of(tx, known.review.framework).await?.content;
    let told = as_sent(tx, &content, known.review.id).await?;
    let all = items(tx, &known.review, &told, app.clock.today()).await?;
    let locked = lock(tx, &known.review).await?;
    Ok(FollowUps {
        total: all.len(),
        items: asked(&content, all, query),
        joint: if locked.is_none() { told } else { Vec::new() },
        can_change: people::manages(actor, &known),
        review: known.review,
        content,
        locked,
    })
}
