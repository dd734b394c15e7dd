//! Taking over what a form says, as was chosen about each difference.

use kernschil_domain::ids::{FindingId, Version};
use kernschil_domain::reviews::Finding;
use kernschil_storage::WriteTx;

use super::form::{FormChoice, FormRow};
use super::writing::{Checked, Own, changed, list_changed_elsewhere};
use super::{journal, state_hash};
use crate::error::{AppError, FieldError};
use crate::{Actor, App};

/// What was chosen about one difference.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The finding as it was seen; nothing when it stood nowhere.
    pub seen: Option<(FindingId, Version)>,
    /// What the form says; nothing when it was left out.
    pub form: Option<FormRow>,
    /// What to do.
    pub choice: FormChoice,
}

/// How many findings a form added, changed and removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TakenOver {
    /// Added.
    pub added: usize,
    /// Changed.
    pub changed: usize,
    /// Removed.
    pub removed: usize,
}

/// What was chosen about one difference, by who saw all findings as they stood.
#[derive(Debug, Clone)]
pub struct ListChoice {
    /// The finding; nothing when it stood nowhere.
    pub finding: Option<FindingId>,
    /// What the form says; nothing when it was left out.
    pub form: Option<FormRow>,
    /// What to do.
    pub choice: FormChoice,
}

/// Takes a form over as was chosen, all of it or nothing. Whose findings they are was settled when it was read: whatever
/// comes back, it only reaches her own.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Invalid`] with everything that is wrong;
/// [`AppError::Conflict`] when she cannot write now, has too many, or changed a finding elsewhere since it was seen.
pub async fn take_over(app: &App, actor: &Actor, slug: &str, chosen: &[Chosen]) -> Result<TakenOver, AppError> {
    app.store
        .write(async |tx| {
            let own = Own::open(tx, actor, slug).await?;
            own.require_open(tx).await?;
            carry_out(app, tx, &own, chosen).await
        })
        .await
}

/// As [`take_over`], for who saw all her findings as they stood when they had the hash `seen` ([`state_hash`]).
///
/// # Errors
/// As [`take_over`]; [`AppError::Conflict`] also when any finding was changed since.
pub async fn take_over_seen(app: &App, actor: &Actor, slug: &str, seen: &str, choices: Vec<ListChoice>) -> Result<TakenOver, AppError> {
    app.store
        .write(async |tx| {
            let own = Own::open(tx, actor, slug).await?;
            own.require_open(tx).await?;
            if state_hash(own.known.review.id, own.member.id, &own.findings) != seen {
                return Err(list_changed_elsewhere());
            }
            let version = |id: FindingId| own.findings.iter().find(|finding| finding.id == id).map(|finding| (id, finding.version));
            let chosen = choices.iter().map(|one| {
                let seen = one.finding.map(|id| version(id).ok_or(AppError::NotFound)).transpose()?;
                Ok(Chosen { seen, form: one.form.clone(), choice: one.choice })
            });
            carry_out(app, tx, &own, &chosen.collect::<Result<Vec<_>, AppError>>()?).await
        })
        .await
}

/// What one choice does.
enum Step<'o> {
    Nothing,
    Remove(&'o Finding),
    Change(&'o Finding, Checked),
    Add(Checked),
}

fn step<'o>(own: &'o Own, one: &Chosen) -> Result<Step<'o>, AppError> {
    let before = match one.seen {
        None => None,
        Some((id, seen)) => {
            let now = own.findings.iter().find(|finding| finding.id == id).filter(|finding| finding.version == seen);
            Some(now.ok_or_else(list_changed_elsewhere)?)
        }
    };
    let checked = |row: &FormRow| own.check(&row.input, before).map_err(AppError::Invalid);
    Ok(match (one.choice, before, &one.form) {
        (FormChoice::Screen, ..) | (FormChoice::Both, _, None) | (_, None, None) => Step::Nothing,
        (FormChoice::Form, Some(before), None) => Step::Remove(before),
        (FormChoice::Form, Some(before), Some(row)) => Step::Change(before, checked(row)?),
        (FormChoice::Both, _, Some(row)) | (FormChoice::Form, None, Some(row)) => Step::Add(checked(row)?),
    })
}

/// All steps, or everything that is wrong with them, each under the number of its choice.
fn steps<'o>(own: &'o Own, chosen: &[Chosen]) -> Result<Vec<Step<'o>>, AppError> {
    let (mut steps, mut wrong) = (Vec::new(), Vec::new());
    for (number, one) in chosen.iter().enumerate() {
        match step(own, one) {
            Ok(step) => steps.push(step),
            Err(AppError::Invalid(errors)) => {
                let at = |error: FieldError| FieldError { field: format!("choices.{number}.{}", error.field), ..error };
                wrong.extend(errors.into_iter().map(at));
            }
            Err(other) => return Err(other),
        }
    }
    if wrong.is_empty() { Ok(steps) } else { Err(AppError::Invalid(wrong)) }
}

async fn carry_out(app: &App, tx: &WriteTx, own: &Own, chosen: &[Chosen]) -> Result<TakenOver, AppError> {
    let mut done = TakenOver::default();
    for step in steps(own, chosen)? {
        match step {
            Step::Nothing => {}
            Step::Remove(before) => {
                journal::taken_away(app, tx, before, before.version).await?;
                done.removed += 1;
            }
            Step::Change(before, checked) => {
                journal::saved(app, tx, &changed(app, before, checked)).await?;
                done.changed += 1;
            }
            Step::Add(checked) => {
                journal::added(app, tx, &own.made(app, checked)).await?;
                done.added += 1;
            }
        }
    }
    own.require_room(done.added.saturating_sub(done.removed))?;
    Ok(done)
}
