//! Accounts and how people sign in: sessions, logins at providers, second factors, links by mail and API tokens. Only
//! hashes of passwords, tokens and codes are kept.

mod accounts;
mod own;

use chrono::{DateTime, NaiveDate, Utc};
use kernschil_domain::access::{Grant, Role, Scope, ScopeKind, TokenScope};
use kernschil_domain::ids::{GrantId, SessionId, TokenId, UserId};
use kernschil_domain::periods::Span;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, TryInsertResult};

use crate::entity::{
    account_links, api_tokens, known_devices, logins, oidc_flows, recovery_codes, role_grants, second_factors, sessions, users,
};
use crate::error::StorageError;
use crate::rows::{put, read};
use crate::store::{Tx, WriteTx};

pub use accounts::{lock_accounts, remove_tokens, with_second_factor};
pub use own::{count_attempt, count_failure, forget_devices_before, forget_failures, set_name, set_password, set_signed_in};

/// Whether somebody may come in with an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UserState {
    /// Was invited and did not come yet.
    Invited,
    /// May come in.
    Active,
    /// May not, for now.
    Blocked,
    /// Was removed; what was done stays known.
    Removed,
}

impl UserState {
    /// All states.
    pub const ALL: [Self; 4] = [Self::Invited, Self::Active, Self::Blocked, Self::Removed];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Blocked => "blocked",
            Self::Removed => "removed",
        }
    }

    /// The Dutch word.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Invited => "uitgenodigd",
            Self::Active => "actief",
            Self::Blocked => "geblokkeerd",
            Self::Removed => "verwijderd",
        }
    }

    /// Reads a stable code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// A user account.
#[derive(Debug, Clone)]
pub struct StoredUser {
    /// Identifier.
    pub id: UserId,
    /// Address to sign in with, in lower case.
    pub email: String,
    /// Name.
    pub name: String,
    /// argon2id hash of the password; empty when there is none, which matches nothing.
    pub password_hash: String,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
    /// Whether somebody may come in with it.
    pub state: UserState,
    /// When somebody last did.
    pub signed_in_at: Option<DateTime<Utc>>,
}

/// What a session is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Everything.
    Open,
    /// Only for giving the second factor.
    SecondFactor,
}

/// A session.
#[derive(Debug, Clone)]
pub struct StoredSession {
    /// Identifier, fit to show.
    pub id: SessionId,
    /// SHA-256 of the token in the cookie.
    pub token_hash: String,
    /// Whose it is.
    pub user: UserId,
    /// Token that each form sends along.
    pub csrf_token: String,
    /// What it is good for.
    pub stage: Stage,
    /// How somebody signed in: `password`, or the code of a provider.
    pub method: String,
    /// Browser and machine in a few words.
    pub browser: String,
    /// Second factors that were given to it, right or wrong.
    pub attempts: i32,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used.
    pub seen_at: DateTime<Utc>,
    /// When it ends, whatever happens.
    pub expires_at: DateTime<Utc>,
}

/// Number of accounts, removed ones included.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn count_users(tx: &Tx) -> Result<u64, StorageError> {
    Ok(users::Entity::find().count(tx.connection()).await?)
}

/// All accounts, by name.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn users(tx: &Tx) -> Result<Vec<StoredUser>, StorageError> {
    let rows = users::Entity::find().order_by_asc(users::Column::Name).order_by_asc(users::Column::Id).all(tx.connection()).await?;
    rows.into_iter().map(row_user).collect()
}

/// Stores a user, or replaces the one with the same id.
///
/// # Errors
/// [`StorageError::Constraint`] when the address is taken.
pub async fn put_user(tx: &WriteTx, user: StoredUser) -> Result<(), StorageError> {
    let row = users::Model {
        id: user.id.0,
        email: user.email,
        name: user.name,
        password_hash: user.password_hash,
        created_at: user.created_at,
        state: user.state.code().to_owned(),
        signed_in_at: user.signed_in_at,
    };
    put(tx, vec![row]).await
}

