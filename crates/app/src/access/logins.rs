//! The logins at providers that belong to an account: which there are, linking one, and taking one off.

use chrono::{DateTime, Duration, Utc};
use kernschil_credentials::tokens;
use kernschil_domain::audit::EventKind;
use kernschil_oidc::Identity;
use kernschil_storage::WriteTx;
use kernschil_storage::access::{self, StoredLogin, StoredUser};
use serde_json::json;

use super::letters::{News, tell};
use super::round_trip::LoginError;
use crate::error::AppError;
use crate::{Actor, App, Change};

/// How long ago somebody may have signed in who changes the ways into her account.
const RECENT_MINUTES: i64 = 15;

/// A login at a provider that belongs to an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// What it is called in a form: it tells nothing of who it is at the provider.
    pub handle: String,
    /// Code of the provider, as sessions have it.
    pub provider: String,
    /// Name of the provider.
    pub name: String,
    /// Home organisation, as the provider said when it was last used.
    pub organisation: Option<String>,
    /// When it was linked.
    pub linked_at: DateTime<Utc>,
    /// When it was last used.
    pub used_at: Option<DateTime<Utc>>,
}

fn handle(login: &StoredLogin) -> String {
    tokens::hash(&format!("{} {}", login.provider, login.subject))
}

/// The logins of whoever asks, the oldest first.
///
/// # Errors
/// [`AppError::TokenScope`] for who came with a token; [`AppError::Unauthenticated`] at the command line.
pub async fn logins(app: &App, actor: &Actor) -> Result<Vec<Login>, AppError> {
    let user = actor.in_person()?.id;
    let mut stored = app.store.read(async |tx| access::logins_of(tx, user).await).await?;
    stored.sort_by_key(|login| login.linked_at);
    let login = |login: StoredLogin| Login {
        handle: handle(&login),
        name: app.providers.name(&login.provider).to_owned(),
        provider: login.provider,
        organisation: login.organisation,
        linked_at: login.linked_at,
        used_at: login.used_at,
    };
    Ok(stored.into_iter().map(login).collect())
}

/// Takes a login off the account of whoever asks. `session` is the token of her session.
///
/// # Errors
/// [`AppError::NotFound`] when it is not hers; [`AppError::Conflict`] when she signed in too long ago, or could not come
/// in without it.
pub async fn unlink(app: &App, actor: &Actor, session: &str, login: &str) -> Result<(), AppError> {
    let user = actor.in_person()?.id;
    require_recent(app, session).await?;
    app.store
        .write(async |tx| {
            // Of two who take off one of two logins at the same time, the second finds only one.
            access::lock_user(tx, user).await?;
            let user = access::user(tx, user).await?.ok_or(AppError::Unauthenticated)?;
            let stored = access::logins_of(tx, user.id).await?;
            let this = stored.iter().find(|stored| handle(stored) == login).ok_or(AppError::NotFound)?;
            // A provider that is no longer in the settings lets nobody in.
            let is_way_in = |other: &&StoredLogin| handle(other) != login && app.providers.find(&other.provider).is_some();
            if user.password_hash.is_empty() && stored.iter().filter(is_way_in).count() == 0 {
                return Err(AppError::conflict(
                    "laatste-inlogmanier",
                    "Dit is de enige manier waarop u kunt inloggen. Kies eerst een wachtwoord of koppel een andere login.",
                ));
            }
            access::remove_login(tx, this).await?;
            app.audit(tx, actor, EventKind::LoginUnlinked, &user.id.to_string(), Change::to(json!({ "provider": this.provider })));
            tell(app, tx, &user, News::LoginUnlinked).await
        })
        .await
}

/// Links a login to the account of who is signed in, and tells her by mail.
pub(super) async fn link(
    app: &App,
    tx: &WriteTx,
    actor: &Actor,
    user: &StoredUser,
    provider: &str,
    identity: &Identity,
) -> Result<(), LoginError> {
    if add(app, tx, actor, user, provider, identity).await? {
        tell(app, tx, user, News::LoginLinked).await?;
    }
    Ok(())
}

/// Adds a login to an account; one that belongs to it already stays as it is. Answers whether it was added.
pub(super) async fn add(
    app: &App,
    tx: &WriteTx,
    actor: &Actor,
    user: &StoredUser,
    provider: &str,
    identity: &Identity,
) -> Result<bool, LoginError> {
    let login = StoredLogin {
        provider: provider.to_owned(),
        subject: identity.subject.clone(),
        user: user.id,
        organisation: identity.organisation.clone(),
        linked_at: app.clock.now(),
        used_at: None,
    };
    if access::add_login(tx, login).await? {
        app.audit(tx, actor, EventKind::LoginLinked, &user.id.to_string(), Change::to(json!({ "provider": provider })));
        return Ok(true);
    }
    let owner = access::login(tx, provider, &identity.subject).await?.map(|login| login.user);
    if owner == Some(user.id) { Ok(false) } else { Err(LoginError::Taken) }
}

/// Refuses who signed in too long ago: perhaps it is not she who sits there now.
pub(super) async fn require_recent(app: &App, session: &str) -> Result<(), AppError> {
    let hash = tokens::hash(session);
    let began = app.store.read(async |tx| access::session(tx, &hash).await).await?.ok_or(AppError::Unauthenticated)?.created_at;
    if began + Duration::minutes(RECENT_MINUTES) > app.clock.now() {
        return Ok(());
    }
    Err(AppError::conflict(
        "opnieuw-inloggen",
        format!(
            "Dit kan alleen in de eerste {RECENT_MINUTES} minuten na het inloggen. Log uit, log opnieuw in en probeer het dan nog eens."
        ),
    ))
}
