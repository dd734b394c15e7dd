//! Making the report final.

use chrono::NaiveDate;
use kernschil_domain::access::Permission;
use kernschil_domain::periods::dutch_date;
use kernschil_domain::reviews::{ReportResponse, ReportState};
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

impl Desk {
    fn require_answered(&self) -> Result<(), AppError> {
        let open = self.comments.iter().filter(|comment| comment.reply.is_none()).count();
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
/// with it. The number of that version is answered.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] for who does not chair the panel, when the report
/// was not sent, a comment has no answer, the receiving side can still respond and did not agree, the review is not in
/// its concluding phase, or somebody else made a version since `seen`.
pub async fn finalise(app: &App, actor: &Actor, slug: &str, seen: i32, early: Early) -> Result<i32, AppError> {
    app.store
        .write(async |tx| {
            let known = sight::locked(tx, actor, slug, Permission::WriteReport).await?;
            let desk = Desk::open(tx, actor, known).await?;
            desk.require_chair()?;
            desk.require_concluding()?;
            let sent = desk.require_sent()?;
            let (version, content) = desk.latest().unwrap_or(sent);
            if version.number != seen {
                return Err(StorageError::Stale.into());
            }
            desk.require_answered()?;
            desk.require_term(early, app.clock.today())?;
            let mut last = content.clone();
            last.responses = desk.responses();
            desk.put((app, tx, actor), &last, ReportState::Final).await
        })
        .await
}
