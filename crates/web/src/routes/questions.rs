//! Development questions of a review.

use kernschil_app::AppError;
use kernschil_app::reviews::questions::{self, QuestionList, Way};
use kernschil_domain::frameworks::Part;
use kernschil_domain::reviews::DevelopmentQuestion;
use kernschil_http::{Caller, Failure};
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path, Query};
use serde::Deserialize;

use super::reflection::{dossier, seen, title};
use super::support::{Answer, done, field_errors, html_with, id, problem, see_other};
use super::{State, Web};
use crate::components::nav::NavItem;
use crate::views::evidence::PartChoice;
use crate::views::questions::{QuestionItem, QuestionsView, questions_page};

fn about(list: &QuestionList, part: &Part) -> String {
    format!("{} {}", part.code(), title(&list.content, part))
}

fn item(list: &QuestionList, question: &DevelopmentQuestion) -> QuestionItem {
    QuestionItem {
        id: question.id.to_string(),
        text: question.text.clone(),
        about: question.part.as_ref().map(|part| about(list, part)).unwrap_or_default(),
        part: question.part.as_ref().map(|part| part.code().0.clone()).unwrap_or_default(),
        version: question.version.0.to_string(),
    }
}

/// What somebody filled in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct QuestionForm {
    versie: String,
    vraag: String,
    onderdeel: String,
    richting: String,
}

/// What just happened, in the address after a form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Did {
    gedaan: String,
}

async fn page(web: &Web, caller: &Caller, slug: &str, (wrong, form): (&str, QuestionForm), refused: Option<AppError>, did: &str) -> Answer {
    let list = questions::list(&web.app, &caller.actor, slug).await?;
    let choice = |part: Part| PartChoice { title: title(&list.content, &part), code: part.code().0.clone(), is_chosen: false };
    let mut view = QuestionsView {
        dossier: dossier(&list.review),
        items: list.questions.iter().map(|question| item(&list, question)).collect(),
        parts: list.content.parts().map(choice).collect(),
        can_change: list.can_change,
        wrong: wrong.to_owned(),
        filled: (form.vraag, form.onderdeel),
        errors: Vec::new(),
    };
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    frame.flash = (did == "bewaard").then(|| done("De ontwikkelvragen zijn bewaard."));
    let status = match refused {
        None => StatusCode::OK,
        Some(AppError::Invalid(errors)) => {
            view.errors = field_errors(&errors, &[("text", "vraag"), ("part", "vraag")]);
            StatusCode::BAD_REQUEST
        }
        Some(AppError::Conflict { message, .. }) => {
            frame.flash = Some(problem(message));
            StatusCode::CONFLICT
        }
        Some(other) => return Err(other.into()),
    };
    Ok(html_with(status, questions_page(&frame, &view)))
}

/// The questions.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(did): Query<Did>) -> Answer {
    page(&web, caller, &slug, ("", QuestionForm::default()), None, &did.gedaan).await
}

async fn answered(web: &Web, caller: &Caller, slug: &str, (at, form): (&str, QuestionForm), outcome: Result<(), AppError>) -> Answer {
    match outcome {
        Ok(()) => Ok(see_other(&format!("/peer-reviews/{slug}/ontwikkelvragen?gedaan=bewaard"))),
        Err(error) => page(web, caller, slug, (at, form), Some(error), "").await,
    }
}

/// Adds a question.
#[handler]
pub(super) async fn add(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(form): Form<QuestionForm>) -> Answer {
    let added = questions::add(&web.app, &caller.actor, &slug, &form.vraag, &form.onderdeel).await;
    answered(&web, caller, &slug, ("", form), added.map(|_| ())).await
}

/// Changes a question.
#[handler]
pub(super) async fn change(
    web: State<'_>,
    caller: &Caller,
    Path((slug, question)): Path<(String, String)>,
    Form(form): Form<QuestionForm>,
) -> Answer {
    let key = (id(&question)?, seen(&form.versie));
    let changed = questions::change(&web.app, &caller.actor, &slug, key, (&form.vraag, &form.onderdeel)).await;
    answered(&web, caller, &slug, (&question, form), changed).await
}

/// Moves a question up or down.
#[handler]
pub(super) async fn shift(
    web: State<'_>,
    caller: &Caller,
    Path((slug, question)): Path<(String, String)>,
    Form(form): Form<QuestionForm>,
) -> Answer {
    let way = match form.richting.as_str() {
        "omhoog" => Way::Up,
        "omlaag" => Way::Down,
        _ => return Err(Failure::from(AppError::NotFound)),
    };
    let moved = questions::shift(&web.app, &caller.actor, &slug, (id(&question)?, seen(&form.versie)), way).await;
    answered(&web, caller, &slug, ("", QuestionForm::default()), moved).await
}

/// Removes a question.
#[handler]
pub(super) async fn remove(
    web: State<'_>,
    caller: &Caller,
    Path((slug, question)): Path<(String, String)>,
    Form(form): Form<QuestionForm>,
) -> Answer {
    let removed = questions::remove(&web.app, &caller.actor, &slug, (id(&question)?, seen(&form.versie))).await;
    answered(&web, caller, &slug, ("", QuestionForm::default()), removed).await
}
