//! Development questions: what the receiving side wants to learn from the panel, in the order in which it matters.

use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::frameworks::{FrameworkContent, Part};
use kernschil_domain::ids::{QuestionId, Version};
use kernschil_domain::reviews::{DevelopmentQuestion, Review, ReviewKind, ReviewState};
use kernschil_storage::StorageError;
use kernschil_storage::WriteTx;
use kernschil_storage::reviews::questions;
use serde_json::json;

use super::reflection::framework_of;
use super::sight;
use crate::error::{AppError, FieldError};
use crate::{Actor, App, Change};

/// The most questions of one review: a visit day has no room for more.
pub const QUESTIONS: usize = 12;
/// The most signs in one question.
pub const QUESTION_SIGNS: usize = 1_000;

/// The development questions of a review.
#[derive(Debug, Clone)]
pub struct QuestionList {
    /// The review.
    pub review: Review,
    /// What the framework says.
    pub content: FrameworkContent,
    /// The questions, in their order.
    pub questions: Vec<DevelopmentQuestion>,
    /// Whether the reader can change them.
    pub can_change: bool,
}

/// Where a question goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Before the one above it.
    Up,
    /// After the one below it.
    Down,
}

fn is_open(review: &Review) -> bool {
    review.kind == ReviewKind::Developmental && matches!(review.state, ReviewState::Planned | ReviewState::Preparing)
}

fn require_open(review: &Review) -> Result<(), AppError> {
    if is_open(review) {
        return Ok(());
    }
    let message = match review.kind {
        ReviewKind::Judging => "Een beoordelingsgerichte review heeft geen ontwikkelvragen.",
        ReviewKind::Developmental => {
            "Ontwikkelvragen veranderen alleen in de voorbereidende fase. Bekijk in het dossier waar de review staat."
        }
    };
    Err(AppError::conflict("vragen-gesloten", message))
}

fn clean_text(text: &str) -> Result<String, FieldError> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_right = (1..=QUESTION_SIGNS).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    let message = format!("Schrijf een vraag van hooguit {QUESTION_SIGNS} tekens.");
    if is_right { Ok(text) } else { Err(FieldError::new("text", "vraag-ongeldig", message)) }
}

/// The part a code means; none for a question about everything.
fn clean_part(content: &FrameworkContent, code: &str) -> Result<Option<Part>, FieldError> {
    if code.is_empty() {
        return Ok(None);
    }
    let unknown = || FieldError::new("part", "onderdeel-onbekend", "Kies een onderdeel dat in het kader staat.");
    content.part(code).map(Some).ok_or_else(unknown)
}

fn checked(content: &FrameworkContent, text: &str, code: &str) -> Result<(String, Option<Part>), AppError> {
    match (clean_text(text), clean_part(content, code)) {
        (Ok(text), Ok(part)) => Ok((text, part)),
        (text, part) => Err(AppError::Invalid([text.err(), part.err()].into_iter().flatten().collect())),
    }
}

/// The development questions, for everybody who may read the dossier.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`].
pub async fn list(app: &App, actor: &Actor, slug: &str) -> Result<QuestionList, AppError> {
    app.store
        .read(async |tx| {
            let known = sight::review(tx, actor, slug, Permission::ReadReview).await?;
            let manages = !sight::within(actor, Permission::ManageReview, &known.registry, vec![known.review.clone()]).is_empty();
            Ok(QuestionList {
                content: framework_of(tx, known.review.framework).await?.content,
                questions: questions::of_review(tx, known.review.id).await?,
                can_change: manages && is_open(&known.review),
                review: known.review,
            })
        })
        .await
}

/// The questions of a review that somebody changes, numbered from 1 when they are stored.
struct Changing {
    review: Review,
    content: FrameworkContent,
    questions: Vec<DevelopmentQuestion>,
}

impl Changing {
    async fn open(tx: &WriteTx, actor: &Actor, slug: &str) -> Result<Self, AppError> {
        let review = sight::locked(tx, actor, slug, Permission::ManageReview).await?.review;
        let content = framework_of(tx, review.framework).await?.content;
        Ok(Self { questions: questions::of_review(tx, review.id).await?, review, content })
    }