/// Lets those who change the same account wait for each other until the end of the transaction.
///
/// # Errors
/// [`StorageError::NotFound`] when there is no such account.
pub async fn lock_user(tx: &WriteTx, id: UserId) -> Result<(), StorageError> {
    // Writing the row locks it on PostgreSQL; on SQLite there is one writer anyway.
    let same = users::Entity::update_many().col_expr(users::Column::Id, Expr::col(users::Column::Id)).filter(users::Column::Id.eq(id.0));
    if same.exec(tx.connection()).await?.rows_affected == 0 { Err(StorageError::NotFound) } else { Ok(()) }
}

/// The user with an address.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn user_by_email(tx: &Tx, email: &str) -> Result<Option<StoredUser>, StorageError> {
    users::Entity::find().filter(users::Column::Email.eq(email)).one(tx.connection()).await?.map(row_user).transpose()
}

/// The user with an id.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn user(tx: &Tx, id: UserId) -> Result<Option<StoredUser>, StorageError> {
    users::Entity::find_by_id(id.0).one(tx.connection()).await?.map(row_user).transpose()
}

fn row_user(row: users::Model) -> Result<StoredUser, StorageError> {
    Ok(StoredUser {
        id: UserId(row.id),
        email: row.email,
        name: row.name,
        password_hash: row.password_hash,
        created_at: row.created_at,
        state: read(UserState::parse(&row.state), "users.state")?,
        signed_in_at: row.signed_in_at,
    })
}

/// All grants, also those that ended.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn grants(tx: &Tx) -> Result<Vec<Grant>, StorageError> {
    let rows = role_grants::Entity::find().order_by_asc(role_grants::Column::ValidFrom).order_by_asc(role_grants::Column::Id);
    rows.all(tx.connection()).await?.iter().map(row_grant).collect()
}

/// The grants of a user, also those that ended.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn grants_of(tx: &Tx, user: UserId) -> Result<Vec<Grant>, StorageError> {
    let rows = role_grants::Entity::find().filter(role_grants::Column::UserId.eq(user.0));
    let rows = rows.order_by_asc(role_grants::Column::ValidFrom).order_by_asc(role_grants::Column::Id);
    rows.all(tx.connection()).await?.iter().map(row_grant).collect()
}

/// Stores a grant, or replaces the one with the same id.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn put_grant(tx: &WriteTx, grant: &Grant) -> Result<(), StorageError> {
    let row = role_grants::Model {
        id: grant.id.0,
        user_id: grant.user.0,
        role: grant.role.code().to_owned(),
        scope_kind: grant.scope.kind().code().to_owned(),
        scope_id: grant.scope.id(),
        valid_from: grant.span.from,
        valid_to: grant.span.until,
    };
    put(tx, vec![row]).await
}

/// Ends every grant of a user on a date, those that would begin later included.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn end_grants(tx: &WriteTx, user: UserId, date: NaiveDate) -> Result<(), StorageError> {
    for grant in grants_of(tx, user).await? {
        if grant.span.until.is_none_or(|until| until > date) {
            let span = Span { from: Ord::min(grant.span.from, date), until: Some(date) };
            put_grant(tx, &Grant { span, ..grant }).await?;
        }
    }
    Ok(())
}

fn row_grant(row: &role_grants::Model) -> Result<Grant, StorageError> {
    let kind = read(ScopeKind::parse(&row.scope_kind), "role_grants.scope_kind")?;
    Ok(Grant {
        id: GrantId(row.id),
        user: UserId(row.user_id),
        role: read(Role::parse(&row.role), "role_grants.role")?,
        scope: read(Scope::new(kind, row.scope_id), "role_grants.scope_id")?,
        span: Span { from: row.valid_from, until: row.valid_to },
    })
}

