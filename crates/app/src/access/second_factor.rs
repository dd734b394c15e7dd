//! The second factor: giving it when signing in, setting it up, and taking it off.

use kernschil_credentials::{recovery, second_factor, tokens};
use kernschil_domain::audit::EventKind;
use kernschil_storage::WriteTx;
use kernschil_storage::access::{self, Stage, StoredSecondFactor, StoredSession, StoredUser, UserState};
use uuid::Uuid;

use super::letters::{News, tell};
use super::person;
use super::proof::{Proof, WRONG_CODE, accept, code_holds, own_account, secret_of, weigh};
use super::sessions::{hold, holds};
use super::sign_in::{NewSession, ends, fresh, note_failed, signed_in};
use crate::error::{AppError, FieldError};
use crate::{Actor, App, Change};

/// After this many codes half a sign-in ends, and the password has to be given anew.
pub const CODES_PER_SIGN_IN: i32 = 10;

/// Who an authenticator says a code is for.
const ISSUER: &str = "Kernschil";

/// What an authenticator needs to be told once.
#[derive(Clone)]
pub struct Setup {
    /// The secret in base32, to type over.
    pub secret: String,
    /// The address that says it all: `otpauth://totp/…`.
    pub address: String,
    /// That address as a QR code, in SVG.
    pub qr: String,
}

/// How giving a code ended.
enum Given {
    Good(NewSession),
    Wrong,
    Ended,
}

/// Gives the second factor to half a sign-in: six digits from the authenticator, or a recovery code. The session gets
/// another token, so that who knew the old one does not come in with it.
///
/// # Errors
/// [`AppError::Unauthenticated`] when there is no such half sign-in, or it has ended; [`AppError::Invalid`] when the
/// code is not good; [`AppError::Conflict`] when it was one too many.
pub async fn give_second_factor(app: &App, token: &str, code: &str, request: Option<Uuid>) -> Result<NewSession, AppError> {
    if code.trim().is_empty() {
        return Err(wrong_code("code-ontbreekt", "Vul de code uit uw app in, of een herstelcode."));
    }
    let given = app.store.write(async |tx| give(app, tx, token, code, request).await).await?;
    match given {
        Given::Good(session) => Ok(session),
        Given::Wrong => Err(wrong_code("code-onjuist", WRONG_CODE)),
        Given::Ended => {
            let message = "Er is te vaak een verkeerde code gegeven. Log opnieuw in met uw wachtwoord.";
            Err(AppError::conflict("te-veel-codes", message))
        }
    }
}

fn wrong_code(code: &str, message: &str) -> AppError {
    AppError::Invalid(vec![FieldError::new("code", code, message)])
}

async fn give(app: &App, tx: &WriteTx, token: &str, code: &str, request: Option<Uuid>) -> Result<Given, AppError> {
    let now = app.clock.now();
    let hash = tokens::hash(token);
    let session = hold(tx, &hash).await?.filter(|session| session.stage == Stage::SecondFactor && holds(session, now));
    let session = session.ok_or(AppError::Unauthenticated)?;
    let attempts = access::count_attempt(tx, &hash).await?;
    let user = access::user(tx, session.user).await?.filter(|user| user.state == UserState::Active).ok_or(AppError::Unauthenticated)?;
    let factor = access::second_factor(tx, user.id).await?;
    let actor = Actor::User(person(app, tx, user.clone(), None, request).await?);
    if code_holds(app, tx, &actor, factor.as_ref(), code).await? {
        access::forget_failures(tx, user.id).await?;
        tell_if_recovered(app, tx, &user, code).await?;
        let token = fresh()?;
        let open = StoredSession {
            token_hash: tokens::hash(&token),
            csrf_token: fresh()?,
            stage: Stage::Open,
            attempts: 0,
            created_at: now,
            seen_at: now,
            expires_at: ends(now),
            ..session.clone()
        };
        access::put_session(tx, open).await?;
        signed_in(app, tx, user, &session.method, request).await?;
        return Ok(Given::Good(NewSession { token, stage: Stage::Open }));
    }
    note_failed(app, tx, Some(&user), "code", request);
    // Whoever comes this far knows the password. The owner hears of it in time, and not every time.
    let failures = access::count_failure(tx, user.id).await?;
    if failures == CODES_PER_SIGN_IN || failures % 100 == 0 {
        tell(app, tx, &user, News::CodesRefused(failures)).await?;
    }
    if attempts < CODES_PER_SIGN_IN {
        return Ok(Given::Wrong);
    }
    access::end_session(tx, &hash).await?;
    Ok(Given::Ended)
}