    /// Where a question stands that somebody saw.
    fn find(&self, id: QuestionId, seen: Version) -> Result<usize, AppError> {
        let at = self.questions.iter().position(|question| question.id == id).ok_or(AppError::NotFound)?;
        require_open(&self.review)?;
        if self.questions[at].version == seen { Ok(at) } else { Err(StorageError::Stale.into()) }
    }

    async fn store(mut self, app: &App, tx: &WriteTx, actor: &Actor, what: &str) -> Result<(), AppError> {
        for (ordinal, question) in (1..).zip(&mut self.questions) {
            question.ordinal = ordinal;
        }
        questions::set(tx, self.review.id, &self.questions).await?;
        let change = Change::to(json!({ "what": what, "questions": self.questions.len() }));
        app.audit(tx, actor, EventKind::QuestionsChanged, &self.review.slug, change);
        Ok(())
    }
}

/// Adds a question after the others, about a part of the framework or about everything.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Invalid`]; [`AppError::Conflict`] when the preparing phase
/// is over, the review is a judging one, or there are enough.
pub async fn add(app: &App, actor: &Actor, slug: &str, text: &str, part: &str) -> Result<QuestionId, AppError> {
    app.store
        .write(async |tx| {
            let mut changing = Changing::open(tx, actor, slug).await?;
            require_open(&changing.review)?;
            let (text, part) = checked(&changing.content, text, part)?;
            if changing.questions.len() >= QUESTIONS {
                let message = format!("Er zijn al {QUESTIONS} vragen. Haal er eerst een weg; een bezoekdag heeft geen tijd voor meer.");
                return Err(AppError::conflict("te-veel-vragen", message));
            }
            let id = QuestionId(app.ids.next());
            let review = changing.review.id;
            changing.questions.push(DevelopmentQuestion { id, review, ordinal: 0, text, part, version: Version::FIRST });
            changing.store(app, tx, actor, "added").await?;
            Ok(id)
        })
        .await
}

/// Changes a question.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Invalid`]; [`AppError::Conflict`] when somebody else changed
/// it since, or the preparing phase is over.
pub async fn change(
    app: &App,
    actor: &Actor,
    slug: &str,
    (id, seen): (QuestionId, Version),
    (text, part): (&str, &str),
) -> Result<(), AppError> {
    app.store
        .write(async |tx| {
            let mut changing = Changing::open(tx, actor, slug).await?;
            let at = changing.find(id, seen)?;
            let (text, part) = checked(&changing.content, text, part)?;
            let question = &mut changing.questions[at];
            (question.text, question.part, question.version) = (text, part, seen.next());
            changing.store(app, tx, actor, "changed").await
        })
        .await
}

/// Moves a question one place; the first stays first when it goes up, and the last stays last.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] when somebody else changed it since, or the
/// preparing phase is over.
pub async fn shift(app: &App, actor: &Actor, slug: &str, (id, seen): (QuestionId, Version), way: Way) -> Result<(), AppError> {
    app.store
        .write(async |tx| {
            let mut changing = Changing::open(tx, actor, slug).await?;
            let at = changing.find(id, seen)?;
            let to = match way {
                Way::Up => at.saturating_sub(1),
                Way::Down => (at + 1).min(changing.questions.len() - 1),
            };
            changing.questions.swap(at, to);
            changing.store(app, tx, actor, "moved").await
        })
        .await
}

/// Removes a question.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] when somebody else changed it since, or the
/// preparing phase is over.
pub async fn remove(app: &App, actor: &Actor, slug: &str, (id, seen): (QuestionId, Version)) -> Result<(), AppError> {
    app.store
        .write(async |tx| {
            let mut changing = Changing::open(tx, actor, slug).await?;
            let at = changing.find(id, seen)?;
            changing.questions.remove(at);
            changing.store(app, tx, actor, "removed").await
        })
        .await
}
