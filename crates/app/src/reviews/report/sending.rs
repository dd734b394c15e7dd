//! Sending a version to the receiving side, with a last day to respond.

use chrono::{Days, NaiveDate};
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::Version;
use kernschil_domain::periods::dutch_date;
use kernschil_domain::reviews::{ReportState, Review};
use kernschil_storage::StorageError;
use kernschil_storage::reviews::{self, reports};
use serde_json::json;

use super::Desk;
use super::telling::Tidings;
use crate::error::{AppError, FieldError};
use crate::reviews::sight;
use crate::{Actor, App, Change};

/// The receiving side has no longer than this many days to respond.
const MOST_DAYS: u64 = 366;

fn checked(app: &App, day: Option<NaiveDate>) -> Result<NaiveDate, AppError> {
    let today = app.clock.today();
    let last = today.checked_add_days(Days::new(MOST_DAYS)).unwrap_or(today);
    let right = day.filter(|day| today < *day && *day <= last);
    right.ok_or_else(|| {
        let message = format!("Kies een dag na vandaag en uiterlijk {}. Tot en met die dag kan men reageren.", dutch_date(last));
        AppError::Invalid(vec![FieldError::new("respondBy", "datum-buiten-bereik", message)])
    })
}

/// The letter to who can respond.
fn to_respond(subject: &str, what: String) -> Tidings<'_> {
    Tidings { subject, what, next: "Lees het rapport en reageer per alinea:", page: "rapport" }
}

/// Sends the latest version to the receiving side, who can respond to it up to and including a day. They hear of it by
/// mail; how many mails went out is answered.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Invalid`] for a day that cannot be; [`AppError::Conflict`]
/// when the review is not in its concluding phase, there is no concept to send, it says nothing, or somebody else made a
/// version since `seen`.
pub async fn send(app: &App, actor: &Actor, slug: &str, seen: i32, respond_by: Option<NaiveDate>) -> Result<usize, AppError> {
    app.store
        .write(async |tx| {
            let known = sight::locked(tx, actor, slug, Permission::WriteReport).await?;
            let desk = Desk::open(tx, actor, known).await?;
            desk.require_concluding()?;
            let none = || AppError::conflict("rapport-ontbreekt", "Er is nog geen rapport. Maak eerst een versie van de bevindingen.");
            let (version, content) = desk.latest().ok_or_else(none)?;
            if version.number != seen {
                return Err(StorageError::Stale.into());
            }
            if version.state != ReportState::Concept {
                let message = "Deze versie is al verstuurd. Maak eerst een nieuwe versie, of geef een nieuwe datum om te reageren.";
                return Err(AppError::conflict("rapport-al-verstuurd", message));
            }
            if !content.paragraphs().any(kernschil_domain::reviews::ReportParagraph::is_told) {
                let message = "Er staat nog niets in het rapport. Neem bevindingen op of schrijf een tekst.";
                return Err(AppError::conflict("rapport-leeg", message));
            }
            let day = checked(app, respond_by)?;
            reports::set_state(tx, desk.review().id, version.number, ReportState::Responding).await?;
            reviews::save(tx, &Review { respond_by: Some(day), ..desk.review().clone() }).await?;
            let change = json!({ "version": version.number, "state": ReportState::Responding, "respondBy": day });
            app.audit(tx, actor, EventKind::ReportMade, slug, Change::to(change));
            let what = format!(
                "Het panel heeft het conceptrapport van “{}” gemaakt. U kunt reageren tot en met {}.",
                desk.review().name,
                dutch_date(day)
            );
            desk.tell_receivers(app, tx, &to_respond("Conceptrapport om op te reageren", what)).await
        })
        .await
}

/// Gives the receiving side another last day to respond, also after the day before has passed. They hear of it by mail.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Invalid`] for a day that cannot be; [`AppError::Conflict`]
/// for who does not chair the panel, when nothing was sent, the report is final, or somebody else changed the review since
/// `seen`.
pub async fn extend(app: &App, actor: &Actor, slug: &str, seen: Version, respond_by: Option<NaiveDate>) -> Result<Version, AppError> {
    app.store
        .write(async |tx| {
            let known = sight::locked(tx, actor, slug, Permission::WriteReport).await?;
            let desk = Desk::open(tx, actor, known).await?;
            desk.require_chair()?;
            desk.require_concluding()?;
            desk.require_sent()?;
            if desk.review().version != seen {
                return Err(StorageError::Stale.into());
            }
            let day = checked(app, respond_by)?;
            let version = reviews::save(tx, &Review { respond_by: Some(day), ..desk.review().clone() }).await?;
            let change = Change::between(json!({ "respondBy": desk.review().respond_by }), json!({ "respondBy": day }));
            app.audit(tx, actor, EventKind::ReportMade, slug, change);
            let what = format!("U kunt reageren op het conceptrapport van “{}” tot en met {}.", desk.review().name, dutch_date(day));
            desk.tell_receivers(app, tx, &to_respond("Nieuwe datum om te reageren op het conceptrapport", what)).await?;
            Ok(version)
        })
        .await
}