/// Whoever proves herself with a recovery code hears of it by mail: it is seldom, and a sheet of paper gets lost.
async fn tell_if_recovered(app: &App, tx: &WriteTx, user: &StoredUser, code: &str) -> Result<(), AppError> {
    if recovery::normalised(code).bytes().all(|sign| sign.is_ascii_digit()) {
        return Ok(());
    }
    let left = access::recovery_codes_left(tx, user.id).await?;
    tell(app, tx, user, News::RecoveryCodeUsed(left)).await
}

/// Begins setting up a second factor with a fresh secret. Nothing is asked for it until it was confirmed. Who has a
/// password gives it first; who signs in elsewhere has none to give.
///
/// # Errors
/// [`AppError::Invalid`] when the password is not right; [`AppError::Conflict`] when there is a second factor already;
/// [`AppError::TokenScope`] for who came with an API token.
pub async fn begin_second_factor(app: &App, actor: &Actor, password: &str) -> Result<(), AppError> {
    let person = actor.in_person()?;
    let seen = own_account(app, person.id).await?;
    let weighed = if seen.password_hash.is_empty() {
        None
    } else if password.is_empty() {
        return Err(AppError::Invalid(vec![FieldError::new("password", "wachtwoord-ontbreekt", "Vul uw wachtwoord in.")]));
    } else {
        Some(weigh(app, person, Proof::Password(password.to_owned())).await?)
    };
    let secret = second_factor::fresh_secret().map_err(|e| AppError::Internal(e.to_string()))?;
    app.store
        .write(async |tx| {
            match weighed {
                Some(weighed) => {
                    if let Err(wrong) = accept(app, tx, actor, weighed).await? {
                        return Ok(Err(wrong));
                    }
                }
                None => access::lock_user(tx, person.id).await?,
            }
            if access::second_factor(tx, person.id).await?.is_some_and(|factor| factor.confirmed_at.is_some()) {
                return Err(AppError::conflict("tweede-factor-bestaat", "U heeft al een tweede factor. Verwijder die eerst."));
            }
            let factor = StoredSecondFactor { user: person.id, secret: secret.text(), last_step: None, confirmed_at: None };
            access::put_second_factor(tx, factor).await?;
            Ok::<_, AppError>(Ok(()))
        })
        .await?
}

/// What to tell the authenticator, while the second factor waits to be confirmed; nothing before and after that.
///
/// # Errors
/// [`AppError::TokenScope`] for who came with an API token.
pub async fn second_factor_setup(app: &App, actor: &Actor) -> Result<Option<Setup>, AppError> {
    let person = actor.in_person()?;
    let (user, factor) = app
        .store
        .read(async |tx| {
            let user = access::user(tx, person.id).await?.ok_or(AppError::Unauthenticated)?;
            Ok::<_, AppError>((user, access::second_factor(tx, person.id).await?))
        })
        .await?;
    let Some(factor) = factor.filter(|factor| factor.confirmed_at.is_none()) else { return Ok(None) };
    let secret = secret_of(&factor)?;
    let address = second_factor::address(&secret, &user.email, ISSUER);
    let qr = second_factor::qr_svg(&address).ok_or_else(|| AppError::Internal("address too long for a QR code".to_owned()))?;
    Ok(Some(Setup { secret: secret.text(), address, qr }))
}

