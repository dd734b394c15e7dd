//! Saving a text, over the version that was seen.

use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::frameworks::Part;
use kernschil_domain::ids::{ReviewId, TextId, Version};
use kernschil_domain::reviews::{ReviewText, SaveCause, TEXT_SIGNS, TextVersion, tidy};
use kernschil_storage::reviews::texts;
use kernschil_storage::{Tx, WriteTx};
use serde_json::json;

use super::{framework_of, part_of, require_open, sight};
use crate::error::{AppError, FieldError};
use crate::{Actor, App, Change};

/// How saving a text ended. In each case what was sent is in the database when this is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved {
    /// It is the text now.
    Stored(ReviewText),
    /// It says what was there already; nothing was stored.
    Unchanged(ReviewText),
    /// Somebody saved another text since; what was sent is kept beside it.
    Aside {
        /// The text as it is.
        current: ReviewText,
        /// What was sent, with its number in the history.
        kept: TextVersion,
    },
}

impl Saved {
    /// The text as it is now.
    pub fn current(&self) -> &ReviewText {
        match self {
            Self::Stored(text) | Self::Unchanged(text) | Self::Aside { current: text, .. } => text,
        }
    }
}

fn too_long(signs: usize) -> AppError {
    let message = format!("De tekst heeft {signs} tekens en er passen er {TEXT_SIGNS}. Maak hem korter of verdeel hem over meer criteria.");
    AppError::Invalid(vec![FieldError::new("body", "tekst-te-lang", message)])
}

/// Saves the text about a part, over the version that was seen: 0 for who saw none.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Invalid`] when it is too long; [`AppError::Conflict`] when
/// the reflection was handed in. Nothing was stored then, so whoever asks keeps the text.
pub async fn save(app: &App, actor: &Actor, slug: &str, code: &str, seen: Version, body: &str) -> Result<Saved, AppError> {
    store(app, actor, (slug, code), (seen, None), body).await
}

/// Saves a text that was made of the text that is there and of a version kept beside it, by its number. That version asks
/// no more to be merged, also when the text stays as it was.
///
/// # Errors
/// As [`save`]; [`AppError::NotFound`] also for a version that was not kept aside.
pub async fn merge(app: &App, actor: &Actor, slug: &str, code: &str, seen: (Version, i32), body: &str) -> Result<Saved, AppError> {
    let (seen, kept) = seen;
    store(app, actor, (slug, code), (seen, Some(kept)), body).await
}

async fn store(
    app: &App,
    actor: &Actor,
    (slug, code): (&str, &str),
    (seen, merges): (Version, Option<i32>),
    body: &str,
) -> Result<Saved, AppError> {
    let body = tidy(body).map_err(|error| too_long(error.signs))?;
    app.store
        .write(async |tx| {
            let known = sight::locked(tx, actor, slug, Permission::WriteReflection).await?;
            require_open(&known.review)?;
            let part = part_of(&framework_of(tx, known.review.framework).await?.content, code)?;
            let now = texts::get(tx, known.review.id, &part).await?;
            require_aside(tx, now.as_ref(), merges).await?;
            let work = Work { app, actor, slug, review: known.review.id, part };
            let made = (SaveCause::Saved, merges);
            match now {
                None => work.put(tx, None, body, made).await.map(Saved::Stored),
                Some(text) if text.body == body && merges.is_none() => Ok(Saved::Unchanged(text)),
                Some(text) if text.version == seen || text.body == body => work.put(tx, Some(text), body, made).await.map(Saved::Stored),
                Some(text) => work.beside(tx, text, seen, body).await,
            }
        })
        .await
}

/// Refuses to merge what was not kept aside.
async fn require_aside(tx: &Tx, now: Option<&ReviewText>, merges: Option<i32>) -> Result<(), AppError> {
    let Some(number) = merges else { return Ok(()) };
    let text = now.ok_or(AppError::NotFound)?;
    let kept = texts::version(tx, text.id, number).await?.filter(|version| version.cause == SaveCause::Aside);
    kept.map(|_| ()).ok_or(AppError::NotFound)
}

/// What is done to a text, by whom.
pub(super) struct Work<'w> {
    pub(super) app: &'w App,
    pub(super) actor: &'w Actor,
    pub(super) slug: &'w str,
    pub(super) review: ReviewId,
    pub(super) part: Part,
}

impl Work<'_> {
    /// Makes a body the text as it is now; answers it. Why there is a version, and which one that was kept aside it holds.
    pub(super) async fn put(
        &self,
        tx: &WriteTx,
        now: Option<ReviewText>,
        body: String,
        (cause, merges): (SaveCause, Option<i32>),
    ) -> Result<ReviewText, AppError> {
        let (id, number) = match now {
            None => (TextId(self.app.ids.next()), 1),
            Some(text) => (text.id, next_number(tx, &text).await?),
        };
        let text = ReviewText {
            id,
            review: self.review,
            part: self.part.clone(),
            body,
            changed_at: self.app.clock.now(),
            changed_by: self.actor.user(),
            version: Version(number),
        };
        texts::put_merged(tx, &text, cause, merges).await?;
        self.note(tx, number, cause);
        Ok(text)
    }

    /// Keeps a body beside the text, unless it is in the history already.
    async fn beside(&self, tx: &WriteTx, current: ReviewText, seen: Version, body: String) -> Result<Saved, AppError> {
        // Who only looked at an older version and saved it as it was wrote nothing.
        if texts::version(tx, current.id, seen.0).await?.is_some_and(|version| version.body == body) {
            return Ok(Saved::Unchanged(current));
        }
        // The same tab that tries again gets the same answer, and not one more version each time.
        let latest = texts::latest(tx, current.id).await?;
        let is_same = |kept: &TextVersion| kept.cause == SaveCause::Aside && kept.by == self.actor.user() && kept.body == body;
        if let Some(kept) = latest.filter(is_same) {
            return Ok(Saved::Aside { current, kept });
        }
        let kept = TextVersion {
            text: current.id,
            number: next_number(tx, &current).await?,
            body,
            at: self.app.clock.now(),
            by: self.actor.user(),
            cause: SaveCause::Aside,
            merges: None,
        };
        texts::keep(tx, &kept).await?;
        self.note(tx, kept.number, kept.cause);
        Ok(Saved::Aside { current, kept })
    }

    fn note(&self, tx: &WriteTx, number: i32, cause: SaveCause) {
        let change = Change::to(json!({ "part": self.part.code(), "version": number, "cause": cause.code() }));
        self.app.audit(tx, self.actor, EventKind::ReflectionSaved, self.slug, change);
    }
}

/// The number of the version after all that there are, those kept aside included.
async fn next_number(tx: &Tx, text: &ReviewText) -> Result<i32, AppError> {
    Ok(texts::latest(tx, text.id).await?.map_or(text.version.0, |latest| latest.number) + 1)
}
