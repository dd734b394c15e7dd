//! What becomes of an account: blocked, let in again, removed; and helping somebody who lost her password or second factor.

use chrono::Duration;
use kernschil_credentials::tokens;
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::UserId;
use kernschil_storage::WriteTx;
use kernschil_storage::access::{self, LinkPurpose, StoredLink, StoredUser, UserState};
use kernschil_storage::outbox;
use serde_json::json;

use super::keeping::{hold, still_managed};
use super::letters::{reset_link, send_link};
use super::reset::RESET_MINUTES;
use super::sign_in::fresh;
use crate::error::AppError;
use crate::mail::{self, Letter, MailKind};
use crate::{Actor, App, Change};

/// What an account that was removed is called.
const REMOVED_NAME: &str = "verwijderd account";

/// Nobody closes the door behind herself by mistake.
fn require_other(actor: &Actor, user: UserId) -> Result<(), AppError> {
    if actor.user() == Some(user) {
        let message = "Dit is uw eigen account. Vraag een andere beheerder om dit te doen.";
        return Err(AppError::conflict("eigen-account", message));
    }
    Ok(())
}

/// Ends everything by which somebody is in: sessions, links in mails, browsers that are known.
async fn show_out(tx: &WriteTx, user: UserId) -> Result<(), AppError> {
    access::end_sessions_of(tx, user, None).await?;
    access::remove_links(tx, user, None).await?;
    access::forget_devices(tx, user).await?;
    Ok(())
}

fn change_of(before: UserState, after: UserState) -> Change {
    Change::between(json!({ "state": before.code() }), json!({ "state": after.code() }))
}

/// Blocks an account: its sessions end now, and its tokens open nothing until it is let in again. A blocked account
/// stays blocked.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] for the last administrator, one's own account,
/// and a removed one.
pub async fn block_user(app: &App, actor: &Actor, id: UserId) -> Result<(), AppError> {
    app.store
        .write(async |tx| {
            let held = hold(app, actor, tx, id).await?;
            let before = held.user.state;
            if before == UserState::Blocked {
                return Ok(());
            }
            access::put_user(tx, StoredUser { state: UserState::Blocked, ..held.user.clone() }).await?;
            show_out(tx, id).await?;
            app.audit(tx, actor, EventKind::UserBlocked, &id.to_string(), change_of(before, UserState::Blocked));
            still_managed(app, tx, &held).await?;
            require_other(actor, id)
        })
        .await
}

/// Lets a blocked account in again. Who never came in before needs a new invitation.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] for a removed account.
pub async fn unblock_user(app: &App, actor: &Actor, id: UserId) -> Result<(), AppError> {
    app.store
        .write(async |tx| {
            let held = hold(app, actor, tx, id).await?;
            if held.user.state != UserState::Blocked {
                return Ok(());
            }
            let has_entrance = !held.user.password_hash.is_empty() || !access::logins_of(tx, id).await?.is_empty();
            let state = if has_entrance { UserState::Active } else { UserState::Invited };
            access::put_user(tx, StoredUser { state, ..held.user }).await?;
            app.audit(tx, actor, EventKind::UserUnblocked, &id.to_string(), change_of(UserState::Blocked, state));
            Ok(())
        })
        .await
}

/// Removes an account: who it was of is forgotten, what was done with it stays known, by a number.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] for the last administrator, one's own account,
/// and one that was removed before.
pub async fn remove_user(app: &App, actor: &Actor, id: UserId) -> Result<(), AppError> {
    app.store
        .write(async |tx| {
            let held = hold(app, actor, tx, id).await?;
            let before = held.user.state;
            outbox::forget_address(tx, &held.user.email).await?;
            let removed = StoredUser {
                id,
                email: format!("verwijderd-{id}@invalid"),
                name: REMOVED_NAME.to_owned(),
                password_hash: String::new(),
                created_at: held.user.created_at,
                state: UserState::Removed,
                signed_in_at: held.user.signed_in_at,
            };
            access::put_user(tx, removed).await?;
            show_out(tx, id).await?;
            access::remove_tokens(tx, id).await?;
            access::remove_logins(tx, id, None).await?;
            access::remove_second_factor(tx, id).await?;
            access::end_grants(tx, id, app.clock.today()).await?;
            app.audit(tx, actor, EventKind::UserRemoved, &id.to_string(), change_of(before, UserState::Removed));
            still_managed(app, tx, &held).await?;
            require_other(actor, id)
        })
        .await
}

/// Sends somebody a link to choose a new password. Answers the link: whoever has it has the account, so it is shown to
/// nobody but at the command line.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] when nobody may come in with the account.
pub async fn send_reset(app: &App, actor: &Actor, id: UserId) -> Result<String, AppError> {
    let role = actor.role(Some(Permission::ManageUsers));
    let token = fresh()?;
    let now = app.clock.now();
    app.store
        .write(async |tx| {
            let held = hold(app, actor, tx, id).await?;
            if held.user.state != UserState::Active {
                let message =
                    format!("Dit account is {}. Een nieuw wachtwoord is er alleen voor wie mag inloggen.", held.user.state.dutch());
                return Err(AppError::conflict("account-niet-actief", message));
            }
            let link = StoredLink {
                token_hash: tokens::hash(&token),
                user: id,
                purpose: LinkPurpose::Reset,
                created_at: now,
                expires_at: now + Duration::minutes(RESET_MINUTES),
            };
            access::put_link(tx, link).await?;
            app.audit_as(tx, actor, role, EventKind::ResetAsked, &id.to_string(), Change::none());
            send_link(app, tx, &held.user, &token).await?;
            Ok(reset_link(app, &token))
        })
        .await
}

/// Turns the second factor of somebody off who lost it. Her sessions end, and she hears of it by mail: it may not have
/// been her who asked.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] when there is none.
pub async fn reset_second_factor(app: &App, actor: &Actor, id: UserId) -> Result<(), AppError> {
    let role = actor.role(Some(Permission::ManageUsers));
    app.store
        .write(async |tx| {
            let held = hold(app, actor, tx, id).await?;
            let factor = access::second_factor(tx, id).await?.filter(|factor| factor.confirmed_at.is_some());
            if factor.is_none() {
                let message = "Dit account heeft geen tweede factor. Er is niets veranderd.";
                return Err(AppError::conflict("geen-tweede-factor", message));
            }
            access::remove_second_factor(tx, id).await?;
            access::end_sessions_of(tx, id, None).await?;
            access::forget_devices(tx, id).await?;
            app.audit_as(tx, actor, role, EventKind::SecondFactorRemoved, &id.to_string(), Change::none());
            if held.user.state == UserState::Active {
                mail::queue(app, tx, without_second_factor(app, &held.user)).await?;
            }
            Ok(())
        })
        .await
}

fn without_second_factor(app: &App, user: &StoredUser) -> Letter {
    let text = format!(
        "Beste {},\n\n\
         De beheerder heeft de tweede factor van uw account uitgezet. U logt nu in met alleen uw wachtwoord.\n\
         Stel na het inloggen opnieuw een tweede factor in, bij uw account:\n{}/account\n\n\
         Hebt u hier niet om gevraagd? Bel dan meteen de beheerder.\n",
        user.name, app.address
    );
    Letter {
        kind: MailKind::AccountChanged,
        to_address: user.email.clone(),
        to_name: user.name.clone(),
        subject: "De tweede factor van uw account staat uit".to_owned(),
        text,
    }
}