/// Begins a session, or replaces the one with the same id.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn put_session(tx: &WriteTx, session: StoredSession) -> Result<(), StorageError> {
    let row = sessions::Model {
        id: session.id.0,
        token_hash: session.token_hash,
        user_id: session.user.0,
        csrf_token: session.csrf_token,
        stage: match session.stage {
            Stage::Open => "open",
            Stage::SecondFactor => "second-factor",
        }
        .to_owned(),
        method: session.method,
        browser: session.browser,
        attempts: session.attempts,
        created_at: session.created_at,
        seen_at: session.seen_at,
        expires_at: session.expires_at,
    };
    put(tx, vec![row]).await
}

/// The session with a token hash.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn session(tx: &Tx, token_hash: &str) -> Result<Option<StoredSession>, StorageError> {
    let row = sessions::Entity::find().filter(sessions::Column::TokenHash.eq(token_hash)).one(tx.connection()).await?;
    Ok(row.map(row_session))
}

/// The sessions of a user, the one used last first.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn sessions_of(tx: &Tx, user: UserId) -> Result<Vec<StoredSession>, StorageError> {
    let rows = sessions::Entity::find().filter(sessions::Column::UserId.eq(user.0)).order_by_desc(sessions::Column::SeenAt);
    Ok(rows.all(tx.connection()).await?.into_iter().map(row_session).collect())
}

fn row_session(row: sessions::Model) -> StoredSession {
    StoredSession {
        id: SessionId(row.id),
        token_hash: row.token_hash,
        user: UserId(row.user_id),
        csrf_token: row.csrf_token,
        stage: if row.stage == "open" { Stage::Open } else { Stage::SecondFactor },
        method: row.method,
        browser: row.browser,
        attempts: row.attempts,
        created_at: row.created_at,
        seen_at: row.seen_at,
        expires_at: row.expires_at,
    }
}

/// Notes that a session was used.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn touch_session(tx: &WriteTx, token_hash: &str, at: DateTime<Utc>) -> Result<(), StorageError> {
    sessions::Entity::update_many()
        .col_expr(sessions::Column::SeenAt, Expr::value(at))
        .filter(sessions::Column::TokenHash.eq(token_hash))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Ends a session.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn end_session(tx: &WriteTx, token_hash: &str) -> Result<(), StorageError> {
    sessions::Entity::delete_many().filter(sessions::Column::TokenHash.eq(token_hash)).exec(tx.connection()).await?;
    Ok(())
}

/// Ends one session of a user by its identifier. Answers how many were ended: none or one.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn end_session_of(tx: &WriteTx, user: UserId, session: SessionId) -> Result<u64, StorageError> {
    let these = sessions::Entity::delete_many().filter(sessions::Column::UserId.eq(user.0)).filter(sessions::Column::Id.eq(session.0));
    Ok(these.exec(tx.connection()).await?.rows_affected)
}

/// Ends all sessions of a user, but the one with this token hash. Answers how many.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn end_sessions_of(tx: &WriteTx, user: UserId, but: Option<&str>) -> Result<u64, StorageError> {
    let mut these = sessions::Entity::delete_many().filter(sessions::Column::UserId.eq(user.0));
    if let Some(token_hash) = but {
        these = these.filter(sessions::Column::TokenHash.ne(token_hash));
    }
    Ok(these.exec(tx.connection()).await?.rows_affected)
}

/// Removes what has expired before a moment: sessions, links, and round trips to providers.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn sweep(tx: &WriteTx, before: DateTime<Utc>) -> Result<(), StorageError> {
    sessions::Entity::delete_many().filter(sessions::Column::ExpiresAt.lt(before)).exec(tx.connection()).await?;
    account_links::Entity::delete_many().filter(account_links::Column::ExpiresAt.lt(before)).exec(tx.connection()).await?;
    oidc_flows::Entity::delete_many().filter(oidc_flows::Column::ExpiresAt.lt(before)).exec(tx.connection()).await?;
    Ok(())
}

/// A login at a provider, linked to an account.
#[derive(Debug, Clone)]
pub struct StoredLogin {
    /// Code of the provider.
    pub provider: String,
    /// Who it is there.
    pub subject: String,
    /// The account.
    pub user: UserId,
    /// Home organisation, as the provider says.
    pub organisation: Option<String>,
    /// When it was linked.
    pub linked_at: DateTime<Utc>,
    /// When it was last used.
    pub used_at: Option<DateTime<Utc>>,
}

