//! Another version of the framework for a review that runs: what would happen is shown first, and nothing that was written
//! is lost. What the other version has no place for stays under its old code.

use std::collections::BTreeMap;

use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::frameworks::{Carried, Carrying, Framework, FrameworkState, Part, carry};
use kernschil_domain::ids::Version;
use kernschil_domain::reviews::{Review, ReviewState, ReviewText, SaveCause};
use kernschil_storage::reviews::{carrying, gates, questions, texts};
use kernschil_storage::{StorageError, Tx, WriteTx, frameworks, reviews};

use super::{sight, words};
use crate::error::AppError;
use crate::{Actor, App, Change};

/// What happens with one part of the framework that something was written about.
#[derive(Debug, Clone)]
pub struct PartPreview {
    /// Where it goes.
    pub carried: Carried,
    /// What the part says now.
    pub before: String,
    /// What it says in the other version; empty when it is not there.
    pub after: String,
    /// Whether the receiving side wrote a text about it.
    pub has_text: bool,
    /// Pieces of evidence and key figures that are used for it.
    pub evidence: usize,
    /// Development questions that belong to it.
    pub questions: usize,
}

/// What another version of the framework would do to a review. Findings of the panel go along by the same rules; nothing
/// is said of them here, as some are hidden still.
#[derive(Debug, Clone)]
pub struct CarryPreview {
    /// The review.
    pub review: Review,
    /// Its framework now.
    pub before: Framework,
    /// The other version.
    pub after: Framework,
    /// Each part that something was written about.
    pub parts: Vec<PartPreview>,
}

/// Everything that is needed to decide where things go.
struct Plan {
    before: Framework,
    after: Framework,
    texts: Vec<ReviewText>,
    carried: Vec<Carried>,
}

/// Refuses a review of which the panel's work is locked by hash or written down in a report, or that is done.
async fn require_open(tx: &Tx, review: &Review) -> Result<(), AppError> {
    if matches!(review.state, ReviewState::Closed | ReviewState::Cancelled) {
        let message = "Deze peer review is afgerond of vervallen. Heropen haar eerst als u het kader wilt wijzigen.";
        return Err(AppError::conflict("review-afgerond", message));
    }
    let is_locked = !gates::handed_in(tx, review.id).await?.is_empty() || gates::report(tx, review.id).await?.is_some();
    if is_locked || review.outcome.is_some() {
        let message = "Er zijn al bevindingen ingeleverd of verwerkt. Het kader van deze review staat nu vast.";
        return Err(AppError::conflict("kader-vast", message));
    }
    Ok(())
}

/// The version a review is to take.
async fn target(tx: &Tx, actor: &Actor, review: &Review, slug: &str) -> Result<Framework, AppError> {
    let after = frameworks::find(tx, slug).await?;
    if after.state == FrameworkState::Draft {
        if !actor.may(Permission::ManageFrameworks) {
            return Err(AppError::NotFound);
        }
        return Err(AppError::conflict("kader-concept", "Dit kader is nog een concept. Publiceer het eerst."));
    }
    if matches!(after.state, FrameworkState::Withdrawn { .. }) && after.id != review.framework {
        return Err(AppError::conflict("kader-niet-aangeboden", "Dit kader wordt niet meer aangeboden. Kies een ander kader."));
    }
    if after.id == review.framework {
        return Err(AppError::conflict("kader-al-gekozen", "Deze peer review gebruikt dit kader al. Kies een ander kader."));
    }
    Ok(after)
}

/// A part has one text. One that would come on top of another stays where it is, with all that belongs to it.
fn keep_apart(mut carried: Vec<Carried>, texts: &[ReviewText]) -> Vec<Carried> {
    let has_text = |part: &Part| texts.iter().any(|text| text.part == *part);
    let moves = |one: &Carried| one.how == Carrying::Moved;
    let mut taken: Vec<Part> = carried.iter().filter(|one| !moves(one) && has_text(&one.from)).map(|one| one.to.clone()).collect();
    for one in carried.iter_mut().filter(|one| moves(one) && has_text(&one.from)) {
        if taken.contains(&one.to) {
            *one = Carried { from: one.from.clone(), how: Carrying::Kept, to: one.from.clone(), same_words: Some(one.to.clone()) };
        } else {
            taken.push(one.to.clone());
        }
    }
    carried
}

async fn plan(tx: &Tx, actor: &Actor, review: &Review, slug: &str) -> Result<Plan, AppError> {
    require_open(tx, review).await?;
    let after = target(tx, actor, review, slug).await?;
    let before = frameworks::get(tx, review.framework).await?;
    let texts = texts::of_review(tx, review.id).await?;
    let mut parts: Vec<Part> = texts.iter().map(|text| text.part.clone()).collect();
    parts.extend(carrying::parts_with_evidence(tx, review.id).await?);
    parts.extend(questions::of_review(tx, review.id).await?.into_iter().filter_map(|question| question.part));
    parts.extend(carrying::parts_with_findings(tx, review.id).await?);
    parts.sort();
    parts.dedup();
    let carried = keep_apart(carry(&parts, &before.content, &after.content), &texts);
    Ok(Plan { before, after, texts, carried })
}

