//! Who may sit with the panel of a review: nobody who plans it, writes its reflection or responds to its report, as she
//! would read what members find before they hand in.
//!
//! This is looked at when somebody is asked. Whoever is there in spite of it, by a role that was granted later or by a row
//! of the database, reads and writes nothing of the panel: see [`sight::receives`].

use chrono::NaiveDate;
use kernschil_domain::access::Grant;
use kernschil_domain::ids::{GrantId, UserId};
use kernschil_storage::reviews::texts;
use kernschil_storage::{Tx, access as accounts};

use super::sight::{self, Known};
use crate::error::AppError;

/// Somebody who is asked to sit with the panel.
pub(super) struct Candidate<'a> {
    /// Her address, as it was checked.
    pub(super) email: &'a str,
    /// The account she has in the review already.
    pub(super) user: Option<UserId>,
    /// The role in the review that she gives up for this one.
    pub(super) leaves: Option<GrantId>,
}

/// Why somebody cannot sit with the panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Objection {
    /// She plans the review, writes its reflection or responds to its report, now or later.
    OfReceiver,
    /// She wrote in the reflection.
    WroteReflection,
}

impl Objection {
    /// The stable code.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::OfReceiver => "hoort-bij-ontvanger",
            Self::WroteReflection => "schreef-reflectie",
        }
    }

    /// What is wrong and what to do.
    pub(super) fn dutch(self) -> &'static str {
        match self {
            Self::OfReceiver => {
                "Wie deze peer review plant, aan de reflectie schrijft of op het rapport reageert, zit niet in het panel en kijkt niet mee. Kies iemand anders."
            }
            Self::WroteReflection => {
                "Wie aan de reflectie van deze peer review schreef, zit niet in het panel en kijkt niet mee. Kies iemand anders."
            }
        }
    }
}

/// The mailbox of an address: what stands behind a plus sign is a label within it.
fn mailbox(address: &str) -> String {
    let address = address.to_lowercase();
    let Some((local, host)) = address.rsplit_once('@') else { return address };
    let local = local.split_once('+').map_or(local, |(name, _)| name);
    format!("{local}@{host}")
}

/// What stands in the way of somebody sitting with the panel; nothing when she can. Every account counts that has the same
/// mailbox. That somebody has another mailbox of which nobody knows, cannot be seen here; the panel is told of everybody who
/// is asked once the visit is near.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub(super) async fn objection(tx: &Tx, known: &Known, candidate: &Candidate<'_>, today: NaiveDate) -> Result<Option<Objection>, AppError> {
    let hers = mailbox(candidate.email);
    let all = accounts::users(tx).await?;
    let same: Vec<_> =
        all.into_iter().filter(|user| candidate.user == Some(user.id) || mailbox(&user.email) == hers).map(|user| user.id).collect();
    let lasts = |grant: &Grant| grant.span.is_ordered() && grant.span.until.is_none_or(|until| today < until);
    for user in &same {
        let held = accounts::grants_of(tx, *user).await?;
        let mut held = held.iter().filter(|grant| Some(grant.id) != candidate.leaves && lasts(grant));
        if held.any(|grant| sight::is_of_receiver(grant, &known.review, &known.registry)) {
            return Ok(Some(Objection::OfReceiver));
        }
    }
    for user in same {
        if texts::has_written(tx, known.review.id, user).await? {
            return Ok(Some(Objection::WroteReflection));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_is_the_same_with_a_label_and_in_capitals() {
        assert_eq!(mailbox("Anna+panel@School.example"), mailbox("anna@school.example"));
        assert_ne!(mailbox("anna.b@school.example"), mailbox("anna@school.example"));
        assert_eq!(mailbox("geen adres"), "geen adres");
    }
}