fn row_login(row: logins::Model) -> StoredLogin {
    StoredLogin {
        provider: row.provider,
        subject: row.subject,
        user: UserId(row.user_id),
        organisation: row.organisation,
        linked_at: row.linked_at,
        used_at: row.used_at,
    }
}

/// Links a login to an account. Answers whether that was done: of two accounts that want the same login one gets it.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn add_login(tx: &WriteTx, login: StoredLogin) -> Result<bool, StorageError> {
    let row = logins::ActiveModel {
        provider: Set(login.provider),
        subject: Set(login.subject),
        user_id: Set(login.user.0),
        organisation: Set(login.organisation),
        linked_at: Set(login.linked_at),
        used_at: Set(login.used_at),
    };
    let key = [logins::Column::Provider, logins::Column::Subject];
    let added = logins::Entity::insert_many([row]).on_conflict_do_nothing_on(key).exec_without_returning(tx.connection()).await?;
    Ok(matches!(added, TryInsertResult::Inserted(1)))
}

/// Notes that a login was used, and what the provider says of its organisation now.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn touch_login(
    tx: &WriteTx,
    provider: &str,
    subject: &str,
    organisation: Option<String>,
    at: DateTime<Utc>,
) -> Result<(), StorageError> {
    logins::Entity::update_many()
        .col_expr(logins::Column::UsedAt, Expr::value(at))
        .col_expr(logins::Column::Organisation, Expr::value(organisation))
        .filter(logins::Column::Provider.eq(provider))
        .filter(logins::Column::Subject.eq(subject))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Takes one login off a user. Answers how many were taken off: none or one.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn remove_login(tx: &WriteTx, login: &StoredLogin) -> Result<u64, StorageError> {
    let this =
        logins::Entity::delete_by_id((login.provider.clone(), login.subject.clone())).filter(logins::Column::UserId.eq(login.user.0));
    Ok(this.exec(tx.connection()).await?.rows_affected)
}

/// The login of a subject at a provider.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn login(tx: &Tx, provider: &str, subject: &str) -> Result<Option<StoredLogin>, StorageError> {
    let row = logins::Entity::find_by_id((provider.to_owned(), subject.to_owned())).one(tx.connection()).await?;
    Ok(row.map(row_login))
}

/// The logins of a user.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn logins_of(tx: &Tx, user: UserId) -> Result<Vec<StoredLogin>, StorageError> {
    let rows = logins::Entity::find().filter(logins::Column::UserId.eq(user.0)).order_by_asc(logins::Column::Provider);
    Ok(rows.all(tx.connection()).await?.into_iter().map(row_login).collect())
}

/// Takes the logins at a provider off a user; all of them when no provider is named. Answers how many.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn remove_logins(tx: &WriteTx, user: UserId, provider: Option<&str>) -> Result<u64, StorageError> {
    let mut these = logins::Entity::delete_many().filter(logins::Column::UserId.eq(user.0));
    if let Some(provider) = provider {
        these = these.filter(logins::Column::Provider.eq(provider));
    }
    Ok(these.exec(tx.connection()).await?.rows_affected)
}

/// A round trip to a provider that is under way.
#[derive(Debug, Clone)]
pub struct StoredFlow {
    /// SHA-256 of the state.
    pub state_hash: String,
    /// SHA-256 of the token in the cookie of the browser that began it.
    pub browser_hash: String,
    /// Code of the provider.
    pub provider: String,
    /// Nonce that the ID token must hold.
    pub nonce: String,
    /// PKCE verifier.
    pub verifier: String,
    /// Path to go to afterwards.
    pub return_to: String,
    /// Who links a login to an own account; nothing when somebody signs in.
    pub user: Option<UserId>,
    /// SHA-256 of the token of the invitation that is accepted this way.
    pub invitation_hash: Option<String>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// Stores a round trip.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn put_flow(tx: &WriteTx, flow: StoredFlow) -> Result<(), StorageError> {
    let row = oidc_flows::Model {
        state_hash: flow.state_hash,
        browser_hash: flow.browser_hash,
        provider: flow.provider,
        nonce: flow.nonce,
        verifier: flow.verifier,
        return_to: flow.return_to,
        user_id: flow.user.map(|id| id.0),
        invitation_hash: flow.invitation_hash,
        expires_at: flow.expires_at,
    };
    put(tx, vec![row]).await
}

