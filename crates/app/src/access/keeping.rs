//! Changing an account while nobody else does, and never without somebody left to manage the installation.

use chrono::NaiveDate;
use kernschil_domain::access::{Permission, Role, Scope};
use kernschil_domain::ids::UserId;
use kernschil_domain::periods::{Span, dutch_date};
use kernschil_storage::access::{self, StoredUser, UserState};
use kernschil_storage::{Tx, WriteTx};

use super::person;
use crate::error::AppError;
use crate::{Actor, App};

/// An account that is being changed.
pub(super) struct Held {
    /// As it is now.
    pub(super) user: StoredUser,
    /// How long somebody manages the installation, as things were.
    managed_until: Option<NaiveDate>,
}

/// Makes everybody else who manages accounts, or this account, wait until this transaction ends, and looks again at what
/// the actor may do: somebody else may just have taken it away.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Unauthenticated`] when her account is not active any more.
pub(super) async fn require_now(app: &App, actor: &Actor, tx: &WriteTx, account: UserId) -> Result<(), AppError> {
    actor.require(Permission::ManageUsers)?;
    access::lock_accounts(tx, account).await?;
    let Actor::User(before) = actor else { return Ok(()) };
    let user = access::user(tx, before.id).await?.filter(|user| user.state == UserState::Active).ok_or(AppError::Unauthenticated)?;
    let now = person(app, tx, user, before.rights.token(), before.request).await?;
    Actor::User(now).require(Permission::ManageUsers)
}

/// Takes an account to change it, as [`require_now`].
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] when the account was removed.
pub(super) async fn hold(app: &App, actor: &Actor, tx: &WriteTx, id: UserId) -> Result<Held, AppError> {
    require_now(app, actor, tx, id).await?;
    let user = access::user(tx, id).await?.ok_or(AppError::NotFound)?;
    if user.state == UserState::Removed {
        return Err(AppError::conflict("account-verwijderd", "Dit account is verwijderd. Er is niets meer aan te wijzigen."));
    }
    Ok(Held { user, managed_until: managed_until(app, tx).await? })
}

/// Refuses a change after which the installation would be without somebody who manages it, sooner than it was going to.
///
/// # Errors
/// [`AppError::Conflict`]; nothing of the change stays then.
pub(super) async fn still_managed(app: &App, tx: &Tx, held: &Held) -> Result<(), AppError> {
    let Some(day) = managed_until(app, tx).await? else { return Ok(()) };
    if held.managed_until.is_some_and(|until| until <= day) {
        return Ok(());
    }
    let what = if day <= app.clock.today() {
        "Dit is de laatste beheerder. Zonder beheerder kan niemand Kernschil beheren.".to_owned()
    } else {
        format!("Vanaf {} zou er geen beheerder meer zijn.", dutch_date(day))
    };
    Err(AppError::conflict("laatste-beheerder", format!("{what} Geef eerst iemand anders de rol beheerder, zonder einddatum.")))
}

/// The first day on which nobody manages the installation; nothing when that day is not in sight.
async fn managed_until(app: &App, tx: &Tx) -> Result<Option<NaiveDate>, AppError> {
    let mut spans = Vec::new();
    for grant in access::grants(tx).await? {
        let manages = grant.role == Role::Administrator && grant.scope == Scope::All;
        if manages && access::user(tx, grant.user).await?.is_some_and(|user| user.state == UserState::Active) {
            spans.push(grant.span);
        }
    }
    Ok(first_gap(app.clock.today(), &spans))
}

/// The first day from a date on that no span holds.
fn first_gap(from: NaiveDate, spans: &[Span]) -> Option<NaiveDate> {
    let mut day = from;
    loop {
        let holding: Vec<_> = spans.iter().filter(|span| span.holds_on(day)).collect();
        if holding.iter().any(|span| span.until.is_none()) {
            return None;
        }
        match holding.iter().filter_map(|span| span.until).max() {
            Some(until) => day = until,
            None => return Some(day),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn spans_that_follow_each_other_leave_no_gap() {
        let first = Span { from: day("2026-01-01"), until: Some(day("2026-12-01")) };
        let second = Span { from: day("2026-11-01"), until: Some(day("2027-03-01")) };
        let today = day("2026-11-22");
        assert_eq!(first_gap(today, &[]), Some(today));
        assert_eq!(first_gap(today, &[first]), Some(day("2026-12-01")));
        assert_eq!(first_gap(today, &[second, first]), Some(day("2027-03-01")));
        assert_eq!(first_gap(today, &[first, Span::since(day("2026-12-01"))]), None);
        assert_eq!(first_gap(today, &[first, Span::since(day("2026-12-02"))]), Some(day("2026-12-01")));
        assert_eq!(first_gap(today, &[Span { from: today, until: Some(today) }]), Some(today));
    }
}
