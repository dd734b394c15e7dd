//! Accounts, signing in and sessions.

mod sessions;
mod sign_in;
mod tokens;
mod users;

pub use sessions::{IDLE_MINUTES, SESSION_HOURS, Session, sign_out};
pub use sign_in::{NewSession, SignInWay, sign_in};
pub use users::{EVERYTHING, NewUser, add_user, first_user, fresh_password, is_first_run};

use std::sync::Arc;

use kernschil_domain::access::{Rights, TokenScope};
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::UserId;
use kernschil_storage::Tx;
use kernschil_storage::access::{self, StoredUser, UserState};
use serde_json::json;
use uuid::Uuid;

use crate::error::AppError;
use crate::{Actor, App, Change, Person};

pub use kernschil_storage::access::Stage;
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
pub(crate) async fn actor(app: &App, id: UserId) -> Result<Actor, AppError> {
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
    let change = Change::to(json!({ "code": code, "request": request }));
    app.store
        .write(async |tx| {
            app.audit(tx, actor.unwrap_or(&Actor::CommandLine), EventKind::Refused, route, change);
            Ok(())
        })
        .await
}

/// Runs work that takes processor time beside the threads that answer requests.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, AppError> {
    tokio::task::spawn_blocking(work).await.map_err(|e| AppError::Internal(e.to_string()))
}
