//! Proving again who one is, before something changes that opens an account: with the password, or with a code of the
//! second factor.

use kernschil_credentials::{recovery, second_factor};
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::UserId;
use kernschil_storage::WriteTx;
use kernschil_storage::access::{self, StoredSecondFactor, StoredUser, UserState};
use serde_json::json;

use super::providers::PASSWORD;
use super::sign_in::{note_failed, password_matches, unchanged};
use crate::error::{AppError, FieldError};
use crate::{Actor, App, Change, Person};

/// What somebody who is signed in shows to prove again who she is.
#[derive(Clone)]
pub enum Proof {
    /// Her password.
    Password(String),
    /// A code of her authenticator, or a recovery code.
    Code(String),
}

impl Proof {
    /// Whichever of the two is filled in; a code goes first.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when neither is.
    pub fn of(password: &str, code: &str) -> Result<Self, AppError> {
        if !code.trim().is_empty() {
            Ok(Self::Code(code.to_owned()))
        } else if !password.is_empty() {
            Ok(Self::Password(password.to_owned()))
        } else {
            Err(AppError::Invalid(vec![FieldError::new("password", "bewijs-ontbreekt", "Vul uw wachtwoord in, of een code.")]))
        }
    }
}

/// A proof that was looked at as far as that goes outside a transaction: a password takes processor time.
pub(super) struct Weighed {
    seen: StoredUser,
    outcome: Outcome,
}

enum Outcome {
    PasswordRight,
    PasswordWrong,
    Code(String),
}

/// The active account of somebody.
pub(super) async fn own_account(app: &App, user: UserId) -> Result<StoredUser, AppError> {
    let user = app.store.read(async |tx| Ok::<_, AppError>(access::user(tx, user).await?)).await?;
    user.filter(|user| user.state == UserState::Active).ok_or(AppError::Unauthenticated)
}

/// Looks at a proof, before the transaction.
pub(super) async fn weigh(app: &App, person: &Person, proof: Proof) -> Result<Weighed, AppError> {
    let seen = own_account(app, person.id).await?;
    let outcome = match proof {
        Proof::Code(code) => Outcome::Code(code),
        Proof::Password(password) if password_matches(Some(&seen), &password).await? => Outcome::PasswordRight,
        Proof::Password(_) => Outcome::PasswordWrong,
    };
    Ok(Weighed { seen, outcome })
}

/// The account, held until the transaction ends, when the proof holds; otherwise what is wrong with it, and the attempt is
/// noted. A code is used up by this.
pub(super) async fn accept(app: &App, tx: &WriteTx, actor: &Actor, weighed: Weighed) -> Result<Result<StoredUser, AppError>, AppError> {
    let Some(user) = unchanged(tx, &weighed.seen).await? else { return Err(AppError::Unauthenticated) };
    let (factor, field, wrong) = match weighed.outcome {
        Outcome::PasswordRight => return Ok(Ok(user)),
        Outcome::PasswordWrong => (PASSWORD, "password", "Dit is niet uw wachtwoord. Probeer het opnieuw."),
        Outcome::Code(code) => {
            let factor = access::second_factor(tx, user.id).await?;
            if code_holds(app, tx, actor, factor.as_ref(), &code).await? {
                return Ok(Ok(user));
            }
            ("code", "code", WRONG_CODE)
        }
    };
    let request = if let Actor::User(person) = actor { person.request } else { None };
    note_failed(app, tx, Some(&user), factor, request);
    let code = if field == "code" { "code-onjuist" } else { "wachtwoord-onjuist" };
    Ok(Err(AppError::Invalid(vec![FieldError::new(field, code, wrong)])))
}

/// The secret of a second factor.
pub(super) fn secret_of(factor: &StoredSecondFactor) -> Result<second_factor::Secret, AppError> {
    second_factor::Secret::read(&factor.secret).ok_or_else(|| AppError::Internal("unreadable secret".to_owned()))
}

/// What is said of a code that is not good, whatever it is.
pub(super) const WRONG_CODE: &str = "Deze code klopt niet of is al gebruikt. Wacht op een nieuwe code in uw app en vul die in.";

/// Whether a code is good now: six digits from the authenticator, or a recovery code. It is used up by this; of two who
/// bring the same one it is good for one.
pub(super) async fn code_holds(
    app: &App,
    tx: &WriteTx,
    actor: &Actor,
    factor: Option<&StoredSecondFactor>,
    code: &str,
) -> Result<bool, AppError> {
    let Some(factor) = factor.filter(|factor| factor.confirmed_at.is_some()) else { return Ok(false) };
    let typed = recovery::normalised(code);
    if typed.len() == usize::from(second_factor::DIGITS) && typed.bytes().all(|sign| sign.is_ascii_digit()) {
        let secret = secret_of(factor)?;
        return match second_factor::accepted_step(&secret, &typed, app.clock.now(), factor.last_step) {
            Some(step) => Ok(access::use_step(tx, factor.user, step).await?),
            None => Ok(false),
        };
    }
    let used = access::use_recovery_code(tx, factor.user, &recovery::hash(&typed), app.clock.now()).await?;
    if used {
        let left = access::recovery_codes_left(tx, factor.user).await?;
        app.audit(tx, actor, EventKind::RecoveryCodeUsed, &factor.user.to_string(), Change::to(json!({ "left": left })));
    }
    Ok(used)
}
