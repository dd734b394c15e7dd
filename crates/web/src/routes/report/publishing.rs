//! Publishing the final report, and reading what was published.

use kernschil_app::AppError;
use kernschil_app::reviews::publication::{self, PublicationCheck};
use kernschil_domain::periods::dutch_date;
use kernschil_domain::reviews::{Publication, PublishedPart};
use kernschil_http::Caller;
use kernschil_spreadsheets::write::XLSX_MEDIA_TYPE;
use poem::Response;
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path, Query};

use super::super::reflection::{dossier, seen};
use super::super::support::{Answer, capital, html, html_with, see_other};
use super::super::words::when;
use super::super::{State, Web};
use super::{Did, attachment, flash, refusal};
use crate::components::nav::NavItem;
use crate::components::text::listed;
use crate::views::reflection::Dossier;
use crate::views::report::{PartTick, PublicationLine, PublishView, PublishedView, publish_page, published_page};

fn annual(year: Option<i32>) -> String {
    match year {
        Some(year) => format!("Het rapport staat in de jaarrapportage van {year}."),
        None => "In welke jaarrapportage het rapport staat, is nog niet ingevuld.".to_owned(),
    }
}

fn line(web: &Web, one: &Publication) -> PublicationLine {
    let parts: Vec<_> = one.parts.iter().map(|part| part.dutch().to_owned()).collect();
    let with = if parts.is_empty() { "alleen de tekst".to_owned() } else { format!("de tekst, {}", listed(&parts)) };
    let now = web.app.clock.now();
    let until = one.ended_at.map(|at| format!(", tot {}", when(at, now))).unwrap_or_default();
    let words = capital(&format!("{}{until}: {with}.", when(one.at, now)));
    PublicationLine { words, reason: one.reason.clone().unwrap_or_default() }
}

fn view(web: &Web, check: PublicationCheck, chosen: Option<&[PublishedPart]>) -> PublishView {
    let there = check.parts();
    let current: Vec<_> = check.current().map(|one| one.parts.clone()).unwrap_or_default();
    let chosen = chosen.map_or(current, <[PublishedPart]>::to_vec);
    let outdated = check.current().map(|one| one.number).filter(|number| check.number.is_some_and(|last| *number < last));
    let tick =
        |part: &PublishedPart| PartTick { code: part.code().to_owned(), words: capital(part.dutch()), is_chosen: chosen.contains(part) };
    PublishView {
        dossier: dossier(&check.review),
        version: check.review.version.0.to_string(),
        parts: there.iter().map(tick).collect(),
        annual: annual(check.review.report_year),
        is_published: check.current().is_some(),
        outdated,
        publications: check.publications.iter().map(|one| line(web, one)).collect(),
        content: check.number.zip(check.content),
        reason: String::new(),
        errors: Vec::new(),
    }
}

async fn page(
    web: &Web,
    caller: &Caller,
    slug: &str,
    (chosen, reason): (Option<&[PublishedPart]>, &str),
    refused: Option<AppError>,
    did: &str,
) -> Answer {
    let check = publication::check(&web.app, &caller.actor, slug).await?;
    let mut view = PublishView { reason: reason.to_owned(), ..view(web, check, chosen) };
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    frame.flash = flash(did);
    let mut status = StatusCode::OK;
    if let Some(error) = refused {
        (status, frame.flash, view.errors) = refusal(error, &[("parts", "onderdeel"), ("reason", "reden")])?;
    }
    Ok(html_with(status, publish_page(&frame, &view)))
}

/// What would leave the house.
#[handler]
pub(in crate::routes) async fn show_publish(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(did): Query<Did>) -> Answer {
    page(&web, caller, &slug, (None, ""), None, &did.gedaan).await
}

fn back(slug: &str, did: &str) -> Response {
    see_other(&format!("/peer-reviews/{slug}/publiceren?gedaan={did}"))
}

fn value<'p>(pairs: &'p [(String, String)], name: &str) -> &'p str {
    pairs.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
}

/// Publishes the report.
#[handler]
pub(in crate::routes) async fn publish(
    web: State<'_>,
    caller: &Caller,
    Path(slug): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Answer {
    let chosen = pairs.iter().filter(|(name, _)| name == "onderdeel").filter_map(|(_, code)| PublishedPart::parse(code));
    let chosen: Vec<_> = chosen.collect();
    match publication::publish(&web.app, &caller.actor, &slug, seen(value(&pairs, "versie")), &chosen).await {
        Ok(_) => Ok(back(&slug, "gepubliceerd")),
        Err(error) => page(&web, caller, &slug, (Some(&chosen), ""), Some(error), "").await,
    }
}

/// Takes the published report back.
#[handler]
pub(in crate::routes) async fn withdraw(
    web: State<'_>,
    caller: &Caller,
    Path(slug): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Answer {
    let reason = value(&pairs, "reden");
    match publication::withdraw(&web.app, &caller.actor, &slug, seen(value(&pairs, "versie")), reason).await {
        Ok(_) => Ok(back(&slug, "teruggehaald")),
        Err(error) => page(&web, caller, &slug, (None, reason), Some(error), "").await,
    }
}

/// The report as it was published.
#[handler]
pub(in crate::routes) async fn published(web: State<'_>, caller: &Caller, Path(slug): Path<String>) -> Answer {
    let report = publication::published(&web.app, &caller.actor, &slug).await?;
    let view = PublishedView {
        dossier: Dossier { name: report.content.title.clone(), slug: report.slug },
        when: format!("Gepubliceerd op {}. {}", dutch_date(report.at.date_naive()), annual(report.report_year)),
        content: report.content,
    };
    Ok(html(published_page(&web.frame(caller, NavItem::Reviews).await?, &view)))
}

/// The published report as a document.
#[handler]
pub(in crate::routes) async fn published_document(web: State<'_>, caller: &Caller, Path(slug): Path<String>) -> Answer {
    let file = publication::published_document(&web.app, &caller.actor, &slug).await?;
    Ok(attachment(file, kernschil_app::reviews::report::DOCX_MEDIA_TYPE))
}

/// The published report as a workbook.
#[handler]
pub(in crate::routes) async fn published_workbook(web: State<'_>, caller: &Caller, Path(slug): Path<String>) -> Answer {
    let file = publication::published_workbook(&web.app, &caller.actor, &slug).await?;
    Ok(attachment(file, XLSX_MEDIA_TYPE))
}
