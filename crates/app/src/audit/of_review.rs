//! What was done in one peer review, for who manages it.
//!
//! She is of the receiving side, so what the panel does by itself is not told here: what it found together before it is sent,
//! who saw that in another way, how it judged, and what it took along to read. Of an event that is told no more is said than that it happened, unless it
//! is about what she knows anyway.

use kernschil_domain::access::Permission;
use kernschil_domain::audit::{EventGroup, EventKind};
use kernschil_domain::reviews::Review;
use kernschil_storage::audit::{self, EventFilter};

use super::known::Known;
use super::{EventView, view};
use crate::error::AppError;
use crate::listing::{Page, PageRequest};
use crate::reviews::sight;
use crate::{Actor, App};

/// The log of one review.
#[derive(Debug, Clone)]
pub struct ReviewLog {
    /// The review.
    pub review: Review,
    /// Its events, the newest first.
    pub page: Page<EventView>,
}

/// What is told of a kind of event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    /// Nothing: it is among the panel.
    Nothing,
    /// That it happened.
    Happened,
    /// That it happened, and what changed.
    Details,
}

fn told(kind: EventKind) -> Told {
    match kind {
        EventKind::JointFindingChanged | EventKind::DissentChanged | EventKind::OutcomeChanged | EventKind::ReviewExported => Told::Nothing,
        EventKind::FindingsHandedIn | EventKind::FindingsOpened | EventKind::ReportMade => Told::Happened,
        kind if kind.group() == EventGroup::Reviews => Told::Details,
        _ => Told::Nothing,
    }
}

/// The events of a review that somebody manages, the newest first.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`].
pub async fn of_review(app: &App, actor: &Actor, slug: &str, request: PageRequest) -> Result<ReviewLog, AppError> {
    app.store
        .read(async |tx| {
            let review = sight::review(tx, actor, slug, Permission::ManageReview).await?.review;
            let kinds = EventKind::of(EventGroup::Reviews).filter(|kind| told(*kind) != Told::Nothing).collect();
            let filter = EventFilter { kinds: Some(kinds), subject: Some(review.slug.clone()), ..EventFilter::default() };
            let total = usize::try_from(audit::count(tx, &filter).await?).unwrap_or(usize::MAX);
            let size = request.size.clamp(1, 500);
            let pages = total.div_ceil(size).max(1);
            let page = request.page.clamp(1, pages);
            let skip = u64::try_from((page - 1) * size).unwrap_or(u64::MAX);
            let stored = audit::events(tx, &filter, skip, u64::try_from(size).unwrap_or(u64::MAX)).await?;
            let known = Known::load(app, tx, actor, &stored).await?;
            let rows = stored.into_iter().map(|stored| near(view(&known, stored))).collect();
            Ok(ReviewLog { review, page: Page { rows, page, pages, total } })
        })
        .await
}

/// An event as it is told here: without what a machine knows it by, and without its place in the log of the whole
/// installation, which tells how much happened elsewhere.
fn near(mut view: EventView) -> EventView {
    view.seq = 0;
    if let Some(event) = &mut view.event {
        event.request = None;
        (event.before, event.after) = (None, None);
        let is_number = |text: &str| uuid::Uuid::try_parse(text).is_ok();
        event.details.retain(|detail| told(event.kind) == Told::Details && !is_number(&detail.before) && !is_number(&detail.after));
    }
    view
}
