//! Invitations: a link by mail by which somebody makes the account that was prepared for her. It works once, for a week;
//! only its hash is kept.

use chrono::{DateTime, Duration, Utc};
use kernschil_credentials::tokens;
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::UserId;
use kernschil_domain::periods::dutch_date;
use kernschil_storage::access::{self, LinkPurpose, StoredLink, StoredUser, UserState};
use kernschil_storage::audit::{self, EventFilter};
use kernschil_storage::{Tx, WriteTx, registry};
use serde_json::json;
use uuid::Uuid;

use super::grants::{self, GrantMoment, GrantView, NewGrant, grant_all};
use super::keeping::{hold, require_now};
use super::person;
use super::providers::PASSWORD;
use super::sign_in::{NewSession, SignInWay, begin, fresh};
use super::users::{check_identity, check_password, hashed, taken};
use crate::error::AppError;
use crate::mail::{self, Letter, MailKind};
use crate::{Actor, App, Change};

/// An invitation works for this many days.
pub const INVITATION_DAYS: i64 = 7;

/// Where invitations are accepted; the token follows.
pub const INVITATION_PATH: &str = "/uitnodiging";

/// Somebody to invite.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    /// Address to send the link to, and to sign in with later.
    pub email: String,
    /// Name; who accepts can still change it.
    pub name: String,
    /// Roles it begins with.
    pub grants: Vec<NewGrant>,
}

/// An invitation that is on its way.
#[derive(Clone)]
pub struct Invited {
    /// The account that waits.
    pub user: UserId,
    /// The link in the mail. Whoever has it has the account; it is shown to nobody but at the command line.
    pub link: String,
}

/// An invitation, for who holds its link.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// Name of the account, as whoever invited wrote it.
    pub name: String,
    /// Address of the account.
    pub email: String,
    /// Name of who invited; nothing when it was done at the command line.
    pub invited_by: Option<String>,
    /// Roles it comes with, now and later.
    pub grants: Vec<GrantView>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// Invites somebody: makes an account that waits, with roles, and queues a mail with the link.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Invalid`] with everything that is wrong, also when the address is in use.
pub async fn invite(app: &App, actor: &Actor, new: NewInvitation) -> Result<Invited, AppError> {
    actor.require(Permission::ManageUsers)?;
    let mut errors = Vec::new();
    let (email, name) = check_identity(&new.email, &new.name, &mut errors);
    let id = UserId(app.ids.next());
    let user = StoredUser {
        id,
        email,
        name,
        password_hash: String::new(),
        created_at: app.clock.now(),
        state: UserState::Invited,
        signed_in_at: None,
    };
    app.store
        .write(async |tx| {
            require_now(app, actor, tx, id).await?;
            if errors.is_empty() && access::user_by_email(tx, &user.email).await?.is_some() {
                errors.push(taken());
            }
            let registry = registry::load(tx).await?;
            for grant in &new.grants {
                if let Err(AppError::Invalid(wrong)) = grants::check(app, &registry, &[], grant) {
                    errors.extend(wrong);
                }
            }
            if !errors.is_empty() {
                return Err(AppError::Invalid(errors));
            }
            access::put_user(tx, user.clone()).await?;
            app.audit(tx, actor, EventKind::UserAdded, &id.to_string(), Change::to(json!({ "state": UserState::Invited.code() })));
            grant_all(app, actor, tx, id, &new.grants).await?;
            send(app, actor, tx, &user).await
        })
        .await
}

/// Sends a new invitation to somebody who did not accept the one before. That one is worth nothing from then on.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] when the account waits for nobody.
pub async fn invite_again(app: &App, actor: &Actor, id: UserId) -> Result<Invited, AppError> {
    app.store
        .write(async |tx| {
            let held = hold(app, actor, tx, id).await?;
            if held.user.state != UserState::Invited {
                let message =
                    format!("Dit account is {}. Alleen wie nog niet binnen was, krijgt een uitnodiging.", held.user.state.dutch());
                return Err(AppError::conflict("niet-uitgenodigd", message));
            }
            send(app, actor, tx, &held.user).await
        })
        .await
}

async fn send(app: &App, actor: &Actor, tx: &WriteTx, user: &StoredUser) -> Result<Invited, AppError> {
    let (link, expires_at) = new_link(app, actor, tx, user.id).await?;
    let grants = to_come(app, tx, user.id).await?;
    mail::queue(app, tx, letter(actor, user, &grants, &link, expires_at)).await?;
    Ok(Invited { user: user.id, link })
}

/// A link by which somebody makes the account that waits for her, and until when it works. The one before is worth nothing
/// from then on.
pub(super) async fn new_link(app: &App, actor: &Actor, tx: &WriteTx, user: UserId) -> Result<(String, DateTime<Utc>), AppError> {
    let token = fresh()?;
    let now = app.clock.now();
    let expires_at = now + Duration::days(INVITATION_DAYS);
    let token_hash = tokens::hash(&token);
    access::put_link(tx, StoredLink { token_hash, user, purpose: LinkPurpose::Invitation, created_at: now, expires_at }).await?;
    app.audit(tx, actor, EventKind::UserInvited, &user.to_string(), Change::to(json!({ "until": expires_at })));
    Ok((format!("{}{INVITATION_PATH}/{token}", app.address), expires_at))
}

/// The roles of somebody who is invited, but for those that are over.
async fn to_come(app: &App, tx: &Tx, user: UserId) -> Result<Vec<GrantView>, AppError> {
    let registry = registry::load(tx).await?;
    let mut views = grants::views(&registry, app.clock.today(), &access::grants_of(tx, user).await?);
    views.retain(|view| view.moment != GrantMoment::Past);
    Ok(views)
}

