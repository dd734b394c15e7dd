//! Quality frameworks: written as a draft, published once, and unchangeable from then on. What comes with the program is a
//! published framework like any other.

mod files;
mod shipped;

use kernschil_credentials::tokens::hex;
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::frameworks::{Difference, Fault, FaultKind, Framework, FrameworkContent, FrameworkState, differences};
use kernschil_domain::ids::{FrameworkId, Version};
use kernschil_domain::rounds::slug as slug_of;
use kernschil_storage::{StorageError, Tx, WriteTx, frameworks, registry, reviews};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::error::{AppError, FieldError};
use crate::reviews::sight;
use crate::{Actor, App, Change};

pub use files::{FileReport, Loaded, MadeFile, annotated, load, read, template, workbook, yaml};
pub use shipped::{bring, shipped};

/// Longest name in addresses that is made of the name of a framework, in characters.
const LONGEST_SLUG: usize = 60;

/// Hash of what a framework says, 64 hexadecimal digits.
pub fn hash(content: &FrameworkContent) -> String {
    hex(&Sha256::digest(content.canonical()))
}

/// A framework with what somebody may know about its use.
#[derive(Debug, Clone)]
pub struct FrameworkView {
    /// The framework.
    pub framework: Framework,
    /// Peer reviews that are pinned to it, of those the reader may know; nothing when she knows of none at all.
    pub reviews: Option<usize>,
    /// What a draft misses before it can be published.
    pub missing: Vec<Fault>,
}

/// What a new draft begins as.
#[derive(Debug, Clone)]
pub enum Begin {
    /// Nothing but a name.
    Named(String),
    /// A copy of another framework, under its own name or another.
    Copy {
        /// Of which.
        of: String,
        /// Another name.
        name: Option<String>,
    },
    /// What somebody wrote elsewhere.
    Content(FrameworkContent),
}

/// Who may read frameworks: whoever knows of reviews, and who manages frameworks.
fn require_reading(actor: &Actor) -> Result<(), AppError> {
    if actor.may(Permission::ManageFrameworks) { Ok(()) } else { actor.require(Permission::ReadReviews) }
}

/// Drafts are for those who write them.
fn may_know(actor: &Actor, framework: &Framework) -> bool {
    framework.state != FrameworkState::Draft || actor.may(Permission::ManageFrameworks)
}

/// A framework that somebody may know.
async fn found(tx: &Tx, actor: &Actor, slug: &str) -> Result<Framework, AppError> {
    let framework = frameworks::find(tx, slug).await?;
    if may_know(actor, &framework) { Ok(framework) } else { Err(AppError::NotFound) }
}

/// The frameworks that the reviews within reach of somebody are pinned to.
async fn pinned(tx: &Tx, actor: &Actor) -> Result<Option<Vec<FrameworkId>>, AppError> {
    if !actor.may(Permission::ReadReviews) {
        return Ok(None);
    }
    let known = sight::within(actor, Permission::ReadReviews, &registry::load(tx).await?, reviews::list(tx).await?);
    Ok(Some(known.into_iter().map(|review| review.framework).collect()))
}

fn view(framework: Framework, pinned: Option<&Vec<FrameworkId>>) -> FrameworkView {
    let missing = match framework.state {
        FrameworkState::Draft => framework.content.faults(),
        FrameworkState::Published { .. } | FrameworkState::Withdrawn { .. } => Vec::new(),
    };
    let reviews = pinned.map(|all| all.iter().filter(|id| **id == framework.id).count());
    FrameworkView { framework, reviews, missing }
}

/// The frameworks that somebody may know, the newest first.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Storage`] when the database fails.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<FrameworkView>, AppError> {
    require_reading(actor)?;
    app.store
        .read(async |tx| {
            let pinned = pinned(tx, actor).await?;
            let all = frameworks::list(tx).await?.into_iter().rev().filter(|framework| may_know(actor, framework));
            Ok(all.map(|framework| view(framework, pinned.as_ref())).collect())
        })
        .await
}

/// A framework by its name in addresses.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`], also for a draft that somebody may not know.
pub async fn get(app: &App, actor: &Actor, slug: &str) -> Result<FrameworkView, AppError> {
    require_reading(actor)?;
    app.store.read(async |tx| Ok(view(found(tx, actor, slug).await?, pinned(tx, actor).await?.as_ref()))).await
}

/// Two frameworks and what is different.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The earlier.
    pub before: Framework,
    /// The later.
    pub after: Framework,
    /// What the later has otherwise.
    pub differences: Vec<Difference>,
}

