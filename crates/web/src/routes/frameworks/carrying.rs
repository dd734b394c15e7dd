//! Another version of the framework for a peer review.

use kernschil_app::reviews::framework::{self, PartPreview};
use kernschil_app::{AppError, frameworks};
use kernschil_domain::frameworks::Carrying;
use kernschil_http::Caller;
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path, Query};
use serde::Deserialize;

use super::super::support::{Answer, html_with, problem, see_other, size};
use super::super::{State, Web};
use super::seen;
use crate::components::filters::FilterOption;
use crate::components::nav::NavItem;
use crate::components::status::Tone;
use crate::components::text::counted;
use crate::views::frameworks::{CarryRow, CarryView, carry_page};

fn row(part: &PartPreview) -> CarryRow {
    let mut holds = Vec::new();
    if part.has_text {
        holds.push("een tekst".to_owned());
    }
    if part.evidence > 0 {
        holds.push(counted(size(part.evidence), "bewijsstuk of kerncijfer", "bewijsstukken of kerncijfers"));
    }
    if part.questions > 0 {
        holds.push(counted(size(part.questions), "ontwikkelvraag", "ontwikkelvragen"));
    }
    let tone = match part.carried.how {
        Carrying::Same => Tone::Good,
        Carrying::Reworded | Carrying::Moved => Tone::Busy,
        Carrying::Kept => Tone::Signal,
    };
    let after = match (&part.carried.same_words, part.carried.how) {
        (Some(same), _) => format!("Kijk bij {}: daar past het misschien.", same.code()),
        (None, Carrying::Kept) => "Komt hier niet voor".to_owned(),
        (None, _) => format!("{} {}", part.carried.to.code(), part.after),
    };
    CarryRow {
        code: part.carried.from.code().to_string(),
        before: part.before.clone(),
        how: (tone, part.carried.how.dutch().to_owned()),
        after,
        holds: holds.join(", "),
    }
}

/// The page, with what would happen when a framework was chosen, and why something cannot be done.
async fn page_of(web: &Web, caller: &Caller, slug: &str, chosen: &str, refusal: Option<String>) -> Answer {
    let (review, now) = framework::current(&web.app, &caller.actor, slug).await?;
    let all = frameworks::list(&web.app, &caller.actor).await?;
    let others = all.iter().filter(|view| view.framework.state.offered_since().is_some() && view.framework.id != now.id);
    let option = |view: &frameworks::FrameworkView| FilterOption {
        value: view.framework.slug.clone(),
        label: format!("{} ({})", view.framework.content.name, view.framework.slug),
        count: None,
    };
    let mut view = CarryView {
        review: slug.to_owned(),
        name: review.name,
        version: review.version.0.to_string(),
        now: (now.content.name, now.slug),
        options: others.map(option).collect(),
        chosen: chosen.to_owned(),
        rows: None,
    };
    let mut refusal = refusal;
    if !chosen.is_empty() {
        match framework::preview(&web.app, &caller.actor, slug, chosen).await {
            Ok(preview) => view.rows = Some(preview.parts.iter().map(row).collect()),
            Err(AppError::Conflict { message, .. }) => refusal = Some(refusal.unwrap_or(message)),
            Err(error) => return Err(error.into()),
        }
    }
    let status = if refusal.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    frame.flash = refusal.map(problem);
    Ok(html_with(status, carry_page(&frame, &view)))
}

#[derive(Deserialize)]
pub(in super::super) struct Chosen {
    #[serde(default)]
    naar: String,
}

/// The framework of a peer review, and what another would do.
#[handler]
pub(in super::super) async fn show_carry(
    web: State<'_>,
    caller: &Caller,
    Path(slug): Path<String>,
    Query(chosen): Query<Chosen>,
) -> Answer {
    page_of(&web, caller, &slug, &chosen.naar, None).await
}

#[derive(Deserialize)]
pub(in super::super) struct Taken {
    #[serde(default)]
    versie: String,
    #[serde(default)]
    naar: String,
}

/// Takes another framework for a peer review.
#[handler]
pub(in super::super) async fn carry(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(form): Form<Taken>) -> Answer {
    match framework::change(&web.app, &caller.actor, &slug, seen(&form.versie), &form.naar).await {
        Ok(_) => Ok(see_other(&format!("/peer-reviews/{slug}?gedaan=kader"))),
        Err(AppError::Conflict { message, .. }) => page_of(&web, caller, &slug, &form.naar, Some(message)).await,
        Err(error) => Err(error.into()),
    }
}
