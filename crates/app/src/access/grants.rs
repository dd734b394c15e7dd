//! Roles that people have, for a scope and a time: granting and ending them.

use chrono::NaiveDate;
use kernschil_domain::access::{Grant, Role, Scope};
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::{GrantId, UserId};
use kernschil_domain::periods::{Span, dutch_date};
use kernschil_domain::registry::Registry;
use kernschil_storage::WriteTx;
use kernschil_storage::{access, registry};
use serde_json::json;

use super::keeping::{hold, still_managed};
use super::scopes;
use super::users::grant_in;
use crate::error::{AppError, FieldError};
use crate::{Actor, App, Change};

/// A role to grant.
#[derive(Debug, Clone)]
pub struct NewGrant {
    /// The role.
    pub role: Role,
    /// For what.
    pub scope: Scope,
    /// First day; today when it is not said.
    pub from: Option<NaiveDate>,
    /// First day on which it holds no more; nothing means until it is ended.
    pub until: Option<NaiveDate>,
}

/// When a grant holds, seen from today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GrantMoment {
    /// It holds.
    Now,
    /// It will.
    Later,
    /// It did, or was taken back before it began.
    Past,
}

/// A role that somebody has, had or will have, in words.
#[derive(Debug, Clone)]
pub struct GrantView {
    /// Identifier.
    pub id: GrantId,
    /// The role.
    pub role: Role,
    /// For what.
    pub scope: Scope,
    /// The name of that.
    pub scope_name: String,
    /// Role and name as they stand in a sentence: `partnerschapscoördinator van Almere`.
    pub words: String,
    /// When.
    pub span: Span,
    /// That, seen from today.
    pub moment: GrantMoment,
}

/// A grant in words.
pub(super) fn view(registry: &Registry, today: NaiveDate, grant: &Grant) -> GrantView {
    let moment = if grant.span.holds_on(today) {
        GrantMoment::Now
    } else if today < grant.span.from && grant.span.is_ordered() {
        GrantMoment::Later
    } else {
        GrantMoment::Past
    };
    GrantView {
        id: grant.id,
        role: grant.role,
        scope: grant.scope,
        scope_name: scopes::name(registry, grant.scope),
        words: scopes::role_words(registry, grant.role, grant.scope),
        span: grant.span,
        moment,
    }
}

/// The grants of somebody in words: those that hold first, then those to come, then those that are over.
pub(super) fn views(registry: &Registry, today: NaiveDate, grants: &[Grant]) -> Vec<GrantView> {
    let mut views: Vec<_> = grants.iter().map(|grant| view(registry, today, grant)).collect();
    views.sort_by_key(|view| (view.moment, view.role, view.span.from));
    views
}

/// The roles that somebody has herself at this moment, in words.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub async fn own_grants(app: &App, actor: &Actor) -> Result<Vec<GrantView>, AppError> {
    let Actor::User(person) = actor else { return Ok(Vec::new()) };
    let registry = app.store.read(async |tx| Ok::<_, AppError>(registry::load(tx).await?)).await?;
    Ok(views(&registry, app.clock.today(), person.rights.grants()))
}