/// What is different between two frameworks.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`].
pub async fn compare(app: &App, actor: &Actor, before: &str, after: &str) -> Result<Comparison, AppError> {
    require_reading(actor)?;
    app.store
        .read(async |tx| {
            let (before, after) = (found(tx, actor, before).await?, found(tx, actor, after).await?);
            let differences = differences(&before.content, &after.content);
            Ok(Comparison { before, after, differences })
        })
        .await
}

/// What is wrong, as the fields of a form or request.
fn errors(faults: &[Fault]) -> Vec<FieldError> {
    faults.iter().map(|fault| FieldError::new(&fault.path.replace('/', "."), fault.kind.code(), fault.kind.dutch())).collect()
}

/// Whether a draft may wait for it: something is not filled in yet. A name and codes are asked at once.
fn may_wait(fault: &Fault) -> bool {
    matches!(fault.kind, FaultKind::Empty | FaultKind::NoSafeguards) && fault.path != "name" && !fault.path.ends_with("/code")
}

/// The content of a draft, tidied.
fn writable(content: &FrameworkContent) -> Result<FrameworkContent, AppError> {
    let content = content.tidied();
    let wrong: Vec<_> = content.faults().into_iter().filter(|fault| !may_wait(fault)).collect();
    if wrong.is_empty() { Ok(content) } else { Err(AppError::Invalid(errors(&wrong))) }
}

/// A framework for the log: its name and hash, and how large it is.
fn words(framework: &Framework) -> Value {
    json!({ "name": framework.content.name, "hash": framework.hash, "state": state_word(framework.state) })
}

fn state_word(state: FrameworkState) -> &'static str {
    match state {
        FrameworkState::Draft => "concept",
        FrameworkState::Published { .. } => "gepubliceerd",
        FrameworkState::Withdrawn { .. } => "niet meer aangeboden",
    }
}

/// A name in addresses that is not in use yet.
fn free_slug(all: &[Framework], name: &str) -> String {
    let wanted = slug_of(name);
    let wanted = wanted.get(..LONGEST_SLUG).unwrap_or(&wanted).trim_end_matches('-');
    // These are pages beside those of frameworks.
    let base = match wanted {
        "" => "kader",
        "nieuw" => "kader-nieuw",
        "bestand" => "kader-bestand",
        "files" => "kader-files",
        other => other,
    };
    let is_free = |slug: &String| all.iter().all(|framework| framework.slug != *slug);
    let numbered = (2_u32..).map(|number| format!("{base}-{number}"));
    std::iter::once(base.to_owned()).chain(numbered).find(is_free).unwrap_or_default()
}

/// Makes a draft, and answers its name in addresses.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`] when there is nothing to copy; [`AppError::Invalid`] with everything
/// that is wrong.
pub async fn make(app: &App, actor: &Actor, begin: Begin) -> Result<String, AppError> {
    actor.require(Permission::ManageFrameworks)?;
    app.store
        .write(async |tx| {
            let content = match &begin {
                Begin::Named(name) => {
                    FrameworkContent { name: name.clone(), source: String::new(), questions: Vec::new(), safeguards: Vec::new() }
                }
                Begin::Copy { of, name } => {
                    let like = frameworks::find(tx, of).await?.content;
                    FrameworkContent { name: name.clone().unwrap_or_else(|| like.name.clone()), ..like }
                }
                Begin::Content(content) => content.clone(),
            };
            let content = writable(&content)?;
            let draft = Framework {
                id: FrameworkId(app.ids.next()),
                slug: free_slug(&frameworks::list(tx).await?, &content.name),
                hash: hash(&content),
                content,
                state: FrameworkState::Draft,
                made_at: app.clock.now(),
                made_by: actor.user(),
                version: Version::FIRST,
            };
            frameworks::insert(tx, &draft).await?;
            app.audit(tx, actor, EventKind::FrameworkMade, &draft.slug, Change::to(words(&draft)));
            Ok::<_, AppError>(draft.slug)
        })
        .await
}

/// A draft to change, as somebody saw it.
async fn draft(tx: &Tx, slug: &str, seen: Version) -> Result<Framework, AppError> {
    let framework = frameworks::find(tx, slug).await?;
    if framework.state != FrameworkState::Draft {
        let message = "Dit kader is gepubliceerd en verandert niet meer. Maak een kopie en wijzig die.";
        return Err(AppError::conflict("kader-gepubliceerd", message));
    }
    if framework.version != seen {
        return Err(StorageError::Stale.into());
    }
    Ok(framework)
}

/// Changes what a draft says. Its name in addresses stays.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Invalid`] with everything that is wrong;
/// [`AppError::Conflict`] when it is published, or somebody else changed it since `seen`.
pub async fn change(app: &App, actor: &Actor, slug: &str, seen: Version, content: &FrameworkContent) -> Result<Version, AppError> {
    actor.require(Permission::ManageFrameworks)?;
    app.store
        .write(async |tx| {
            let before = draft(tx, slug, seen).await?;
            let content = writable(content)?;
            let after = Framework { hash: hash(&content), content, ..before.clone() };
            let version = frameworks::save(tx, &after).await?;
            app.audit(tx, actor, EventKind::FrameworkChanged, slug, Change::between(words(&before), words(&after)));
            Ok::<_, AppError>(version)
        })
        .await
}