/// Takes a round trip out: it is used once. Of two that ask at the same time one gets it.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn take_flow(tx: &WriteTx, state_hash: &str) -> Result<Option<StoredFlow>, StorageError> {
    let Some(row) = oidc_flows::Entity::find_by_id(state_hash.to_owned()).one(tx.connection()).await? else { return Ok(None) };
    let done = oidc_flows::Entity::delete_by_id(state_hash.to_owned()).exec(tx.connection()).await?;
    Ok((done.rows_affected == 1).then_some(StoredFlow {
        state_hash: row.state_hash,
        browser_hash: row.browser_hash,
        provider: row.provider,
        nonce: row.nonce,
        verifier: row.verifier,
        return_to: row.return_to,
        user: row.user_id.map(UserId),
        invitation_hash: row.invitation_hash,
        expires_at: row.expires_at,
    }))
}

/// A second factor.
#[derive(Debug, Clone)]
pub struct StoredSecondFactor {
    /// Whose it is.
    pub user: UserId,
    /// The shared secret, in base32.
    pub secret: String,
    /// The last time step of which a code was used.
    pub last_step: Option<i64>,
    /// When the first code was given; until then it is not asked for.
    pub confirmed_at: Option<DateTime<Utc>>,
}

/// Stores a second factor, or replaces the one of the same user. No wrong codes were given to it yet.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn put_second_factor(tx: &WriteTx, factor: StoredSecondFactor) -> Result<(), StorageError> {
    let row = second_factors::Model {
        user_id: factor.user.0,
        secret: factor.secret,
        last_step: factor.last_step,
        confirmed_at: factor.confirmed_at,
        failures: 0,
    };
    put(tx, vec![row]).await
}

/// Notes that the code of a step was used. Answers whether it was not used before: of two at once one gets yes.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn use_step(tx: &WriteTx, user: UserId, step: i64) -> Result<bool, StorageError> {
    let unused = second_factors::Column::LastStep.is_null().or(second_factors::Column::LastStep.lt(step));
    let done = second_factors::Entity::update_many()
        .col_expr(second_factors::Column::LastStep, Expr::value(step))
        .filter(second_factors::Column::UserId.eq(user.0))
        .filter(unused)
        .exec(tx.connection())
        .await?;
    Ok(done.rows_affected == 1)
}

/// The second factor of a user.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn second_factor(tx: &Tx, user: UserId) -> Result<Option<StoredSecondFactor>, StorageError> {
    let row = second_factors::Entity::find_by_id(user.0).one(tx.connection()).await?;
    Ok(row.map(|row| StoredSecondFactor {
        user: UserId(row.user_id),
        secret: row.secret,
        last_step: row.last_step,
        confirmed_at: row.confirmed_at,
    }))
}

/// Removes the second factor of a user, and the recovery codes with it.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn remove_second_factor(tx: &WriteTx, user: UserId) -> Result<(), StorageError> {
    second_factors::Entity::delete_by_id(user.0).exec(tx.connection()).await?;
    recovery_codes::Entity::delete_many().filter(recovery_codes::Column::UserId.eq(user.0)).exec(tx.connection()).await?;
    Ok(())
}

/// Replaces the recovery codes of a user.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn replace_recovery_codes(tx: &WriteTx, user: UserId, hashes: Vec<String>) -> Result<(), StorageError> {
    recovery_codes::Entity::delete_many().filter(recovery_codes::Column::UserId.eq(user.0)).exec(tx.connection()).await?;
    put(tx, hashes.into_iter().map(|code_hash| recovery_codes::Model { user_id: user.0, code_hash, used_at: None }).collect()).await
}