/// Confirms the second factor with a first code. Answers the recovery codes: they are shown this once.
///
/// # Errors
/// [`AppError::Invalid`] when the code is not good; [`AppError::Conflict`] when there is nothing to confirm;
/// [`AppError::TokenScope`] for who came with an API token.
pub async fn confirm_second_factor(app: &App, actor: &Actor, code: &str) -> Result<Vec<String>, AppError> {
    let person = actor.in_person()?;
    let codes = fresh_codes()?;
    let now = app.clock.now();
    app.store
        .write(async |tx| {
            access::lock_user(tx, person.id).await?;
            let user = access::user(tx, person.id).await?.ok_or(AppError::Unauthenticated)?;
            let factor = access::second_factor(tx, person.id).await?.filter(|factor| factor.confirmed_at.is_none());
            let message = "Er is geen tweede factor om te bevestigen. Begin opnieuw bij Uw account.";
            let factor = factor.ok_or_else(|| AppError::conflict("tweede-factor-niet-begonnen", message))?;
            let secret = secret_of(&factor)?;
            let step = second_factor::accepted_step(&secret, code, now, None).ok_or_else(|| {
                let message = "Deze code klopt niet. Kijk of de klok van uw telefoon goed staat en vul de code in die er nu staat.";
                wrong_code("code-onjuist", message)
            })?;
            access::put_second_factor(tx, StoredSecondFactor { last_step: Some(step), confirmed_at: Some(now), ..factor }).await?;
            replace_codes(tx, &user, &codes).await?;
            app.audit(tx, actor, EventKind::SecondFactorAdded, &user.id.to_string(), Change::none());
            tell(app, tx, &user, News::SecondFactorAdded).await
        })
        .await?;
    Ok(codes)
}

fn fresh_codes() -> Result<Vec<String>, AppError> {
    recovery::fresh_codes().map_err(|e| AppError::Internal(e.to_string()))
}

async fn replace_codes(tx: &WriteTx, user: &StoredUser, codes: &[String]) -> Result<(), AppError> {
    Ok(access::replace_recovery_codes(tx, user.id, codes.iter().map(|code| recovery::hash(code)).collect()).await?)
}

/// Replaces the recovery codes. Answers the new ones: they are shown this once.
///
/// # Errors
/// [`AppError::Invalid`] when the proof is not good; [`AppError::Conflict`] without a second factor;
/// [`AppError::TokenScope`] for who came with an API token.
pub async fn new_recovery_codes(app: &App, actor: &Actor, proof: Proof) -> Result<Vec<String>, AppError> {
    let weighed = weigh(app, actor.in_person()?, proof).await?;
    let codes = fresh_codes()?;
    app.store
        .write(async |tx| {
            let user = match accept(app, tx, actor, weighed).await? {
                Ok(user) => user,
                Err(wrong) => return Ok(Err(wrong)),
            };
            require_factor(tx, &user).await?;
            replace_codes(tx, &user, &codes).await?;
            app.audit(tx, actor, EventKind::RecoveryCodesMade, &user.id.to_string(), Change::none());
            tell(app, tx, &user, News::RecoveryCodesMade).await?;
            Ok::<_, AppError>(Ok(()))
        })
        .await??;
    Ok(codes)
}

/// Takes the second factor off, with its recovery codes.
///
/// # Errors
/// [`AppError::Invalid`] when the proof is not good; [`AppError::Conflict`] without a second factor;
/// [`AppError::TokenScope`] for who came with an API token.
pub async fn remove_second_factor(app: &App, actor: &Actor, proof: Proof) -> Result<(), AppError> {
    let weighed = weigh(app, actor.in_person()?, proof).await?;
    app.store
        .write(async |tx| {
            let user = match accept(app, tx, actor, weighed).await? {
                Ok(user) => user,
                Err(wrong) => return Ok(Err(wrong)),
            };
            require_factor(tx, &user).await?;
            access::remove_second_factor(tx, user.id).await?;
            app.audit(tx, actor, EventKind::SecondFactorRemoved, &user.id.to_string(), Change::none());
            tell(app, tx, &user, News::SecondFactorRemoved).await?;
            Ok::<_, AppError>(Ok(()))
        })
        .await?
}

async fn require_factor(tx: &WriteTx, user: &StoredUser) -> Result<(), AppError> {
    let factor = access::second_factor(tx, user.id).await?.filter(|factor| factor.confirmed_at.is_some());
    let message = "Uw account heeft geen tweede factor. Stel die eerst in.";
    factor.map(|_| ()).ok_or_else(|| AppError::conflict("geen-tweede-factor", message))
}