/// Publishes a draft: reviews can be pinned to it, and it never changes again.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Invalid`] with everything that is missing;
/// [`AppError::Conflict`] when it is published, says exactly what a published framework says, or somebody else changed it
/// since `seen`.
pub async fn publish(app: &App, actor: &Actor, slug: &str, seen: Version) -> Result<Version, AppError> {
    actor.require(Permission::ManageFrameworks)?;
    app.store
        .write(async |tx| {
            let before = draft(tx, slug, seen).await?;
            let faults = before.content.faults();
            if !faults.is_empty() {
                return Err(AppError::Invalid(errors(&faults)));
            }
            let all = frameworks::list(tx).await?;
            let same = all.iter().find(|other| other.state != FrameworkState::Draft && other.hash == before.hash);
            if let Some(same) = same {
                let message =
                    format!("Dit concept is precies gelijk aan het kader “{}”. Wijzig het concept of gebruik dat kader.", same.slug);
                return Err(AppError::conflict("kader-bestaat", message));
            }
            let after = Framework { state: FrameworkState::Published { at: app.clock.now() }, ..before.clone() };
            let version = frameworks::save(tx, &after).await?;
            app.audit(tx, actor, EventKind::FrameworkPublished, slug, Change::between(words(&before), words(&after)));
            Ok(version)
        })
        .await
}

/// A published framework of which the offer changes, as somebody saw it.
async fn published(tx: &Tx, slug: &str, seen: Version) -> Result<Framework, AppError> {
    let framework = frameworks::find(tx, slug).await?;
    if framework.state == FrameworkState::Draft {
        return Err(AppError::conflict("kader-concept", "Dit kader is nog een concept. Publiceer of verwijder het."));
    }
    if framework.version != seen {
        return Err(StorageError::Stale.into());
    }
    Ok(framework)
}

async fn put_offer(app: &App, tx: &WriteTx, actor: &Actor, before: Framework, state: FrameworkState) -> Result<Version, AppError> {
    if before.state == state {
        return Ok(before.version);
    }
    let after = Framework { state, ..before.clone() };
    let version = frameworks::save_offer(tx, &after).await?;
    app.audit(tx, actor, EventKind::FrameworkChanged, &before.slug, Change::between(words(&before), words(&after)));
    Ok(version)
}

/// Offers a published framework no more: no review can be given it from now on. Those that have it keep it.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] for a draft, for the only framework that is
/// offered, or when somebody else changed it since `seen`.
pub async fn withdraw(app: &App, actor: &Actor, slug: &str, seen: Version) -> Result<Version, AppError> {
    actor.require(Permission::ManageFrameworks)?;
    app.store
        .write(async |tx| {
            let before = published(tx, slug, seen).await?;
            let Some(published) = before.state.offered_since() else { return Ok(before.version) };
            let all = frameworks::list(tx).await?;
            if all.iter().filter(|framework| framework.state.offered_since().is_some()).count() < 2 {
                let message = "Dit is het enige kader dat u aanbiedt. Publiceer eerst een ander kader.";
                return Err(AppError::conflict("enige-kader", message));
            }
            let state = FrameworkState::Withdrawn { published, at: app.clock.now() };
            put_offer(app, tx, actor, before, state).await
        })
        .await
}

/// Offers a published framework again.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] for a draft, or when somebody else changed it
/// since `seen`.
pub async fn offer(app: &App, actor: &Actor, slug: &str, seen: Version) -> Result<Version, AppError> {
    actor.require(Permission::ManageFrameworks)?;
    app.store
        .write(async |tx| {
            let before = published(tx, slug, seen).await?;
            let Some(at) = before.state.published_at() else { return Err(AppError::NotFound) };
            put_offer(app, tx, actor, before, FrameworkState::Published { at }).await
        })
        .await
}

/// Removes a draft.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] when it is published, or somebody else changed
/// it since `seen`.
pub async fn remove(app: &App, actor: &Actor, slug: &str, seen: Version) -> Result<(), AppError> {
    actor.require(Permission::ManageFrameworks)?;
    app.store
        .write(async |tx| {
            let before = draft(tx, slug, seen).await?;
            frameworks::remove(tx, before.id, seen).await?;
            let change = Change { before: Some(words(&before)), after: None };
            app.audit(tx, actor, EventKind::FrameworkChanged, slug, change);
            Ok::<_, AppError>(())
        })
        .await
}
