//! What a text once was, and putting a version back.

use std::collections::BTreeMap;

use kernschil_domain::access::Permission;
use kernschil_domain::frameworks::{FrameworkContent, Part};
use kernschil_domain::ids::{UserId, Version};
use kernschil_domain::reviews::{Review, ReviewText, SaveCause, TextVersion};
use kernschil_storage::reviews::texts;

use super::saving::{Saved, Work};
use super::{ReflectionAccess, access_of, framework_of, names, part_of, require_open, sight};
use crate::error::AppError;
use crate::{Actor, App};

/// Everything that was ever saved about one part.
#[derive(Debug, Clone)]
pub struct TextHistory {
    /// The review.
    pub review: Review,
    /// What the framework says.
    pub content: FrameworkContent,
    /// The part.
    pub part: Part,
    /// The text as it is; nothing while nobody wrote it.
    pub current: Option<ReviewText>,
    /// Every version, the oldest first.
    pub versions: Vec<TextVersion>,
    /// Names of those who wrote.
    pub names: BTreeMap<UserId, String>,
    /// What the reader may do.
    pub access: ReflectionAccess,
}

impl TextHistory {
    /// A version by its number.
    pub fn version(&self, number: i32) -> Option<&TextVersion> {
        self.versions.iter().find(|version| version.number == number)
    }

    /// The version that a version kept aside was brought into; nothing while it still asks for that.
    pub fn merged_in(&self, number: i32) -> Option<&TextVersion> {
        self.versions.iter().find(|version| version.merges == Some(number))
    }

    /// The version that stood in its place before this one: what it is compared with.
    pub fn before(&self, number: i32) -> Option<&TextVersion> {
        self.versions.iter().rev().find(|version| version.number < number && version.cause != SaveCause::Aside)
    }
}

/// Everything that was ever saved about one part; for those who write the reflection.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`].
pub async fn history(app: &App, actor: &Actor, slug: &str, code: &str) -> Result<TextHistory, AppError> {
    app.store
        .read(async |tx| {
            let known = sight::review(tx, actor, slug, Permission::WriteReflection).await?;
            let content = framework_of(tx, known.review.framework).await?.content;
            let part = part_of(&content, code)?;
            let current = texts::get(tx, known.review.id, &part).await?;
            let versions = match &current {
                Some(text) => texts::versions(tx, text.id).await?,
                None => Vec::new(),
            };
            let access = access_of(actor, &known.review, &known.registry);
            Ok(TextHistory { review: known.review, content, part, current, versions, names: names(tx).await?, access })
        })
        .await
}

/// Puts an earlier version back: it becomes the text once more, as a new version. What was there stays in the history.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`], also for a version that is not there; [`AppError::Conflict`] when the
/// reflection was handed in, or somebody saved another text since.
pub async fn restore(app: &App, actor: &Actor, slug: &str, code: &str, number: i32, seen: Version) -> Result<Saved, AppError> {
    app.store
        .write(async |tx| {
            let known = sight::locked(tx, actor, slug, Permission::WriteReflection).await?;
            require_open(&known.review)?;
            let part = part_of(&framework_of(tx, known.review.framework).await?.content, code)?;
            let current = texts::get(tx, known.review.id, &part).await?.ok_or(AppError::NotFound)?;
            let earlier = texts::version(tx, current.id, number).await?.ok_or(AppError::NotFound)?;
            if current.version != seen {
                return Err(kernschil_storage::StorageError::Stale.into());
            }
            if current.body == earlier.body {
                return Ok(Saved::Unchanged(current));
            }
            let work = Work { app, actor, slug, review: known.review.id, part };
            work.put(tx, Some(current), earlier.body, (SaveCause::Restored, None)).await.map(Saved::Stored)
        })
        .await
}