fn letter(actor: &Actor, user: &StoredUser, grants: &[GrantView], link: &str, expires_at: DateTime<Utc>) -> Letter {
    let inviter = if actor.name().is_empty() { "De beheerder" } else { actor.name() };
    let roles = match grants {
        [] => String::new(),
        [one] => format!("U krijgt deze rol: {}.\n", one.words),
        more => more.iter().fold("U krijgt deze rollen:\n".to_owned(), |text, grant| format!("{text}- {}\n", grant.words)),
    };
    let text = format!(
        "Beste {},\n\n\
         {inviter} nodigt u uit voor Kernschil. Daarmee verdelen partnerschappen van scholen en lerarenopleidingen stageplaatsen.\n\
         {roles}\n\
         Maak uw account met deze link. Hij werkt één keer, tot {}:\n{link}\n\n\
         Verwacht u deze mail niet? Dan kunt u hem weggooien. Zolang niemand de link gebruikt, gebeurt er niets.\n",
        user.name,
        dutch_date(expires_at.date_naive()),
    );
    Letter {
        kind: MailKind::Invitation,
        to_address: user.email.clone(),
        to_name: user.name.clone(),
        subject: "Uitnodiging voor Kernschil".to_owned(),
        text,
    }
}

/// The account that waits behind the hash of a link, and until when.
async fn waiting(app: &App, tx: &Tx, token_hash: &str) -> Result<(StoredUser, StoredLink), AppError> {
    let link = access::link(tx, token_hash, LinkPurpose::Invitation, app.clock.now()).await?.ok_or(AppError::NotFound)?;
    let user = access::user(tx, link.user).await?.filter(|user| user.state == UserState::Invited).ok_or(AppError::NotFound)?;
    Ok((user, link))
}

/// The invitation behind a link. Looking changes nothing: programs that guard mail open links too.
///
/// # Errors
/// [`AppError::NotFound`] when the link was used, made useless by a newer one, has ended, or never was.
pub async fn invitation(app: &App, token: &str) -> Result<Invitation, AppError> {
    let hash = tokens::hash(token);
    app.store
        .read(async |tx| {
            let (user, link) = waiting(app, tx, &hash).await?;
            let kinds = Some(vec![EventKind::UserInvited]);
            let told = EventFilter { kinds, subject: Some(user.id.to_string()), ..EventFilter::default() };
            let latest = audit::events(tx, &told, 0, 1).await?.into_iter().next().and_then(|stored| stored.event);
            let inviter = match latest.and_then(|event| event.user) {
                Some(inviter) => access::user(tx, inviter).await?.filter(|inviter| inviter.state != UserState::Removed),
                None => None,
            };
            let grants = to_come(app, tx, user.id).await?;
            let StoredUser { name, email, .. } = user;
            let invited_by = inviter.map(|inviter| inviter.name);
            Ok(Invitation { name, email, invited_by, grants, expires_at: link.expires_at })
        })
        .await
}

/// Accepts an invitation with a name and a password of one's own, and signs in.
///
/// # Errors
/// [`AppError::NotFound`] as [`invitation`]; [`AppError::Invalid`] with everything that is wrong. The link still works
/// then.
pub async fn accept(app: &App, token: &str, name: &str, password: &str, way: SignInWay) -> Result<NewSession, AppError> {
    let hash = tokens::hash(token);
    let (user, _) = app.store.read(async |tx| waiting(app, tx, &hash).await).await?;
    let mut errors = Vec::new();
    let (email, name) = check_identity(&user.email, name, &mut errors);
    check_password(password, &email, &name, &mut errors);
    if !errors.is_empty() {
        return Err(AppError::Invalid(errors));
    }
    let password_hash = hashed(password.to_owned()).await?;
    app.store
        .write(async |tx| {
            let user = take(app, tx, &hash).await?;
            let user = activate(app, tx, StoredUser { name, password_hash, ..user }, PASSWORD, way.request).await?;
            begin(app, tx, user, PASSWORD, way).await
        })
        .await
}

/// Accepts an invitation for somebody who proved at a provider who she is; `method` is the code of that provider. The
/// account gets no password. Linking the login and beginning a session are for the caller, in the same transaction.
///
/// # Errors
/// [`AppError::NotFound`] as [`invitation`].
pub(super) async fn accept_with_login(
    app: &App,
    tx: &WriteTx,
    token_hash: &str,
    method: &str,
    request: Option<Uuid>,
) -> Result<StoredUser, AppError> {
    let user = take(app, tx, token_hash).await?;
    activate(app, tx, user, method, request).await
}

/// Uses a link up. Of two who use it at the same time one gets the account.
async fn take(app: &App, tx: &WriteTx, token_hash: &str) -> Result<StoredUser, AppError> {
    let (user, _) = waiting(app, tx, token_hash).await?;
    // Whoever manages this account at the same moment goes first or waits.
    access::lock_accounts(tx, user.id).await?;
    let (user, _) = waiting(app, tx, token_hash).await?;
    if access::use_link(tx, token_hash, app.clock.now()).await? { Ok(user) } else { Err(AppError::NotFound) }
}

async fn activate(app: &App, tx: &WriteTx, user: StoredUser, method: &str, request: Option<Uuid>) -> Result<StoredUser, AppError> {
    let user = StoredUser { state: UserState::Active, ..user };
    access::put_user(tx, user.clone()).await?;
    let actor = Actor::User(person(app, tx, user.clone(), None, request).await?);
    app.audit(tx, &actor, EventKind::InvitationAccepted, &user.id.to_string(), Change::to(json!({ "method": method })));
    Ok(user)
}