/// Uses a recovery code. Answers whether it was there and not used before.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn use_recovery_code(tx: &WriteTx, user: UserId, code_hash: &str, at: DateTime<Utc>) -> Result<bool, StorageError> {
    let done = recovery_codes::Entity::update_many()
        .col_expr(recovery_codes::Column::UsedAt, Expr::value(at))
        .filter(recovery_codes::Column::UserId.eq(user.0))
        .filter(recovery_codes::Column::CodeHash.eq(code_hash))
        .filter(recovery_codes::Column::UsedAt.is_null())
        .exec(tx.connection())
        .await?;
    Ok(done.rows_affected == 1)
}

/// Number of recovery codes that were not used yet.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn recovery_codes_left(tx: &Tx, user: UserId) -> Result<u64, StorageError> {
    let left =
        recovery_codes::Entity::find().filter(recovery_codes::Column::UserId.eq(user.0)).filter(recovery_codes::Column::UsedAt.is_null());
    Ok(left.count(tx.connection()).await?)
}

/// Remembers a browser in which a user signed in.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn put_device(tx: &WriteTx, token_hash: String, user: UserId, at: DateTime<Utc>) -> Result<(), StorageError> {
    put(tx, vec![known_devices::Model { token_hash, user_id: user.0, created_at: at }]).await
}

/// Whether a user signed in with this browser before.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn knows_device(tx: &Tx, token_hash: &str, user: UserId) -> Result<bool, StorageError> {
    let row = known_devices::Entity::find_by_id(token_hash.to_owned()).one(tx.connection()).await?;
    Ok(row.is_some_and(|row| row.user_id == user.0))
}

/// Forgets the browsers of a user.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn forget_devices(tx: &WriteTx, user: UserId) -> Result<(), StorageError> {
    known_devices::Entity::delete_many().filter(known_devices::Column::UserId.eq(user.0)).exec(tx.connection()).await?;
    Ok(())
}

/// What a link in a mail is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkPurpose {
    /// Accepting an invitation.
    Invitation,
    /// Choosing a new password.
    Reset,
}

impl LinkPurpose {
    fn code(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Reset => "reset",
        }
    }
}

/// A link in a mail that is used once.
#[derive(Debug, Clone)]
pub struct StoredLink {
    /// SHA-256 of the token in the link.
    pub token_hash: String,
    /// Whose it is.
    pub user: UserId,
    /// What it is for.
    pub purpose: LinkPurpose,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// Stores a link and makes earlier ones of the same user and purpose useless.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn put_link(tx: &WriteTx, link: StoredLink) -> Result<(), StorageError> {
    remove_links(tx, link.user, Some(link.purpose)).await?;
    let row = account_links::Model {
        token_hash: link.token_hash,
        user_id: link.user.0,
        purpose: link.purpose.code().to_owned(),
        created_at: link.created_at,
        expires_at: link.expires_at,
        used_at: None,
    };
    put(tx, vec![row]).await
}

/// Removes the links of a user; all of them when no purpose is named.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn remove_links(tx: &WriteTx, user: UserId, purpose: Option<LinkPurpose>) -> Result<(), StorageError> {
    let mut these = account_links::Entity::delete_many().filter(account_links::Column::UserId.eq(user.0));
    if let Some(purpose) = purpose {
        these = these.filter(account_links::Column::Purpose.eq(purpose.code()));
    }
    these.exec(tx.connection()).await?;
    Ok(())
}

/// The link with a token hash, when it was not used and has not ended.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn link(tx: &Tx, token_hash: &str, purpose: LinkPurpose, now: DateTime<Utc>) -> Result<Option<StoredLink>, StorageError> {
    let row = account_links::Entity::find_by_id(token_hash.to_owned())
        .filter(account_links::Column::Purpose.eq(purpose.code()))
        .filter(account_links::Column::UsedAt.is_null())
        .filter(account_links::Column::ExpiresAt.gt(now))
        .one(tx.connection())
        .await?;
    Ok(row.map(|row| StoredLink {
        token_hash: row.token_hash,
        user: UserId(row.user_id),
        purpose,
        created_at: row.created_at,
        expires_at: row.expires_at,
    }))
}