/// Everything that is wrong with a role to grant, beside the roles somebody has.
pub(super) fn check(app: &App, registry: &Registry, grants: &[Grant], new: &NewGrant) -> Result<Span, AppError> {
    let today = app.clock.today();
    let mut errors = Vec::new();
    let mut wrong = |field: &str, code: &str, message: &str| errors.push(FieldError::new(field, code, message));
    let span = Span { from: new.from.unwrap_or(today), until: new.until };
    if !new.role.scopes().contains(&new.scope.kind()) {
        let (role, kind) = (new.role.dutch(), new.scope.kind().dutch());
        wrong("scope", "bereik-past-niet", &format!("De rol {role} bestaat niet voor {kind}. Kies een ander bereik."));
    } else if !scopes::exists(registry, new.scope) {
        wrong("scope", "bereik-onbekend", "Dit bereik bestaat niet (meer). Kies een ander bereik.");
    }
    if span.from < today {
        wrong("from", "datum-voorbij", "Een rol kan niet in het verleden beginnen. Kies vandaag of een latere dag.");
    }
    if !span.is_ordered() {
        wrong("until", "datum-volgorde", "De rol eindigt voordat hij begint. Kies een latere laatste dag.");
    }
    let is_same = |grant: &&Grant| (grant.role, grant.scope) == (new.role, new.scope) && grant.span.is_ordered();
    if let Some(same) = grants.iter().filter(is_same).find(|grant| grant.span.overlaps(&span)) {
        let message = match same.span.until {
            Some(until) => format!("Deze rol is er al tot {}. Laat de nieuwe op die dag beginnen.", dutch_date(until)),
            None => "Deze rol is er al, zonder einddatum. Beëindig die eerst, of kies een andere rol.".to_owned(),
        };
        wrong("role", "rol-bestaat-al", &message);
    }
    if errors.is_empty() { Ok(span) } else { Err(AppError::Invalid(errors)) }
}

/// Grants roles in the transaction of something larger, each after it was checked.
pub(super) async fn grant_all(app: &App, actor: &Actor, tx: &WriteTx, user: UserId, new: &[NewGrant]) -> Result<Vec<GrantId>, AppError> {
    let registry = registry::load(tx).await?;
    let mut made = Vec::new();
    for new in new {
        let span = check(app, &registry, &access::grants_of(tx, user).await?, new)?;
        made.push(grant_in(app, actor, tx, user, new.role, new.scope, span).await?);
    }
    Ok(made)
}

/// Grants somebody a role.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] when the account was removed;
/// [`AppError::Invalid`] with everything that is wrong.
pub async fn grant(app: &App, actor: &Actor, user: UserId, new: &NewGrant) -> Result<GrantView, AppError> {
    app.store
        .write(async |tx| {
            hold(app, actor, tx, user).await?;
            let made = grant_all(app, actor, tx, user, std::slice::from_ref(new)).await?;
            let registry = registry::load(tx).await?;
            let grants = access::grants_of(tx, user).await?;
            let grant = grants.iter().find(|grant| made.contains(&grant.id)).ok_or(AppError::NotFound)?;
            Ok(view(&registry, app.clock.today(), grant))
        })
        .await
}

/// Ends a role from a day on: the first day on which it holds no more; today when it is not said. A role that did not
/// begin by then never will.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`] when this account has no such role; [`AppError::Conflict`] when it is
/// over, or nobody would be left to manage the installation; [`AppError::Invalid`] for a day that cannot be.
pub async fn end_grant(app: &App, actor: &Actor, user: UserId, grant: GrantId, from: Option<NaiveDate>) -> Result<(), AppError> {
    let today = app.clock.today();
    let day = from.unwrap_or(today);
    app.store
        .write(async |tx| {
            let held = hold(app, actor, tx, user).await?;
            let grant = access::grants_of(tx, user).await?.into_iter().find(|known| known.id == grant).ok_or(AppError::NotFound)?;
            if grant.span.until.is_some_and(|until| until <= today) {
                let message = "Deze rol is al voorbij. Er is niets veranderd.";
                return Err(AppError::conflict("rol-voorbij", message));
            }
            let wrong = |code: &str, message: String| Err(AppError::Invalid(vec![FieldError::new("from", code, message)]));
            if day < today {
                return wrong("datum-voorbij", "Een rol kan niet in het verleden eindigen. Kies vandaag of een latere dag.".to_owned());
            }
            if let Some(until) = grant.span.until.filter(|until| *until <= day) {
                return wrong("rol-eindigt-al", format!("Deze rol eindigt al op {}. Kies een eerdere dag.", dutch_date(until)));
            }
            let ended = Grant { span: Span { from: Ord::min(grant.span.from, day), until: Some(day) }, ..grant.clone() };
            access::put_grant(tx, &ended).await?;
            app.audit(tx, actor, EventKind::RoleEnded, &user.to_string(), Change::between(json!(grant), json!(ended)));
            still_managed(app, tx, &held).await
        })
        .await
}