/// A review with its framework, for who may give it another.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`].
pub async fn current(app: &App, actor: &Actor, slug: &str) -> Result<(Review, Framework), AppError> {
    app.store
        .read(async |tx| {
            let review = sight::review(tx, actor, slug, Permission::ManageReview).await?.review;
            let framework = frameworks::get(tx, review.framework).await?;
            Ok((review, framework))
        })
        .await
}

/// What another version of the framework would do to a review.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] when it cannot be taken.
pub async fn preview(app: &App, actor: &Actor, slug: &str, framework: &str) -> Result<CarryPreview, AppError> {
    app.store
        .read(async |tx| {
            let review = sight::review(tx, actor, slug, Permission::ManageReview).await?.review;
            let plan = plan(tx, actor, &review, framework).await?;
            let count = |parts: Vec<Part>| {
                parts.into_iter().fold(BTreeMap::<Part, usize>::new(), |mut counts, part| {
                    *counts.entry(part).or_default() += 1;
                    counts
                })
            };
            let evidence = count(carrying::parts_with_evidence(tx, review.id).await?);
            let asked = questions::of_review(tx, review.id).await?.into_iter().filter_map(|question| question.part);
            let asked = count(asked.collect());
            let part = |carried: Carried| {
                let (evidence, questions) =
                    (evidence.get(&carried.from).copied().unwrap_or(0), asked.get(&carried.from).copied().unwrap_or(0));
                let has_text = plan.texts.iter().any(|text| text.part == carried.from);
                // A part with nothing but findings would tell that there are some.
                (has_text || evidence + questions > 0).then(|| PartPreview {
                    before: plan.before.content.title(&carried.from).to_owned(),
                    after: plan.after.content.title(&carried.to).to_owned(),
                    carried,
                    has_text,
                    evidence,
                    questions,
                })
            };
            let parts = plan.carried.iter().cloned().filter_map(part).collect();
            Ok(CarryPreview { review, before: plan.before.clone(), after: plan.after.clone(), parts })
        })
        .await
}

/// Puts a text with another part, as a version of its own.
async fn carry_text(app: &App, tx: &WriteTx, actor: &Actor, text: &ReviewText, to: &Part) -> Result<(), AppError> {
    let latest = texts::latest(tx, text.id).await?.map_or(0, |version| version.number);
    let moved = ReviewText {
        part: to.clone(),
        changed_at: app.clock.now(),
        changed_by: actor.user(),
        version: Version(latest.max(text.version.0)).next(),
        ..text.clone()
    };
    Ok(texts::put_current(tx, &moved, SaveCause::Carried).await?)
}

/// Gives a review another version of the framework, and carries over what was written.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] when it cannot be taken, or somebody else changed
/// the review since `seen`.
pub async fn change(app: &App, actor: &Actor, slug: &str, seen: Version, framework: &str) -> Result<Version, AppError> {
    app.store
        .write(async |tx| {
            let review = sight::locked(tx, actor, slug, Permission::ManageReview).await?.review;
            if review.version != seen {
                return Err(StorageError::Stale.into());
            }
            let plan = plan(tx, actor, &review, framework).await?;
            for carried in plan.carried.iter().filter(|carried| carried.from != carried.to) {
                if let Some(text) = plan.texts.iter().find(|text| text.part == carried.from) {
                    carry_text(app, tx, actor, text, &carried.to).await?;
                }
                carrying::put_with(tx, review.id, &carried.from, &carried.to).await?;
            }
            let after = Review { framework: plan.after.id, ..review.clone() };
            let version = reviews::save(tx, &after).await?;
            app.audit(tx, actor, EventKind::ReviewChanged, slug, Change::between(words(&review), words(&after)));
            Ok::<_, AppError>(version)
        })
        .await
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use kernschil_domain::frameworks::PartCode;
    use kernschil_domain::ids::{ReviewId, TextId};
    use uuid::Uuid;

    use super::*;

    fn part(safeguard: &str) -> Part {
        Part { safeguard: PartCode(safeguard.to_owned()), criterion: Some(PartCode("c".to_owned())) }
    }

    fn text(safeguard: &str) -> ReviewText {
        ReviewText {
            id: TextId(Uuid::nil()),
            review: ReviewId(Uuid::nil()),
            part: part(safeguard),
            body: "Tekst".to_owned(),
            changed_at: DateTime::UNIX_EPOCH,
            changed_by: None,
            version: Version::FIRST,
        }
    }

    #[test]
    fn two_texts_never_become_one() {
        let to = |from: &str, to: &str| {
            let how = if from == to { Carrying::Same } else { Carrying::Moved };
            Carried { from: part(from), how, to: part(to), same_words: None }
        };
        // The criterion was in three safeguards over the years, and each time something was written about it.
        let carried = keep_apart(vec![to("1", "3"), to("2", "3"), to("3", "3"), to("4", "3")], &[text("1"), text("2"), text("3")]);
        let seen: Vec<_> = carried.iter().map(|one| (one.how, one.to.clone())).collect();
        assert_eq!(
            seen,
            [(Carrying::Kept, part("1")), (Carrying::Kept, part("2")), (Carrying::Same, part("3")), (Carrying::Moved, part("3")),]
        );
    }
}
