//! People who come in for one peer review: an account where there is none yet, and a role for that review alone, until a
//! day. Who plans the review sees to it; managing accounts takes more, and is not needed for it.

use chrono::{DateTime, NaiveDate, Utc};
use kernschil_domain::access::{Grant, Permission, Role, Scope};
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::{GrantId, ReviewId, UserId};
use kernschil_domain::periods::Span;
use kernschil_storage::WriteTx;
use kernschil_storage::access::{self, LinkPurpose, StoredUser, UserState};
use serde_json::json;

use super::invitations::new_link;
use crate::error::{AppError, FieldError};
use crate::{Actor, App, Change};

/// Somebody who is asked for one peer review. The caller made sure that the actor manages that review.
pub(crate) struct Guest<'a> {
    /// Address, as it was checked.
    pub(crate) email: &'a str,
    /// Name, as it was checked; an account that is there already keeps its own.
    pub(crate) name: &'a str,
    /// The role she gets.
    pub(crate) role: Role,
    /// For this review.
    pub(crate) review: ReviewId,
    /// The first day on which it holds no more.
    pub(crate) until: NaiveDate,
}

/// How somebody who was asked comes in.
pub(crate) enum WayIn {
    /// With the account she has.
    Account,
    /// With a link, to make the account that waits for her.
    Link {
        /// The link.
        link: String,
        /// Until when it works.
        until: DateTime<Utc>,
    },
}

/// Somebody who can come in.
pub(crate) struct Admitted {
    /// Her account.
    pub(crate) user: UserId,
    /// The role she has for the review.
    pub(crate) grant: GrantId,
    /// How she comes in.
    pub(crate) way_in: WayIn,
}

/// Gives somebody a role for one review, with an account where there is none.
///
/// # Errors
/// [`AppError::Invalid`] when her account is blocked or was removed.
pub(crate) async fn admit(app: &App, actor: &Actor, tx: &WriteTx, guest: &Guest<'_>) -> Result<Admitted, AppError> {
    let id = match access::user_by_email(tx, guest.email).await? {
        Some(known) => known.id,
        None => wait_for(app, actor, tx, guest).await?,
    };
    // Whoever manages this account at the same moment goes first or waits.
    access::lock_accounts(tx, id).await?;
    let user = access::user(tx, id).await?.ok_or(AppError::NotFound)?;
    if matches!(user.state, UserState::Blocked | UserState::Removed) {
        let message = "Het account met dit e-mailadres is geblokkeerd of verwijderd. Vraag uw beheerder, of kies een ander adres.";
        return Err(AppError::Invalid(vec![FieldError::new("email", "account-geblokkeerd", message)]));
    }
    let scope = Scope::Review(guest.review);
    let span = Span { from: app.clock.today(), until: Some(guest.until) };
    let grant = Grant { id: GrantId(app.ids.next()), user: id, role: guest.role, scope, span };
    access::put_grant(tx, &grant).await?;
    note(app, actor, tx, EventKind::RoleGranted, id, Change::to(json!(grant)));
    let way_in = if user.state == UserState::Invited {
        let (link, until) = new_link(app, actor, tx, id).await?;
        WayIn::Link { link, until }
    } else {
        WayIn::Account
    };
    Ok(Admitted { user: id, grant: grant.id, way_in })
}

async fn wait_for(app: &App, actor: &Actor, tx: &WriteTx, guest: &Guest<'_>) -> Result<UserId, AppError> {
    let id = UserId(app.ids.next());
    let user = StoredUser {
        id,
        email: guest.email.to_owned(),
        name: guest.name.to_owned(),
        password_hash: String::new(),
        created_at: app.clock.now(),
        state: UserState::Invited,
        signed_in_at: None,
    };
    access::put_user(tx, user).await?;
    note(app, actor, tx, EventKind::UserAdded, id, Change::to(json!({ "state": UserState::Invited.code() })));
    Ok(id)
}

/// Ends the role that somebody had for a review, from today on. Who never came in and has no other role, has nothing to
/// come in for: her link is worth nothing any more.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub(crate) async fn dismiss(app: &App, actor: &Actor, tx: &WriteTx, user: UserId, grant: GrantId) -> Result<(), AppError> {
    access::lock_accounts(tx, user).await?;
    let today = app.clock.today();
    let grants = access::grants_of(tx, user).await?;
    let lasts = |grant: &&Grant| grant.span.until.is_none_or(|until| today < until);
    let Some(held) = grants.iter().find(|known| known.id == grant).filter(lasts) else { return Ok(()) };
    let ended = Grant { span: Span { from: Ord::min(held.span.from, today), until: Some(today) }, ..held.clone() };
    access::put_grant(tx, &ended).await?;
    note(app, actor, tx, EventKind::RoleEnded, user, Change::between(json!(held), json!(ended)));
    let other = grants.iter().filter(|known| known.id != grant).any(|grant| lasts(&grant));
    let waits = access::user(tx, user).await?.is_some_and(|user| user.state == UserState::Invited);
    if waits && !other {
        access::remove_links(tx, user, Some(LinkPurpose::Invitation)).await?;
    }
    Ok(())
}

/// Notes it in the role by which the actor manages the review: she need not manage accounts.
/// Gives a role that somebody has for a review another first day on which it holds no more.
///
/// # Errors
/// [`AppError::NotFound`] for a role she does not have.
pub(crate) async fn prolong(
    app: &App,
    actor: &Actor,
    tx: &WriteTx,
    (user, grant): (UserId, GrantId),
    until: NaiveDate,
) -> Result<(), AppError> {
    access::lock_accounts(tx, user).await?;
    let grants = access::grants_of(tx, user).await?;
    let held = grants.into_iter().find(|known| known.id == grant).ok_or(AppError::NotFound)?;
    let longer = Grant { span: Span { until: Some(until), ..held.span }, ..held.clone() };
    access::put_grant(tx, &longer).await?;
    note(app, actor, tx, EventKind::RoleGranted, user, Change::between(json!(held), json!(longer)));
    Ok(())
}

fn note(app: &App, actor: &Actor, tx: &WriteTx, kind: EventKind, user: UserId, change: Change) {
    app.audit_as(tx, actor, actor.role(Some(Permission::ManageReview)), kind, &user.to_string(), change);
}