/// Uses a link. Answers whether it was not used before: of two at once one gets yes.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn use_link(tx: &WriteTx, token_hash: &str, at: DateTime<Utc>) -> Result<bool, StorageError> {
    let done = account_links::Entity::update_many()
        .col_expr(account_links::Column::UsedAt, Expr::value(at))
        .filter(account_links::Column::TokenHash.eq(token_hash))
        .filter(account_links::Column::UsedAt.is_null())
        .exec(tx.connection())
        .await?;
    Ok(done.rows_affected == 1)
}

/// An API token.
#[derive(Debug, Clone)]
pub struct StoredToken {
    /// Identifier.
    pub id: TokenId,
    /// Whose it is.
    pub user: UserId,
    /// What its owner calls it.
    pub name: String,
    /// SHA-256 of the token.
    pub token_hash: String,
    /// How much of its owner's rights it carries.
    pub scope: TokenScope,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// When it was last used.
    pub used_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

fn row_token(row: api_tokens::Model) -> Result<StoredToken, StorageError> {
    Ok(StoredToken {
        id: TokenId(row.id),
        user: UserId(row.user_id),
        name: row.name,
        token_hash: row.token_hash,
        scope: read(TokenScope::parse(&row.scope), "api_tokens.scope")?,
        created_at: row.created_at,
        expires_at: row.expires_at,
        used_at: row.used_at,
        revoked_at: row.revoked_at,
    })
}

/// Stores a token, or replaces the one with the same id.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn put_token(tx: &WriteTx, token: StoredToken) -> Result<(), StorageError> {
    let row = api_tokens::Model {
        id: token.id.0,
        user_id: token.user.0,
        name: token.name,
        token_hash: token.token_hash,
        scope: token.scope.code().to_owned(),
        created_at: token.created_at,
        expires_at: token.expires_at,
        used_at: token.used_at,
        revoked_at: token.revoked_at,
    };
    put(tx, vec![row]).await
}

/// The token with a hash.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn token(tx: &Tx, token_hash: &str) -> Result<Option<StoredToken>, StorageError> {
    let row = api_tokens::Entity::find().filter(api_tokens::Column::TokenHash.eq(token_hash)).one(tx.connection()).await?;
    row.map(row_token).transpose()
}

/// The tokens of a user, newest first, revoked and ended ones included.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn tokens_of(tx: &Tx, user: UserId) -> Result<Vec<StoredToken>, StorageError> {
    let rows = api_tokens::Entity::find().filter(api_tokens::Column::UserId.eq(user.0)).order_by_desc(api_tokens::Column::CreatedAt);
    rows.all(tx.connection()).await?.into_iter().map(row_token).collect()
}

/// Notes that a token was used.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn touch_token(tx: &WriteTx, id: TokenId, at: DateTime<Utc>) -> Result<(), StorageError> {
    api_tokens::Entity::update_many()
        .col_expr(api_tokens::Column::UsedAt, Expr::value(at))
        .filter(api_tokens::Column::Id.eq(id.0))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Revokes a token of a user, or all of them. Answers how many.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn revoke_tokens(tx: &WriteTx, user: UserId, id: Option<TokenId>, at: DateTime<Utc>) -> Result<u64, StorageError> {
    let mut these = api_tokens::Entity::update_many()
        .col_expr(api_tokens::Column::RevokedAt, Expr::value(at))
        .filter(api_tokens::Column::UserId.eq(user.0))
        .filter(api_tokens::Column::RevokedAt.is_null());
    if let Some(id) = id {
        these = these.filter(api_tokens::Column::Id.eq(id.0));
    }
    Ok(these.exec(tx.connection()).await?.rows_affected)
}
