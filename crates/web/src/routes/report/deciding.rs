//! Making the report final.

use kernschil_app::AppError;
use kernschil_app::reviews::report::{self, Early, Unread};
use kernschil_domain::periods::dutch_date;
use kernschil_http::Caller;
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path};
use serde::Deserialize;

use super::super::reflection::dossier;
use super::super::support::{Answer, html_with, size};
use super::super::{State, Web};
use super::{difference, loose_ends, number, refusal, state_words, to_report};
use crate::components::nav::NavItem;
use crate::components::text::counted;
use crate::views::report::{FinalView, UnreadView, final_page};

async fn page(web: &Web, caller: &Caller, slug: &str, refused: Option<AppError>) -> Answer {
    let overview = report::overview(&web.app, &caller.actor, slug).await?;
    let latest = overview.versions.first().cloned();
    let today = web.app.clock.today();
    let term = overview.review.respond_by.filter(|day| today <= *day).map(dutch_date).unwrap_or_default();
    let open = overview.unanswered();
    let mut obstacles = Vec::new();
    if overview.is_behind {
        obstacles
            .push("Er is iets veranderd dat niet in de laatste versie staat. Neem het eerst op, of stel vast wat er nu staat.".to_owned());
    }
    if open > 0 {
        obstacles.push(format!("{} nog niet beantwoord. Dat moet eerst.", counted(size(open), "reactie is", "reacties zijn")));
    }
    let mut checks = Vec::new();
    checks.extend(latest.as_ref().map(|version| ("Laatste versie", format!("{}, {}", version.number, state_words(version.state)))));
    let until = |day| if today <= day { "Reageren kan tot en met" } else { "Reageren kon tot en met" };
    checks.extend(overview.review.respond_by.map(|day| (until(day), dutch_date(day))));
    checks.push(("Reacties", counted(size(overview.comments.len()), "reactie", "reacties")));
    checks.push(("Nog te beantwoorden", open.to_string()));
    let view = FinalView {
        dossier: dossier(&overview.review),
        number: latest.map_or(0, |version| version.number),
        checks,
        obstacles,
        term,
        loose_ends: loose_ends(&overview.loose_ends),
        unread: overview
            .unread
            .map(|unread| UnreadView { read: unread.read, differences: unread.differences.into_iter().map(difference).collect() }),
        refused: overview.not_final,
    };
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    let mut status = StatusCode::OK;
    if let Some(error) = refused {
        (status, frame.flash, _) = refusal(error, &[])?;
    }
    Ok(html_with(status, final_page(&frame, &view)))
}

/// What is looked at before the report is made final.
#[handler]
pub(in crate::routes) async fn show_final(web: State<'_>, caller: &Caller, Path(slug): Path<String>) -> Answer {
    page(&web, caller, &slug, None).await
}

/// What stands in the form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct FinalForm {
    nummer: String,
    klaar: String,
    ongelezen: String,
}

/// Makes the report final.
#[handler]
pub(in crate::routes) async fn finalise(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(form): Form<FinalForm>) -> Answer {
    let early = if form.klaar == "ja" { Early::Agreed } else { Early::No };
    let unread = if form.ongelezen == "ja" { Unread::Confirmed } else { Unread::Refused };
    match report::finalise(&web.app, &caller.actor, &slug, number(&form.nummer), (early, unread)).await {
        Ok(_) => Ok(to_report(&slug, "vastgesteld")),
        Err(error) => page(&web, caller, &slug, Some(error)).await,
    }
}
