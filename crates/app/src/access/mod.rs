//! Accounts, signing in and sessions.

mod account;
mod devices;
mod directory;
mod grants;
mod guests;
mod invitations;
mod keeping;
mod letters;
mod lifecycle;
mod logins;
mod proof;
mod providers;
mod reset;
mod round_trip;
mod scopes;
mod second_factor;
mod sessions;
mod sign_in;
mod tokens;
mod users;

pub use account::{ApiTokens, NewPassword, OwnAccount, Password, change_password, own, rename};
pub use devices::{Account, DEVICE_DAYS, knows_device, remember_device};
pub use directory::{Entrance, SecondFactorUse, UserRow, UserView, find_user, get_user, list_users, note_users_export};
pub(crate) use guests::{Guest, WayIn, admit, dismiss, prolong};
pub(crate) use users::check_identity;

pub use grants::{GrantMoment, GrantView, NewGrant, end_grant, grant, own_grants};
pub use invitations::{INVITATION_DAYS, INVITATION_PATH, Invitation, Invited, NewInvitation, accept, invitation, invite, invite_again};
pub use lifecycle::{block_user, remove_user, reset_second_factor, send_reset, unblock_user};
pub use logins::{Login, logins, unlink};
pub use proof::Proof;
pub use providers::{PASSWORD, ProviderFault, ProviderName, Providers};
pub use reset::{FORGOT_PATH, RESET_MINUTES, RESET_PATH, ask_reset, ask_reset_aside, reset_holds, reset_password};
pub use round_trip::{AWAY_MINUTES, Again, Arrival, Departure, Errand, LoginError, Lost, Visitor, arrive, depart};
pub use scopes::{ScopeChoice, ScopeChoices, find_scope, scope_choices, scope_of};
pub use second_factor::{
    CODES_PER_SIGN_IN, Setup, begin_second_factor, confirm_second_factor, give_second_factor, new_recovery_codes, remove_second_factor,
    second_factor_setup,
};
pub use sessions::{
    IDLE_MINUTES, OwnSession, SESSION_HOURS, Session, end_other_sessions, end_own_session, give_up, own_sessions, renew, sign_out,
};
pub use sign_in::{NewSession, SignInWay, sign_in};
pub use tokens::{MadeToken, NewToken, TOKEN_DAYS, TokenState, TokenView, make_token, own_tokens, revoke_token};
pub use users::{EVERYTHING, NewUser, add_user, first_user, fresh_password, is_first_run};

use std::sync::Arc;

use kernschil_domain::access::{Rights, TokenScope};
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::UserId;
use kernschil_storage::Tx;
use kernschil_storage::access::{self, StoredUser};
use serde_json::json;
use uuid::Uuid;

use crate::error::AppError;
use crate::{Actor, App, Change, Person};

pub use kernschil_oidc::{OidcError, Returned};
pub use kernschil_storage::access::{Stage, UserState};
pub use sessions::session;
pub use tokens::token_actor;

/// Somebody with what she may do now. Read anew with every request, so that a role that ended ends at once.
pub(crate) async fn person(
    app: &App,
    tx: &Tx,
    user: StoredUser,
    token: Option<TokenScope>,
    request: Option<Uuid>,
) -> Result<Arc<Person>, AppError> {
    let grants = access::grants_of(tx, user.id).await?;
    let rights = Rights::on(app.clock.today(), grants, token);
    Ok(Arc::new(Person { id: user.id, name: user.name, rights, request }))
}

/// Somebody for whom work is done later than it was asked for.
///
/// # Errors
/// [`AppError::Unauthenticated`] when the account is not active any more.
pub async fn actor(app: &App, id: UserId) -> Result<Actor, AppError> {
    app.store
        .read(async |tx| {
            let user = access::user(tx, id).await?.filter(|user| user.state == UserState::Active).ok_or(AppError::Unauthenticated)?;
            Ok(Actor::User(person(app, tx, user, None, None).await?))
        })
        .await
}

/// Notes that somebody was refused. `route` holds no ids, names or numbers.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub async fn note_refusal(app: &App, actor: Option<&Actor>, code: &str, route: &str, request: Uuid) -> Result<(), AppError> {
    let change = Change::to(json!({ "code": code }));
    app.store
        .write(async |tx| {
            match actor {
                Some(actor) => app.audit(tx, actor, EventKind::Refused, route, change),
                None => app.audit_stranger(tx, Some(request), EventKind::Refused, route, change),
            }
            Ok(())
        })
        .await
}

/// Runs work that takes processor time beside the threads that answer requests.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, AppError> {
    tokio::task::spawn_blocking(work).await.map_err(|e| AppError::Internal(e.to_string()))
}
