//! The kritische reflectie: a text per safeguard and per criterion, written by several people, of which nothing is lost.
//!
//! A text that was saved is a version that stays. Who saves over a version that is not the latest finds her text kept
//! beside it, under a number of its own in the same history, and is shown both.

mod handing_in;
mod history;
mod saving;

use std::collections::BTreeMap;

use kernschil_domain::access::Permission;
use kernschil_domain::frameworks::{Framework, FrameworkContent, Part};
use kernschil_domain::ids::{FrameworkId, UserId, Version};
use kernschil_domain::registry::Registry;
use kernschil_domain::reviews::{ReflectionMove, Review, ReviewState, ReviewText, SafeguardProgress, safeguard_progress};
use kernschil_storage::reviews::texts;
use kernschil_storage::{Tx, access, frameworks};

use super::sight;
use crate::error::AppError;
use crate::{Actor, App};

pub use handing_in::{hand_in, take_back};
pub use history::{TextHistory, history, restore};
pub use saving::{Saved, merge, save};

/// What somebody may do with a reflection as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReflectionAccess {
    /// Writes along.
    Write,
    /// Would write along, but it was handed in or the preparing phase is over.
    Locked,
    /// Reads what was handed in.
    Read,
    /// Does not read it yet: the receiving side still writes, and has not handed it to the panel.
    NotYet,
}

impl ReflectionAccess {
    /// Whether the texts may be read.
    pub fn reads(self) -> bool {
        match self {
            Self::Write | Self::Locked | Self::Read => true,
            Self::NotYet => false,
        }
    }

    /// Whether somebody is of those who write, also when it is locked now.
    pub fn is_author(self) -> bool {
        match self {
            Self::Write | Self::Locked => true,
            Self::Read | Self::NotYet => false,
        }
    }
}

/// A reflection as a whole.
#[derive(Debug, Clone)]
pub struct Reflection {
    /// The review.
    pub review: Review,
    /// Whose it is, by name.
    pub receiver: String,
    /// The framework it follows.
    pub framework: Framework,
    /// What was written, where it may be read.
    pub texts: Vec<ReviewText>,
    /// How far each safeguard is.
    pub progress: Vec<SafeguardProgress>,
    /// When it was handed in and taken back, the oldest first.
    pub moves: Vec<ReflectionMove>,
    /// Names of those who wrote.
    pub names: BTreeMap<UserId, String>,
    /// What the reader may do.
    pub access: ReflectionAccess,
}

impl Reflection {
    /// The text about a part, where there is one and it may be read.
    pub fn text(&self, part: &Part) -> Option<&ReviewText> {
        self.texts.iter().find(|text| text.part == *part)
    }

    /// Texts about parts that the framework does not have any more: they stay under their old code.
    pub fn lost_texts(&self) -> impl Iterator<Item = &ReviewText> {
        self.texts.iter().filter(|text| !self.framework.content.holds(&text.part))
    }
}

/// The text about one part, with what it is about.
#[derive(Debug, Clone)]
pub struct PartText {
    /// The review.
    pub review: Review,
    /// What the framework says.
    pub content: FrameworkContent,
    /// The part.
    pub part: Part,
    /// The text; nothing while nobody wrote it.
    pub text: Option<ReviewText>,
    /// Names of those who wrote.
    pub names: BTreeMap<UserId, String>,
    /// What the reader may do.
    pub access: ReflectionAccess,
}

impl PartText {
    /// The version to save over: 0 while nobody wrote it.
    pub fn version(&self) -> Version {
        self.text.as_ref().map_or(Version(0), |text| text.version)
    }

    /// What it says now.
    pub fn body(&self) -> &str {
        self.text.as_ref().map_or("", |text| &text.body)
    }
}

/// The framework a review is pinned to.
pub(crate) async fn framework_of(tx: &Tx, id: FrameworkId) -> Result<Framework, AppError> {
    let found = frameworks::list(tx).await?.into_iter().find(|framework| framework.id == id);
    found.ok_or_else(|| AppError::Internal("a review without its framework".to_owned()))
}

/// Names of those who have an account.
pub(crate) async fn names(tx: &Tx) -> Result<BTreeMap<UserId, String>, AppError> {
    Ok(access::users(tx).await?.into_iter().map(|user| (user.id, user.name)).collect())
}

/// Whether a reflection can be written in as far as the review is.
fn is_open(review: &Review) -> bool {
    review.reflected_at.is_none() && matches!(review.state, ReviewState::Planned | ReviewState::Preparing)
}

/// What somebody who knows of the review may do with its reflection.
pub(crate) fn access_of(actor: &Actor, review: &Review, registry: &Registry) -> ReflectionAccess {
    let writes = !sight::within(actor, Permission::WriteReflection, registry, vec![review.clone()]).is_empty();
    match (writes, is_open(review)) {
        (true, true) => ReflectionAccess::Write,
        (true, false) => ReflectionAccess::Locked,
        (false, _) if review.reflected_at.is_some() => ReflectionAccess::Read,
        (false, _) => ReflectionAccess::NotYet,
    }
}

/// Refuses to write in a reflection that is locked.
pub(crate) fn require_open(review: &Review) -> Result<(), AppError> {
    if is_open(review) {
        return Ok(());
    }
    let (code, message) = if review.reflected_at.is_some() {
        ("reflectie-ingeleverd", "De reflectie is ingeleverd en ligt vast. Haal haar eerst terug, met een reden.")
    } else {
        ("reflectie-gesloten", "De voorbereidende fase is voorbij. De reflectie verandert niet meer.")
    };
    Err(AppError::conflict(code, message))
}

/// The part of a framework that a code in an address means.
fn part_of(content: &FrameworkContent, code: &str) -> Result<Part, AppError> {
    content.part(code).ok_or(AppError::NotFound)
}

/// The reflection of a review, for everybody who may read its dossier. Before it was handed in, only those who write it
/// read the texts; the others see how far it is.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`].
pub async fn overview(app: &App, actor: &Actor, slug: &str) -> Result<Reflection, AppError> {
    app.store
        .read(async |tx| {
            let known = sight::review(tx, actor, slug, Permission::ReadReview).await?;
            let framework = framework_of(tx, known.review.framework).await?;
            let access = access_of(actor, &known.review, &known.registry);
            let texts = texts::of_review(tx, known.review.id).await?;
            Ok(Reflection {
                receiver: known.review.receiver.name(&known.registry),
                progress: safeguard_progress(&framework.content, &texts),
                texts: if access.reads() { texts } else { Vec::new() },
                moves: texts::moves(tx, known.review.id).await?,
                names: names(tx).await?,
                review: known.review,
                framework,
                access,
            })
        })
        .await
}

/// The text about one part, by the code of the part.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`], also for a part that the framework does not have;
/// [`AppError::Conflict`] for who may not read it yet.
pub async fn text(app: &App, actor: &Actor, slug: &str, code: &str) -> Result<PartText, AppError> {
    app.store
        .read(async |tx| {
            let known = sight::review(tx, actor, slug, Permission::ReadReview).await?;
            let content = framework_of(tx, known.review.framework).await?.content;
            let access = access_of(actor, &known.review, &known.registry);
            let part = part_of(&content, code)?;
            if !access.reads() {
                let message = "De reflectie is nog niet ingeleverd. U kunt haar lezen zodra de ontvangende partij haar inlevert.";
                return Err(AppError::conflict("reflectie-niet-ingeleverd", message));
            }
            let text = texts::get(tx, known.review.id, &part).await?;
            Ok(PartText { review: known.review, content, part, text, names: names(tx).await?, access })
        })
        .await
}
