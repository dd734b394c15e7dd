//! The steps that new reviews get: a list that can be renamed and planned in another way.

use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::reviews::{MOST_STEP_DAYS, MOST_STEP_NAME, ReviewKind, StepTemplate, TemplateProblem, template_problems};
use kernschil_storage::reviews::steps;
use kernschil_storage::{StorageError, Tx};
use serde_json::json;

use crate::error::{AppError, FieldError};
use crate::{Actor, App, Change};

/// Most steps of a template.
pub const MOST_STEPS: usize = 30;

/// The template that counts: the stored one, or the product's own while there is none.
pub(super) async fn template(tx: &Tx, kind: ReviewKind) -> Result<Vec<StepTemplate>, StorageError> {
    let stored = steps::template(tx, kind).await?;
    Ok(if stored.is_empty() { StepTemplate::defaults(kind) } else { stored })
}

/// The steps that new reviews of a kind get.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn templates(app: &App, actor: &Actor, kind: ReviewKind) -> Result<Vec<StepTemplate>, AppError> {
    actor.require(Permission::ManageFrameworks)?;
    Ok(app.store.read(async |tx| template(tx, kind).await).await?)
}

fn sentence(problem: TemplateProblem) -> FieldError {
    let (at, code, message) = match problem {
        TemplateProblem::Empty => (None, "verplicht", "Houd ten minste één stap over.".to_owned()),
        TemplateProblem::Name(at) => (Some(at), "naam-ongeldig", format!("Geef deze stap een naam van hoogstens {MOST_STEP_NAME} tekens.")),
        TemplateProblem::Days(at) => {
            (Some(at), "dagen-ongeldig", format!("Schrijf een aantal dagen van -{MOST_STEP_DAYS} tot en met {MOST_STEP_DAYS}."))
        }
        TemplateProblem::Order(at) => (
            Some(at),
            "fase-volgorde",
            "Een stap van een eerdere fase kan niet na een latere fase staan. Zet de stappen op volgorde.".to_owned(),
        ),
    };
    match at {
        None => FieldError::new("steps", code, message),
        Some(at) => FieldError::new(&format!("steps.{at}"), code, format!("Stap {}: {message}", at + 1)),
    }
}

/// Changes the steps that new reviews of a kind get; none gives the product's own back. Reviews that were made already
/// keep theirs.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Invalid`] with everything that is wrong.
pub async fn set_templates(app: &App, actor: &Actor, kind: ReviewKind, steps: Vec<StepTemplate>) -> Result<(), AppError> {
    actor.require(Permission::ManageFrameworks)?;
    let tidy = |step: StepTemplate| StepTemplate { name: step.name.split_whitespace().collect::<Vec<_>>().join(" "), ..step };
    let steps: Vec<_> = steps.into_iter().map(tidy).collect();
    let mut found: Vec<_> = if steps.is_empty() { Vec::new() } else { template_problems(&steps).into_iter().map(sentence).collect() };
    if steps.len() > MOST_STEPS {
        found.push(FieldError::new("steps", "te-veel-stappen", format!("Een review heeft hoogstens {MOST_STEPS} stappen.")));
    }
    if !found.is_empty() {
        return Err(AppError::Invalid(found));
    }
    app.store
        .write(async |tx| {
            let before = template(tx, kind).await?.len();
            steps::set_template(tx, kind, &steps).await?;
            let after = template(tx, kind).await?.len();
            let change = Change::between(json!({ "steps": before }), json!({ "steps": after }));
            app.audit(tx, actor, EventKind::StepTemplatesChanged, kind.code(), change);
            Ok::<_, AppError>(())
        })
        .await
}
