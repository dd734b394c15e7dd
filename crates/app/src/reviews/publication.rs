//! Publishing the final report: for everybody who may see the calendar of reviews, with the parts that were chosen.

use chrono::{DateTime, Utc};
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::{PublicationId, Version};
use kernschil_domain::reviews::{Publication, PublishedPart, ReportContent, ReportState, Review};
use kernschil_storage::reviews::{self, reports};
use kernschil_storage::{StorageError, Tx};
use serde_json::json;

use super::report::{Desk, ReportFile, content_of, document_of, workbook_of};
use super::sight;
use crate::error::{AppError, FieldError};
use crate::{Actor, App, Change};

/// The most signs in the reason for taking a report back.
const REASON_SIGNS: usize = 500;

/// What would leave the house, for who decides about it.
#[derive(Debug, Clone)]
pub struct PublicationCheck {
    /// The review.
    pub review: Review,
    /// The number of the final version; nothing while there is none.
    pub number: Option<i32>,
    /// What that version says.
    pub content: Option<ReportContent>,
    /// When it was published and taken back, the oldest first.
    pub publications: Vec<Publication>,
}

impl PublicationCheck {
    /// The parts that can be published: those that the report has.
    pub fn parts(&self) -> Vec<PublishedPart> {
        self.content.as_ref().map(parts_of).unwrap_or_default()
    }

    /// The publication that holds now.
    pub fn current(&self) -> Option<&Publication> {
        self.publications.iter().find(|publication| publication.ended_at.is_none())
    }
}

fn parts_of(content: &ReportContent) -> Vec<PublishedPart> {
    let is_there = |part: &PublishedPart| match part {
        PublishedPart::Panel => !content.panel.is_empty(),
        PublishedPart::Programme => !content.programme.is_empty(),
        PublishedPart::Responses => !content.responses.is_empty(),
    };
    PublishedPart::ALL.iter().copied().filter(is_there).collect()
}

/// What would leave the house.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`].
pub async fn check(app: &App, actor: &Actor, slug: &str) -> Result<PublicationCheck, AppError> {
    app.store
        .read(async |tx| {
            let known = sight::review(tx, actor, slug, Permission::ManageReview).await?;
            let desk = Desk::open(tx, actor, known).await?;
            let last = desk.last_word().map(|(version, content)| (version.number, content.clone()));
            let (number, content) = last.unzip();
            let publications = reports::publications(tx, desk.review().id).await?;
            Ok(PublicationCheck { review: desk.review().clone(), number, content, publications })
        })
        .await
}

fn stale_unless(review: &Review, seen: Version) -> Result<(), AppError> {
    if review.version == seen { Ok(()) } else { Err(StorageError::Stale.into()) }
}

/// Publishes the final report with the parts that were chosen. Published already: with these parts from now on.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Invalid`] for a part that the report does not have;
/// [`AppError::Conflict`] when the report is not final, or somebody else changed the review since `seen`.
pub async fn publish(app: &App, actor: &Actor, slug: &str, seen: Version, parts: &[PublishedPart]) -> Result<Version, AppError> {
    app.store
        .write(async |tx| {
            let known = sight::locked(tx, actor, slug, Permission::ManageReview).await?;
            let desk = Desk::open(tx, actor, known).await?;
            stale_unless(desk.review(), seen)?;
            let not_final = || {
                let message = "Het rapport is nog niet vastgesteld. U publiceert het nadat de voorzitter het heeft vastgesteld.";
                AppError::conflict("rapport-niet-vastgesteld", message)
            };
            let (version, content) = desk.last_word().ok_or_else(not_final)?;
            let there = parts_of(content);
            let strange = parts.iter().filter(|part| !there.contains(part)).map(|part| {
                let message = format!("Het rapport heeft geen {}. Kies alleen wat erin staat.", part.dutch());
                FieldError::new("parts", "onderdeel-ontbreekt", message)
            });
            let strange: Vec<_> = strange.collect();
            if !strange.is_empty() {
                return Err(AppError::Invalid(strange));
            }
            let now = app.clock.now();
            for earlier in reports::publications(tx, desk.review().id).await?.iter().filter(|one| one.ended_at.is_none()) {
                reports::unpublish(tx, earlier.id, now, "Opnieuw gepubliceerd.").await?;
            }
            let chosen: Vec<_> = PublishedPart::ALL.iter().copied().filter(|part| parts.contains(part)).collect();
            let publication = Publication {
                id: PublicationId(app.ids.next()),
                review: desk.review().id,
                number: version.number,
                parts: chosen.clone(),
                at: now,
                by: actor.user(),
                ended_at: None,
                reason: None,
            };
            reports::publish(tx, &publication).await?;
            let saved = reviews::save(tx, &Review { published_at: Some(now), ..desk.review().clone() }).await?;
            let change = json!({ "published": true, "version": version.number, "parts": chosen });
            app.audit(tx, actor, EventKind::ReportPublished, slug, Change::to(change));
            Ok(saved)
        })
        .await
}

