//! What was done with the previous review: the first page of the next. Who takes part in the next review reads it, also
//! when the previous one is out of her reach.

use kernschil_domain::access::Permission;
use kernschil_domain::frameworks::{FrameworkContent, PartCode, Safeguard};
use kernschil_domain::reviews::Review;
use kernschil_storage::reviews as stored;

use super::{FollowUpItem, FollowUpOrder, FollowUpQuery, asked, items};
use crate::error::AppError;
use crate::reviews::reflection::framework_of;
use crate::reviews::sight;
use crate::reviews::weighing::as_sent;
use crate::{Actor, App};

/// What was done with the review before a review.
#[derive(Debug, Clone)]
pub struct Previous {
    /// The review that begins with it.
    pub review: Review,
    /// The review before it. What it found of an aspirant is left out.
    pub previous: Review,
    /// Whether the reader may open the dossier of the one before.
    pub may_open: bool,
    /// What the framework of the one before says.
    pub content: FrameworkContent,
    /// What was done with it, in the order of its framework.
    pub items: Vec<FollowUpItem>,
}

impl Previous {
    /// Follow-ups per safeguard of the framework of the previous review; those that come from no finding last.
    pub fn groups(&self) -> Vec<(Option<&Safeguard>, Vec<&FollowUpItem>)> {
        let of = |code: Option<&PartCode>| self.items.iter().filter(|item| self.group(item) == code).collect::<Vec<_>>();
        let safeguards = self.content.safeguards.iter().map(|safeguard| (Some(safeguard), of(Some(&safeguard.code))));
        let groups = safeguards.chain(std::iter::once((None, of(None))));
        groups.filter(|(_, items)| !items.is_empty()).collect()
    }

    /// The safeguard a follow-up belongs to. One that the framework does not have is none.
    fn group<'i>(&self, item: &'i FollowUpItem) -> Option<&'i PartCode> {
        item.part().map(|part| &part.safeguard).filter(|code| self.content.safeguard(code).is_some())
    }
}

/// What was done with the review before a review; nothing when there was none before it.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`].
pub async fn previous(app: &App, actor: &Actor, slug: &str) -> Result<Option<Previous>, AppError> {
    app.store
        .read(async |tx| {
            let known = sight::review(tx, actor, slug, Permission::ReadReview).await?;
            let Some(id) = known.review.previous else { return Ok(None) };
            let found = stored::list(tx).await?.into_iter().find(|review| review.id == id);
            let previous = found.ok_or_else(|| AppError::Internal("a review after one that is not there".to_owned()))?;
            let may_open = !sight::within(actor, Permission::ReadReview, &known.registry, vec![previous.clone()]).is_empty();
            let content = framework_of(tx, previous.framework).await?.content;
            let told = as_sent(tx, &content, previous.id).await?;
            let all = items(tx, &previous, &told, app.clock.today()).await?;
            let items = asked(&content, all, &FollowUpQuery { order: FollowUpOrder::Part, ..FollowUpQuery::default() });
            Ok(Some(Previous { review: known.review, previous: Review { outcome: None, ..previous }, may_open, content, items }))
        })
        .await
}
