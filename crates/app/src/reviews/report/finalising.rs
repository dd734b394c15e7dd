//! Making the report final.

use chrono::NaiveDate;
use kernschil_domain::access::Permission;
use kernschil_domain::periods::dutch_date;
use kernschil_domain::reviews::{ParagraphDifference, ReportResponse, ReportState, report_differences};
use kernschil_storage::StorageError;

use super::Desk;
use crate::error::AppError;
use crate::reviews::sight;
use crate::{Actor, App};

/// Whether a report is made final while the receiving side can still respond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Early {
    /// Not before their last day has passed.
    No,
    /// Also before: they said that they are done.
    Agreed,
}

/// Whether a text is made final that the receiving side did not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// Only what was sent to them becomes final.
    Refused,
    /// The chair saw the differences and makes it final with them.
    Confirmed,
}

/// The latest text, where the receiving side read another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadText {
    /// The number of the version that they read last.
    pub read: i32,
    /// The number of the latest version.
    pub latest: i32,
    /// How the two differ.
    pub differences: Vec<ParagraphDifference>,
}

impl Desk {
    /// Refuses who cannot make the report final, and a report that cannot be.
    pub(super) fn require_finalisable(&self) -> Result<(), AppError> {
        self.require_chair()?;
        self.require_concluding()?;
        self.require_left()?;
        match self.latest() {
            Some((version, _)) if version.state == ReportState::Final => {
                let message =
                    format!("Versie {} is al vastgesteld. Maak eerst een nieuwe versie als er iets moet veranderen.", version.number);
                Err(AppError::conflict("rapport-vastgesteld", message))
            }
            _ => Ok(()),
        }
    }

    fn require_answered(&self) -> Result<(), AppError> {
        let open = self.unanswered();
        let message = match open {
            0 => return Ok(()),
            1 => "Eén reactie is nog niet beantwoord. Schrijf er eerst bij wat het panel ermee deed.".to_owned(),
            _ => format!("{open} reacties zijn nog niet beantwoord. Schrijf er eerst bij wat het panel ermee deed."),
        };
        Err(AppError::conflict("reacties-onbeantwoord", message))
    }

    fn require_term(&self, early: Early, today: NaiveDate) -> Result<(), AppError> {
        match self.review().respond_by {
            Some(last) if today <= last && early == Early::No => {
                let message = format!(
                    "De ontvangende partij kan nog reageren tot en met {}. Stel het rapport daarna vast, of geef aan dat zij klaar is.",
                    dutch_date(last)
                );
                Err(AppError::conflict("reactietermijn-loopt", message))
            }
            _ => Ok(()),
        }
    }

    /// The latest text, where it says something else than what left the panel last.
    pub(super) fn unread(&self) -> Option<UnreadText> {
        let ((latest, now), (read, before)) = self.latest().zip(self.left())?;
        let (before, now) = (before.without_responses(), now.without_responses());
        let differences = || report_differences(&before, &now);
        (before != now).then(|| UnreadText { read: read.number, latest: latest.number, differences: differences() })
    }

    fn require_read(&self, unread: Unread) -> Result<(), AppError> {
        match self.unread() {
            Some(UnreadText { read, latest, .. }) if unread == Unread::Refused => {
                let message = format!(
                    "De ontvangende partij las versie {read}; versie {latest} is haar niet gestuurd. Verstuur versie {latest} ter reactie, of bekijk de verschillen en bevestig dat u haar zo vaststelt."
                );
                Err(AppError::conflict("versie-niet-gelezen", message))
            }
            _ => Ok(()),
        }
    }

    fn responses(&self) -> Vec<ReportResponse> {
        let response = |comment: &kernschil_domain::reviews::ReportComment| ReportResponse {
            paragraph: comment.paragraph.clone(),
            about: self.about(comment),
            text: comment.text.clone(),
            reply: comment.reply.clone().unwrap_or_default(),
        };
        self.comments.iter().map(response).collect()
    }
}

/// Makes the report final: the latest text becomes the last version, with what the receiving side said and what was done
/// with it. The receiving side hears of it by mail. The number of that version is answered.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] for who does not chair the panel, when the report
/// was not sent, a comment has no answer, the receiving side can still respond and did not agree, it did not read the latest
/// text and that was not confirmed, the review is not in its concluding phase, or somebody else made a version since `seen`.
pub async fn finalise(app: &App, actor: &Actor, slug: &str, seen: i32, (early, unread): (Early, Unread)) -> Result<i32, AppError> {
    app.store
        .write(async |tx| {
            let known = sight::locked(tx, actor, slug, Permission::WriteReport).await?;
            let desk = Desk::open(tx, actor, known).await?;
            desk.require_finalisable()?;
            let (version, content) = desk.latest().ok_or(AppError::NotFound)?;
            if version.number != seen {
                return Err(StorageError::Stale.into());
            }
            desk.require_answered()?;
            desk.require_term(early, app.clock.today())?;
            desk.require_read(unread)?;
            let mut last = content.clone();
            last.responses = desk.responses();
            let number = desk.put((app, tx, actor), &last, ReportState::Final).await?;
            desk.tell_that_it_is_final(app, tx).await?;
            Ok(number)
        })
        .await
}