/// Takes the published report back, with a reason.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Invalid`] without a reason; [`AppError::Conflict`] when it is
/// not published, or somebody else changed the review since `seen`.
pub async fn withdraw(app: &App, actor: &Actor, slug: &str, seen: Version, reason: &str) -> Result<Version, AppError> {
    let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    if !(1..=REASON_SIGNS).contains(&reason.chars().count()) {
        let message = format!("Schrijf waarom u het rapport terughaalt, in hooguit {REASON_SIGNS} tekens.");
        return Err(AppError::Invalid(vec![FieldError::new("reason", "reden-ontbreekt", message)]));
    }
    app.store
        .write(async |tx| {
            let review = sight::locked(tx, actor, slug, Permission::ManageReview).await?.review;
            stale_unless(&review, seen)?;
            let all = reports::publications(tx, review.id).await?;
            let Some(current) = all.iter().find(|one| one.ended_at.is_none()) else {
                return Err(AppError::conflict("niet-gepubliceerd", "Het rapport is niet gepubliceerd. U hoeft het niet terug te halen."));
            };
            reports::unpublish(tx, current.id, app.clock.now(), &reason).await?;
            let saved = reviews::save(tx, &Review { published_at: None, ..review }).await?;
            let change = Change::between(json!({ "published": true }), json!({ "published": false }));
            app.audit(tx, actor, EventKind::ReportPublished, slug, change);
            Ok(saved)
        })
        .await
}

/// A report as it was published.
#[derive(Debug, Clone)]
pub struct PublishedReport {
    /// Name of the review in addresses.
    pub slug: String,
    /// The number of the version.
    pub number: i32,
    /// When it was published.
    pub at: DateTime<Utc>,
    /// The year of the annual report that carries it.
    pub report_year: Option<i32>,
    /// What is published of it.
    pub content: ReportContent,
}

async fn load(tx: &Tx, actor: &Actor, slug: &str) -> Result<PublishedReport, AppError> {
    let review = sight::review(tx, actor, slug, Permission::ReadReviews).await?.review;
    let all = reports::publications(tx, review.id).await?;
    let current = all.into_iter().find(|one| one.ended_at.is_none()).ok_or(AppError::NotFound)?;
    let versions = reports::versions(tx, review.id).await?;
    let version = versions.into_iter().find(|version| version.number == current.number).ok_or(AppError::NotFound)?;
    let content = content_of(&version)?.published(&current.parts);
    Ok(PublishedReport { slug: review.slug, number: current.number, at: current.at, report_year: review.report_year, content })
}

/// The published report of a review.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`], also when it is not published.
pub async fn published(app: &App, actor: &Actor, slug: &str) -> Result<PublishedReport, AppError> {
    app.store.read(async |tx| load(tx, actor, slug).await).await
}

async fn noted(app: &App, actor: &Actor, slug: &str, ending: &str) -> Result<(), AppError> {
    app.store
        .write(async |tx| {
            let change = Change::to(json!({ "report": "published", "form": ending }));
            app.audit_as(tx, actor, actor.role(Some(Permission::ReadReviews)), EventKind::ReviewExported, slug, change);
            Ok::<_, AppError>(())
        })
        .await
}

/// The published report as a document. That somebody took it along is noted.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`], also when it is not published.
pub async fn published_document(app: &App, actor: &Actor, slug: &str) -> Result<ReportFile, AppError> {
    let report = published(app, actor, slug).await?;
    let bytes = document_of(&report.content, (report.number, ReportState::Final))?;
    noted(app, actor, slug, "docx").await?;
    Ok(ReportFile { file_name: format!("rapport-{slug}.docx"), bytes })
}

/// The published report as a workbook. That somebody took it along is noted.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`], also when it is not published.
pub async fn published_workbook(app: &App, actor: &Actor, slug: &str) -> Result<ReportFile, AppError> {
    let report = published(app, actor, slug).await?;
    let bytes = workbook_of(&report.content, (report.number, ReportState::Final))?;
    noted(app, actor, slug, "xlsx").await?;
    Ok(ReportFile { file_name: format!("rapport-{slug}.xlsx"), bytes })
}
